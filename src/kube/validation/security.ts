import type { JsonObject } from "../../base/index.ts"
import { byteLength } from "../labels.ts"
import { asStruct, type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"
import { validateDescendingPath } from "./volume-paths.ts"

const LARGEST_ID = 2_147_483_647
const CONTEXT =
	"Capabilities Privileged SELinuxOptions WindowsOptions RunAsUser RunAsGroup RunAsNonRoot ReadOnlyRootFilesystem AllowPrivilegeEscalation ProcMount SeccompProfile AppArmorProfile".split(
		" ",
	)
const PROFILES = ["Localhost", "RuntimeDefault", "Unconfined"]
const LONGEST_PATH = 4095
const SYSCTL = /^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[./])*([a-z0-9][-_a-z0-9]*)?[a-z0-9]$/

export function validateSecurityContext(errors: FieldErrors, context: JsonObject | undefined, field: string): void {
	if (context === undefined) return
	validateIds(errors, context, ["runAsUser", "runAsGroup"], field)
	if (context["procMount"] !== undefined)
		errors.oneOf(`${field}.procMount`, context["procMount"], ["Default", "Unmasked"])
	validateSeccomp(errors, memberOf(context, "seccompProfile"), `${field}.seccompProfile`)
	validateAppArmor(errors, memberOf(context, "appArmorProfile"), `${field}.appArmorProfile`)
	if (context["allowPrivilegeEscalation"] !== false) return
	if (context["privileged"] === true) {
		errors.invalid(
			field,
			asStruct(context, CONTEXT),
			"cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
		)
	}
	if (textsOf(memberOf(context, "capabilities") ?? {}, "add").includes("CAP_SYS_ADMIN")) {
		errors.invalid(
			field,
			asStruct(context, CONTEXT),
			"cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN",
		)
	}
}

export function validatePodSecurity(errors: FieldErrors, spec: JsonObject, path: string): void {
	if (spec["hostNetwork"] === true) validateHostNetwork(errors, spec, path)
	const field = `${path}.securityContext`
	if (spec["shareProcessNamespace"] === true && spec["hostPID"] === true) {
		const detail = "ShareProcessNamespace and HostPID cannot both be enabled"
		errors.invalid(`${field}.shareProcessNamespace`, true, detail)
	}
	const context = memberOf(spec, "securityContext") ?? {}
	validateIds(errors, context, ["fsGroup", "runAsGroup", "runAsUser"], field)
	const groups = Array.isArray(context["supplementalGroups"]) ? context["supplementalGroups"] : []
	for (const [index, group] of groups.entries())
		errors.between(`${field}.supplementalGroups[${index}]`, group, 0, LARGEST_ID)
	validateSysctls(errors, itemsOf(context, "sysctls"), spec, `${field}.sysctls`)
	const choices = {
		fsGroupChangePolicy: ["Always", "OnRootMismatch"],
		supplementalGroupsPolicy: ["Merge", "Strict"],
		seLinuxChangePolicy: ["Recursive"],
	}
	for (const [name, known] of Object.entries(choices)) {
		if (context[name] !== undefined) errors.oneOf(`${field}.${name}`, context[name], known)
	}
	validateSeccomp(errors, memberOf(context, "seccompProfile"), `${field}.seccompProfile`)
	validateAppArmor(errors, memberOf(context, "appArmorProfile"), `${field}.appArmorProfile`)
}

function validateHostNetwork(errors: FieldErrors, spec: JsonObject, path: string): void {
	for (const [at, container] of itemsOf(spec, "containers").entries()) {
		for (const [index, port] of itemsOf(container, "ports").entries()) {
			const hostPort = port["hostPort"] ?? 0
			if (hostPort === 0 || hostPort === port["containerPort"]) continue
			const field = `${path}.containers[${at}].ports[${index}].hostPort`
			errors.invalid(field, hostPort, "must match `containerPort` when `hostNetwork` is true")
		}
	}
}

function validateIds(errors: FieldErrors, context: JsonObject, names: readonly string[], field: string): void {
	for (const name of names) errors.between(`${field}.${name}`, context[name], 0, LARGEST_ID)
}

function validateSysctls(errors: FieldErrors, sysctls: readonly JsonObject[], spec: JsonObject, field: string): void {
	const seen = new Set<string>()
	for (const [index, sysctl] of sysctls.entries()) {
		const name = textOf(sysctl, "name")
		const at = `${field}[${index}].name`
		if (name === "") errors.required(at)
		else if (name.length > 253 || !SYSCTL.test(name))
			errors.invalid(at, name, "must have at most 253 characters and match the form of a sysctl")
		else if (seen.has(name)) errors.duplicate(at, name)
		seen.add(name)
		const shared = sharedNamespace(name.replaceAll("/", "."))
		if (shared !== undefined && spec[shared] === true) {
			errors.invalid(at, name, `may not be specified when '${shared}' is true`)
		}
	}
}

/** The member of the spec that shares the kernel's namespace of a sysctl with the node. */
function sharedNamespace(sysctl: string): "hostNetwork" | "hostIPC" | undefined {
	if (sysctl.startsWith("net.")) return "hostNetwork"
	return /^(kernel\.sem$|kernel\.(shm|msg)|fs\.mqueue\.)/.test(sysctl) ? "hostIPC" : undefined
}

function validateSeccomp(errors: FieldErrors, profile: JsonObject | undefined, field: string): void {
	if (profile === undefined) return
	validateProfileType(errors, profile, "seccompProfile", field)
	const local = profile["localhostProfile"]
	if (profile["type"] !== "Localhost") {
		if (local !== undefined)
			errors.invalid(`${field}.localhostProfile`, local, "can only be set when seccomp type is Localhost")
	} else if (typeof local !== "string") {
		errors.required(`${field}.localhostProfile`, "must be set when seccomp type is Localhost")
	} else validateDescendingPath(errors, local, `${field}.localhostProfile`)
}

function validateAppArmor(errors: FieldErrors, profile: JsonObject | undefined, field: string): void {
	if (profile === undefined) return
	const { type, localhostProfile: local } = profile
	validateProfileType(errors, profile, "appArmorProfile", field)
	const at = `${field}.localhostProfile`
	if (type === "RuntimeDefault" || type === "Unconfined") {
		if (local !== undefined) errors.invalid(at, local, "can only be set when AppArmor type is Localhost")
	} else if (type === "Localhost") {
		const text = textOf(profile, "localhostProfile")
		if (text !== text.trim()) errors.invalid(at, text, "must not be padded with whitespace")
		else if (text === "") errors.required(at, "must be set when AppArmor type is Localhost")
		if (byteLength(text) > LONGEST_PATH) errors.tooLong(at, LONGEST_PATH)
	}
}

function validateProfileType(errors: FieldErrors, profile: JsonObject, name: string, field: string): void {
	const type = textOf(profile, "type")
	if (type === "") errors.required(`${field}.type`, `type is required when ${name} is set`)
	else errors.oneOf(`${field}.type`, type, PROFILES)
}
