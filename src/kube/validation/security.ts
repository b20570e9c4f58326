import type { JsonObject } from "../../base/index.ts"
import { type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"

const LARGEST_ID = 2_147_483_647
const PROFILES = ["Localhost", "RuntimeDefault", "Unconfined"]
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9]$/

export function validateSecurityContext(errors: FieldErrors, context: JsonObject | undefined, field: string): void {
	if (context === undefined) return
	validateIds(errors, context, ["runAsUser", "runAsGroup"], field)
	if (context["procMount"] !== undefined)
		errors.oneOf(`${field}.procMount`, context["procMount"], ["Default", "Unmasked"])
	validateProfile(errors, memberOf(context, "seccompProfile"), `${field}.seccompProfile`, "seccomp")
	validateProfile(errors, memberOf(context, "appArmorProfile"), `${field}.appArmorProfile`, "AppArmor")
	if (context["allowPrivilegeEscalation"] !== false) return
	if (context["privileged"] === true) {
		errors.invalid(field, context, "cannot set `allowPrivilegeEscalation` to false and `privileged` to true")
	}
	if (textsOf(memberOf(context, "capabilities") ?? {}, "add").includes("CAP_SYS_ADMIN")) {
		errors.invalid(
			field,
			context,
			"cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN",
		)
	}
}

export function validatePodSecurity(errors: FieldErrors, spec: JsonObject, path: string): void {
	if (spec["hostNetwork"] === true) validateHostNetwork(errors, spec, path)
	const field = `${path}.securityContext`
	if (spec["shareProcessNamespace"] === true && spec["hostPID"] === true) {
		const detail = "ShareProcessNamespace and HostPID cannot both be enabled"
		errors.invalid(`${path}.shareProcessNamespace`, true, detail)
	}
	const context = memberOf(spec, "securityContext") ?? {}
	validateIds(errors, context, ["fsGroup", "runAsGroup", "runAsUser"], field)
	const groups = Array.isArray(context["supplementalGroups"]) ? context["supplementalGroups"] : []
	for (const [index, group] of groups.entries())
		errors.between(`${field}.supplementalGroups[${index}]`, group, 0, LARGEST_ID)
	validateSysctls(errors, itemsOf(context, "sysctls"), `${field}.sysctls`)
	const choices = { fsGroupChangePolicy: ["Always", "OnRootMismatch"], supplementalGroupsPolicy: ["Merge", "Strict"] }
	for (const [name, known] of Object.entries(choices)) {
		if (context[name] !== undefined) errors.oneOf(`${field}.${name}`, context[name], known)
	}
	validateProfile(errors, memberOf(context, "seccompProfile"), `${field}.seccompProfile`, "seccomp")
	validateProfile(errors, memberOf(context, "appArmorProfile"), `${field}.appArmorProfile`, "AppArmor")
}

function validateHostNetwork(errors: FieldErrors, spec: JsonObject, path: string): void {
	for (const containers of ["containers", "initContainers"]) {
		for (const [at, container] of itemsOf(spec, containers).entries()) {
			for (const [index, port] of itemsOf(container, "ports").entries()) {
				const hostPort = port["hostPort"] ?? 0
				if (hostPort === 0 || hostPort === port["containerPort"]) continue
				const field = `${path}.${containers}[${at}].ports[${index}].hostPort`
				errors.invalid(field, hostPort, "must match `containerPort` when `hostNetwork` is true")
			}
		}
	}
}

function validateIds(errors: FieldErrors, context: JsonObject, names: readonly string[], field: string): void {
	for (const name of names) errors.between(`${field}.${name}`, context[name], 0, LARGEST_ID)
}

function validateSysctls(errors: FieldErrors, sysctls: readonly JsonObject[], field: string): void {
	const seen = new Set<string>()
	for (const [index, sysctl] of sysctls.entries()) {
		const name = textOf(sysctl, "name")
		const at = `${field}[${index}].name`
		if (name === "") errors.required(at)
		else if (name.length > 253 || !SYSCTL.test(name))
			errors.invalid(at, name, "must have at most 253 characters and match the form of a sysctl")
		else if (seen.has(name.replaceAll("/", "."))) errors.duplicate(at, name)
		seen.add(name.replaceAll("/", "."))
	}
}

function validateProfile(errors: FieldErrors, profile: JsonObject | undefined, field: string, what: string): void {
	if (profile === undefined) return
	const type = textOf(profile, "type")
	if (type === "")
		errors.required(
			`${field}.type`,
			`type is required when ${what === "seccomp" ? "seccompProfile" : "appArmorProfile"} is set`,
		)
	else errors.oneOf(`${field}.type`, type, PROFILES)
	const local = profile["localhostProfile"]
	if (type === "Localhost") {
		if (textOf(profile, "localhostProfile") === "") {
			errors.required(`${field}.localhostProfile`, `must be set when ${what} type is Localhost`)
		}
	} else if (local !== undefined) {
		errors.invalid(`${field}.localhostProfile`, local, `can only be set when ${what} type is Localhost`)
	}
}
