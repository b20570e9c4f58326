import type { JsonObject } from "../../base/index.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"

const CONTAINERS = ["initContainers", "containers", "ephemeralContainers"]
const NOT_IN_WINDOWS_PODS = ["hostUsers", "hostPID", "hostIPC", "shareProcessNamespace"]
const NOT_IN_WINDOWS = [
	"appArmorProfile",
	"seLinuxOptions",
	"seccompProfile",
	"fsGroup",
	"fsGroupChangePolicy",
	"sysctls",
	"runAsUser",
	"runAsGroup",
	"supplementalGroups",
	"supplementalGroupsPolicy",
	"seLinuxChangePolicy",
]
const NOT_IN_WINDOWS_CONTAINERS = [
	"appArmorProfile",
	"seLinuxOptions",
	"seccompProfile",
	"capabilities",
	"readOnlyRootFilesystem",
	"privileged",
	"allowPrivilegeEscalation",
	"procMount",
	"runAsUser",
	"runAsGroup",
]

/** What a pod's `os` says, and what then has no place in it. */
export function validateOperatingSystem(errors: FieldErrors, spec: JsonObject, path: string): void {
	const os = memberOf(spec, "os")
	if (os === undefined) return
	const name = textOf(os, "name")
	if (name === "") errors.required(`${path}.os.name`, "cannot be empty")
	else errors.oneOf(`${path}.os`, name, ["linux", "windows"])
	if (name === "windows") forbid(errors, spec, NOT_IN_WINDOWS_PODS, path, NO_WINDOWS)
	for (const { context, field, isPod } of contextsOf(spec, path)) {
		if (name === "linux") forbid(errors, context, ["windowsOptions"], field, NO_LINUX)
		else if (name === "windows")
			forbid(errors, context, isPod ? NOT_IN_WINDOWS : NOT_IN_WINDOWS_CONTAINERS, field, NO_WINDOWS)
	}
}

const NO_WINDOWS = "cannot be set for a windows pod"
const NO_LINUX = "windows options cannot be set for a linux pod"

/** Processes of the node itself, on Windows: all containers or none, and on the node's network. */
export function validateHostProcesses(errors: FieldErrors, spec: JsonObject, path: string): void {
	const contexts = contextsOf(spec, path)
	const ofPod = hostProcess(memberOf(spec, "securityContext"))
	const containers = CONTAINERS.flatMap((list) => itemsOf(spec, list))
	for (const { context, field, isPod } of contexts) {
		const own = hostProcess(context)
		if (isPod || ofPod === undefined || own === undefined || own === ofPod) continue
		const detail = `pod hostProcess value must be identical if both are specified, was ${ofPod}`
		errors.invalid(`${field}.windowsOptions.hostProcess`, own, detail)
	}
	const processes = containers.filter(
		(container) => hostProcess(memberOf(container, "securityContext")) ?? ofPod === true,
	)
	if (processes.length === 0) return
	if (processes.length < containers.length) {
		const detail = "If pod contains any hostProcess containers then all containers must be HostProcess containers"
		errors.invalid(path, "", detail)
	}
	if (spec["hostNetwork"] !== true) {
		errors.invalid(`${path}.hostNetwork`, false, "hostNetwork must be true if pod contains any hostProcess containers")
	}
}

function hostProcess(context: JsonObject | undefined): boolean | undefined {
	const value = memberOf(context ?? {}, "windowsOptions")?.["hostProcess"]
	return typeof value === "boolean" ? value : undefined
}

type Context = { readonly context: JsonObject; readonly field: string; readonly isPod: boolean }

/** The security contexts of a pod and of its containers. */
function contextsOf(spec: JsonObject, path: string): readonly Context[] {
	const found: Context[] = []
	const add = (owner: JsonObject, field: string, isPod: boolean): void => {
		const context = memberOf(owner, "securityContext")
		if (context !== undefined) found.push({ context, field: `${field}.securityContext`, isPod })
	}
	add(spec, path, true)
	for (const list of CONTAINERS) {
		for (const [index, container] of itemsOf(spec, list).entries()) add(container, `${path}.${list}[${index}]`, false)
	}
	return found
}

function forbid(errors: FieldErrors, object: JsonObject, names: readonly string[], field: string, why: string): void {
	for (const name of names) {
		const value = object[name]
		if (value !== undefined && value !== false) errors.forbidden(`${field}.${name}`, why)
	}
}
