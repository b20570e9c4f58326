import type { JsonObject } from "../../base/index.ts"
import { dnsLabelProblems } from "../labels.ts"
import { validateEnvironment } from "./environment.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"
import { type Volumes, validateDevices, validateMounts } from "./mounts.ts"
import { portNameProblems, validateLifecycle, validateProbe } from "./probes.ts"
import { validateResources } from "./resources.ts"
import { validateSecurityContext } from "./security.ts"

const PROBES = ["livenessProbe", "readinessProbe", "startupProbe"]
const HOOKED = ["lifecycle", ...PROBES]

export function validateContainers(errors: FieldErrors, spec: JsonObject, volumes: Volumes, path: string): void {
	const containers = itemsOf(spec, "containers")
	const field = `${path}.containers`
	if (containers.length === 0) errors.required(field)
	const names = new Set<string>()
	for (const [index, container] of containers.entries()) {
		const at = `${field}[${index}]`
		validateCommon(errors, container, volumes, at)
		validateUnique(errors, names, container, at)
		names.add(textOf(container, "name"))
		validateRunning(errors, container, spec, at)
		if (container["restartPolicy"] !== undefined)
			errors.forbidden(`${at}.restartPolicy`, "may not be set for non-init containers")
	}
	validateHostPorts(errors, containers, field)
	for (const [index, container] of itemsOf(spec, "initContainers").entries()) {
		const at = `${path}.initContainers[${index}]`
		validateCommon(errors, container, volumes, at)
		validateUnique(errors, names, container, at)
		validateHostPorts(errors, [container], `${path}.initContainers`)
		validateInit(errors, container, spec, at)
	}
	for (const [index, container] of itemsOf(spec, "ephemeralContainers").entries()) {
		validateCommon(errors, container, volumes, `${path}.ephemeralContainers[${index}]`)
		validateUnique(errors, names, container, `${path}.ephemeralContainers[${index}]`)
	}
}

function validateInit(errors: FieldErrors, container: JsonObject, spec: JsonObject, field: string): void {
	const policy = container["restartPolicy"]
	if (policy !== undefined) errors.oneOf(`${field}.restartPolicy`, policy, ["Always"])
	if (policy === "Always") {
		validateRunning(errors, container, spec, field)
		return
	}
	for (const name of HOOKED) {
		const detail = "may not be set for init containers without restartPolicy=Always"
		if (container[name] !== undefined) errors.forbidden(`${field}.${name}`, detail)
	}
}

function validateRunning(errors: FieldErrors, container: JsonObject, spec: JsonObject, field: string): void {
	const grace = spec["terminationGracePeriodSeconds"]
	validateLifecycle(errors, memberOf(container, "lifecycle"), grace, `${field}.lifecycle`)
	for (const probe of PROBES) validateProbe(errors, container, probe, field)
}

function validateCommon(errors: FieldErrors, container: JsonObject, volumes: Volumes, field: string): void {
	const name = textOf(container, "name")
	if (name === "") errors.required(`${field}.name`)
	else errors.eachInvalid(`${field}.name`, name, dnsLabelProblems(name))
	if (textOf(container, "image") === "") errors.required(`${field}.image`)
	errors.oneOf(`${field}.terminationMessagePolicy`, container["terminationMessagePolicy"], [
		"File",
		"FallbackToLogsOnError",
	])
	validatePorts(errors, itemsOf(container, "ports"), `${field}.ports`)
	validateEnvironment(errors, container, field)
	validateMounts(errors, container, volumes, field)
	validateDevices(errors, container, volumes, field)
	errors.oneOf(`${field}.imagePullPolicy`, container["imagePullPolicy"], ["Always", "IfNotPresent", "Never"])
	validateResources(errors, memberOf(container, "resources"), `${field}.resources`)
	validateResizePolicy(errors, itemsOf(container, "resizePolicy"), `${field}.resizePolicy`)
	validateSecurityContext(errors, memberOf(container, "securityContext"), `${field}.securityContext`)
}

/** The server names the list here, not the item. */
function validateResizePolicy(errors: FieldErrors, policies: readonly JsonObject[], field: string): void {
	const seen = new Set<string>()
	for (const [index, policy] of policies.entries()) {
		const [resource, restart] = [textOf(policy, "resourceName"), textOf(policy, "restartPolicy")]
		if (seen.has(resource)) errors.duplicate(`${field}[${index}]`, resource)
		seen.add(resource)
		if (resource === "") errors.required(field)
		else errors.oneOf(field, resource, ["cpu", "memory"])
		if (restart === "") errors.required(field)
		else errors.oneOf(field, restart, ["NotRequired", "RestartContainer"])
	}
}

function validateUnique(errors: FieldErrors, names: Set<string>, container: JsonObject, field: string): void {
	const name = textOf(container, "name")
	if (names.has(name)) errors.duplicate(`${field}.name`, name)
	// Two init containers without a name are only that.
	if (name !== "") names.add(name)
}

function validatePorts(errors: FieldErrors, ports: readonly JsonObject[], path: string): void {
	const names = new Set<string>()
	for (const [index, port] of ports.entries()) {
		const field = `${path}[${index}]`
		const name = textOf(port, "name")
		if (name !== "") {
			const problems = portNameProblems(name)
			errors.eachInvalid(`${field}.name`, name, problems)
			if (problems.length === 0 && names.has(name)) errors.duplicate(`${field}.name`, name)
			names.add(name)
		}
		if ((port["containerPort"] ?? 0) === 0) errors.required(`${field}.containerPort`)
		else errors.between(`${field}.containerPort`, port["containerPort"], 1, 65_535)
		errors.between(`${field}.hostPort`, port["hostPort"], 1, 65_535)
		errors.oneOf(`${field}.protocol`, port["protocol"], ["SCTP", "TCP", "UDP"])
	}
}

/** No two containers on the same port of the node. */
function validateHostPorts(errors: FieldErrors, containers: readonly JsonObject[], path: string): void {
	const seen = new Set<string>()
	for (const [at, container] of containers.entries()) {
		for (const [index, port] of itemsOf(container, "ports").entries()) {
			if ((port["hostPort"] ?? 0) === 0) continue
			const text = `${textOf(port, "protocol")}/${textOf(port, "hostIP")}/${port["hostPort"]}`
			if (seen.has(text)) errors.duplicate(`${path}[${at}].ports[${index}].hostPort`, text)
			seen.add(text)
		}
	}
}
