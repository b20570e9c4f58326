import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { formatQuantity, quantityOf } from "../quantity.ts"
import { volumeDefaults } from "./volumes.ts"

/** Members that are missing; what is there, even empty, stays. */
export function withMissing(object: JsonObject, defaults: JsonObject): JsonObject {
	let result = object
	for (const name of Object.keys(defaults)) {
		if (result[name] === undefined) result = { ...result, [name]: defaults[name] as Json }
	}
	return result
}

/** A member changed by `change` where it is there. */
export function withMember(object: JsonObject, name: string, change: (value: JsonObject) => JsonObject): JsonObject {
	const value = object[name]
	if (!isObject(value)) return object
	const changed = change(value)
	return changed === value ? object : { ...object, [name]: changed }
}

export function withEach(object: JsonObject, name: string, change: (item: JsonObject) => JsonObject): JsonObject {
	const list = object[name]
	return Array.isArray(list)
		? { ...object, [name]: list.map((item) => (isObject(item) ? change(item) : item)) }
		: object
}

/** What the server adds to the spec of a pod, or of a pod template. */
export function podSpecDefaults(spec: JsonObject): JsonObject {
	let result = withMissing(spec, {
		restartPolicy: "Always",
		terminationGracePeriodSeconds: 30,
		dnsPolicy: "ClusterFirst",
		securityContext: {},
		schedulerName: "default-scheduler",
	})
	for (const containers of ["containers", "initContainers", "ephemeralContainers"]) {
		result = withEach(result, containers, containerDefaults)
	}
	result = withMember(withEach(result, "volumes", volumeDefaults), "overhead", roundedToMilli)
	const account = result["serviceAccountName"] ?? result["serviceAccount"]
	return account === undefined ? result : { ...result, serviceAccountName: account, serviceAccount: account }
}

function containerDefaults(container: JsonObject): JsonObject {
	let result = withMissing(container, {
		resources: {},
		terminationMessagePath: "/dev/termination-log",
		terminationMessagePolicy: "File",
		imagePullPolicy: pullPolicy(container["image"]),
	})
	result = withEach(result, "ports", (port) => withMissing(port, { protocol: "TCP" }))
	result = withEach(result, "env", (variable) => withMember(variable, "valueFrom", fieldRefDefaults))
	result = withMember(result, "resources", resourceDefaults)
	for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"])
		result = withMember(result, probe, probeDefaults)
	return withMember(result, "lifecycle", (lifecycle) =>
		withMember(withMember(lifecycle, "postStart", handlerDefaults), "preStop", handlerDefaults),
	)
}

export function fieldRefDefaults(source: JsonObject): JsonObject {
	const field = withMember(source, "fieldRef", (reference) => withMissing(reference, { apiVersion: "v1" }))
	return withMember(field, "resourceFieldRef", (reference) => withMissing(reference, { divisor: "0" }))
}

function resourceDefaults(resources: JsonObject): JsonObject {
	return withMember(withMember(resources, "limits", roundedToMilli), "requests", roundedToMilli)
}

/** A6: amounts finer than a thousandth are rounded up to one. */
export function roundedToMilli(list: JsonObject): JsonObject {
	const members = Object.entries(list).map(([name, value]): [string, Json] => {
		const quantity = quantityOf(value)
		if (quantity === undefined || quantity.nano % 1_000_000n === 0n) return [name, value]
		const up = (quantity.nano / 1_000_000n + (quantity.nano > 0n ? 1n : 0n)) * 1_000_000n
		return [name, formatQuantity({ nano: up, format: quantity.format })]
	})
	return Object.fromEntries(members)
}

function probeDefaults(probe: JsonObject): JsonObject {
	const filled = withMissing(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
	return withMember(handlerDefaults(filled), "grpc", (grpc) => withMissing(grpc, { service: "" }))
}

function handlerDefaults(handler: JsonObject): JsonObject {
	return withMember(handler, "httpGet", (request) => withMissing(request, { path: "/", scheme: "HTTP" }))
}

const NAME_PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*"
const REFERENCE = new RegExp(
	`^(?:(?:localhost|[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)+|[A-Za-z0-9.-]+(?=:\\d+/))(?::\\d+)?/|\\[[0-9a-f:]+\\](?::\\d+)?/)?` +
		`${NAME_PART}(?:/${NAME_PART})*(?::([\\w][\\w.-]{0,127}))?(@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?$`,
)

/** A5: images without tag and digest, and those tagged `latest`, are pulled always; texts that are no image are not. */
export function pullPolicy(image: Json | undefined): string {
	if (typeof image !== "string" || image.length > 1024) return "IfNotPresent"
	const match = REFERENCE.exec(image)
	if (match === null) return "IfNotPresent"
	const [, tag, digest] = match
	return tag === "latest" || (tag === undefined && digest === undefined) ? "Always" : "IfNotPresent"
}
