import type { Json, JsonObject } from "../../base/index.ts"
import { type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"

const HANDLERS = ["exec", "httpGet", "tcpSocket", "grpc", "sleep"] as const

export function validateProbe(errors: FieldErrors, container: JsonObject, name: string, path: string): void {
	const probe = memberOf(container, name)
	if (probe === undefined) return
	const field = `${path}.${name}`
	validateHandler(errors, probe, field)
	for (const number of [
		"initialDelaySeconds",
		"timeoutSeconds",
		"periodSeconds",
		"successThreshold",
		"failureThreshold",
	]) {
		errors.notNegative(`${field}.${number}`, probe[number])
	}
	const grace = probe["terminationGracePeriodSeconds"]
	if (typeof grace === "number" && grace <= 0) {
		errors.invalid(`${field}.terminationGracePeriodSeconds`, grace, "must be greater than 0")
	}
	const { successThreshold } = probe
	if (name === "readinessProbe") {
		if (grace !== undefined)
			errors.invalid(`${field}.terminationGracePeriodSeconds`, grace, "must not be set for readinessProbes")
	} else if (successThreshold !== 1) errors.invalid(`${field}.successThreshold`, successThreshold, "must be 1")
}

/** `grace`: the pod's terminationGracePeriodSeconds, which a hook may not outlast by sleeping. */
export function validateLifecycle(
	errors: FieldErrors,
	lifecycle: JsonObject | undefined,
	grace: Json | undefined,
	field: string,
): void {
	for (const hook of ["postStart", "preStop"]) {
		const handler = lifecycle === undefined ? undefined : memberOf(lifecycle, hook)
		if (handler === undefined) continue
		validateHandler(errors, handler, `${field}.${hook}`)
		validateSleep(errors, handler, grace, `${field}.${hook}.sleep`)
	}
}

function validateSleep(errors: FieldErrors, handler: JsonObject, grace: Json | undefined, field: string): void {
	const [first] = HANDLERS.filter((kind) => memberOf(handler, kind) !== undefined)
	const seconds = memberOf(handler, "sleep")?.["seconds"] ?? 0
	if (first !== "sleep" || typeof grace !== "number" || typeof seconds !== "number") return
	if (seconds >= 0 && seconds <= grace) return
	errors.invalid(field, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`)
}

function validateHandler(errors: FieldErrors, handler: JsonObject, field: string): void {
	let count = 0
	for (const kind of HANDLERS) {
		const action = memberOf(handler, kind)
		if (action === undefined) continue
		if (count++ > 0) errors.forbidden(`${field}.${kind}`, "may not specify more than 1 handler type")
		else validateAction(errors, kind, action, `${field}.${kind}`)
	}
	if (count === 0) errors.required(field, "must specify a handler type")
}

function validateAction(errors: FieldErrors, kind: (typeof HANDLERS)[number], action: JsonObject, field: string): void {
	switch (kind) {
		case "exec":
			if (textsOf(action, "command").length === 0) errors.required(`${field}.command`)
			return
		case "httpGet":
			validateRequest(errors, action, field)
			return
		case "tcpSocket":
			validatePort(errors, action["port"] ?? 0, `${field}.port`)
			return
		case "grpc":
			errors.between(`${field}.port`, action["port"] ?? 0, 1, 65_535)
			return
		case "sleep":
			return
	}
}

function validateRequest(errors: FieldErrors, request: JsonObject, field: string): void {
	if (textOf(request, "path") === "") errors.required(`${field}.path`)
	validatePort(errors, request["port"] ?? 0, `${field}.port`)
	errors.oneOf(`${field}.scheme`, request["scheme"], ["HTTP", "HTTPS"])
	for (const header of itemsOf(request, "httpHeaders")) {
		const name = textOf(header, "name")
		if (!/^[-A-Za-z0-9]+$/.test(name)) {
			const detail = "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name')"
			errors.invalid(`${field}.httpHeaders`, name, detail)
		}
	}
}

export function validatePort(errors: FieldErrors, port: Json, field: string): void {
	if (typeof port === "string") errors.eachInvalid(field, port, portNameProblems(port))
	else errors.between(field, port, 1, 65_535)
}

/** What is wrong with a port's name: an IANA service name of at most 15 characters. */
export function portNameProblems(name: string): readonly string[] {
	const checks: readonly (readonly [boolean, string])[] = [
		[name.length > 15, "must be no more than 15 characters"],
		[!/^[-a-z0-9]+$/.test(name), "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)"],
		[!/[a-z]/.test(name), "must contain at least one letter (a-z)"],
		[name.includes("--"), "must not contain consecutive hyphens"],
		[name.startsWith("-") || name.endsWith("-"), "must not begin or end with a hyphen"],
	]
	return checks.filter(([wrong]) => wrong).map(([, text]) => text)
}
