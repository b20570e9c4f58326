import { isObject, type Json } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import {
	AGE,
	ageOf,
	type Column,
	conditionOf,
	count,
	flag,
	itemsAt,
	NAME,
	NONE,
	orNone,
	sizeAt,
	text,
	textAt,
	wide,
} from "./column.ts"

const EVENT: readonly Column[] = [
	text("Last Seen", (event, now) => ageOf(lastSeen(event), now)),
	text("Type", "type"),
	text("Reason", "reason"),
	text("Object", eventObject),
	wide(text("Subobject", "involvedObject.fieldPath")),
	wide(text("Source", eventSource)),
	text("Message", (event) => textAt(event, "message").trim()),
	wide(text("First Seen", (event, now) => ageOf(event["firstTimestamp"] ?? event["eventTime"], now))),
	wide(text("Count", (event) => Number(textAt(event, "series.count") || textAt(event, "count")) || 1)),
	wide(NAME),
]

export const CLUSTER: readonly (readonly [kind: string, columns: readonly Column[]])[] = [
	[
		"/Node",
		[
			NAME,
			text("Status", nodeStatus),
			text("Roles", (node) => orNone(nodeRoles(node).join(","))),
			AGE,
			text("Version", "status.nodeInfo.kubeletVersion"),
			wide(text("Internal-IP", (node) => nodeAddress(node, "InternalIP"))),
			wide(text("External-IP", (node) => nodeAddress(node, "ExternalIP"))),
			wide(text("OS-Image", "status.nodeInfo.osImage", "<unknown>")),
			wide(text("Kernel-Version", "status.nodeInfo.kernelVersion", "<unknown>")),
			wide(text("Container-Runtime", "status.nodeInfo.containerRuntimeVersion", "<unknown>")),
		],
	],
	["/Event", EVENT],
	["events.k8s.io/Event", EVENT],
	["/Namespace", [NAME, text("Status", "status.phase"), AGE]],
	["/ConfigMap", [NAME, text("Data", (map) => sizeAt(map, "data") + sizeAt(map, "binaryData")), AGE]],
	["/Secret", [NAME, text("Type", "type"), text("Data", (secret) => sizeAt(secret, "data")), AGE]],
	["/ServiceAccount", [NAME, text("Secrets", (account) => sizeAt(account, "secrets")), AGE]],
	[
		"/ComponentStatus",
		[
			NAME,
			text("Status", componentStatus),
			text("Message", (component) => textAt(healthOf(component), "message")),
			text("Error", (component) => textAt(healthOf(component), "error")),
		],
	],
	["coordination.k8s.io/Lease", [NAME, text("Holder", "spec.holderIdentity"), AGE]],
	[
		"scheduling.k8s.io/PriorityClass",
		[
			NAME,
			count("Value", "value"),
			flag("Global-Default", "globalDefault"),
			AGE,
			text("PreemptionPolicy", "preemptionPolicy"),
		],
	],
	["node.k8s.io/RuntimeClass", [NAME, text("Handler", "handler"), AGE]],
	["resource.k8s.io/ResourceClaim", [NAME, text("State", claimState), AGE]],
	["resource.k8s.io/DeviceClass", [NAME, AGE]],
	["resource.k8s.io/ResourceClaimTemplate", [NAME, AGE]],
	[
		"resource.k8s.io/ResourceSlice",
		[NAME, text("Node", "spec.nodeName"), text("Driver", "spec.driver"), text("Pool", "spec.pool.name"), AGE],
	],
	["simulation.rollcall.dev/NodePool", [NAME, count("Replicas", "spec.replicas"), AGE]],
	[
		"simulation.rollcall.dev/PodBehavior",
		[NAME, count("Priority", "spec.priority"), text("Image", "spec.match.image", NONE), AGE],
	],
	["simulation.rollcall.dev/Scenario", [NAME, count("Steps", (scenario) => sizeAt(scenario, "spec.steps")), AGE]],
]

function nodeStatus(node: KubeObject): string {
	const ready = conditionOf(node, "Ready")
	const status = ready === undefined ? "Unknown" : ready["status"] === "True" ? "Ready" : "NotReady"
	return textAt(node, "spec.unschedulable") === "true" ? `${status},SchedulingDisabled` : status
}

/** A node's roles in order of name: `node-role.kubernetes.io/ROLE`, or the value of `kubernetes.io/role`. */
export function nodeRoles(node: KubeObject): readonly string[] {
	const roles = new Set<string>()
	for (const [label, value] of Object.entries(node.metadata.labels ?? {})) {
		if (label.startsWith("node-role.kubernetes.io/")) roles.add(label.slice("node-role.kubernetes.io/".length))
		else if (label === "kubernetes.io/role" && value !== "") roles.add(value)
	}
	return [...roles].filter((role) => role !== "").sort()
}

function nodeAddress(node: KubeObject, type: string): string {
	const found = itemsAt(node, "status.addresses").find((address) => address["type"] === type)
	return orNone(isObject(found) ? textAt(found, "address") : "")
}

/** When an Event was last counted up. */
export function lastSeen(event: KubeObject): Json | undefined {
	return event["lastTimestamp"] ?? event["eventTime"] ?? event["firstTimestamp"] ?? event.metadata.creationTimestamp
}

function eventObject(event: KubeObject): string {
	const [kind, name] = [textAt(event, "involvedObject.kind").toLowerCase(), textAt(event, "involvedObject.name")]
	return name === "" ? kind : `${kind}/${name}`
}

/** `kubelet, worker-1`. */
function eventSource(event: KubeObject): string {
	const component = textAt(event, "source.component") || textAt(event, "reportingComponent")
	const host = textAt(event, "source.host") || textAt(event, "reportingInstance")
	return host ? `${component}, ${host}` : component
}

function healthOf(component: KubeObject) {
	return itemsAt(component, "conditions").find(({ type }) => type === "Healthy") ?? {}
}

function componentStatus(component: KubeObject): string {
	const status = textAt(healthOf(component), "status")
	return status === "" ? "Unknown" : status === "True" ? "Healthy" : "Unhealthy"
}

function claimState(claim: KubeObject): string {
	const isGoing = claim.metadata.deletionTimestamp !== undefined
	const isAllocated = sizeAt(claim, "status.allocation") > 0
	const states = [
		...(isGoing ? ["deleted"] : []),
		...(isAllocated ? ["allocated"] : isGoing ? [] : ["pending"]),
		...(isAllocated && sizeAt(claim, "status.reservedFor") > 0 ? ["reserved"] : []),
	]
	return states.join(",")
}
