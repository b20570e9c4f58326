import { formatAge, type Instant, isObject, type Json, parseInstant } from "../base/index.ts"
import type { KubeObject, StringMap } from "./object.ts"
import { summarizePod } from "./pod-summary.ts"
import type { Condition, DaemonSet, Node, Pod } from "./types.ts"

/** One of a Table's columns; kubectl shows its name in capitals, and `wide` ones with `-o wide` alone. */
export type Column = {
	readonly name: string
	/** Of the cell in a Table; a string where absent. */
	readonly type?: "integer" | "boolean"
	readonly wide?: true
	readonly cell: (object: KubeObject, now: Instant) => string
}

/** The API server's columns for a kind; name and age for kinds that it knows nothing of. */
export function columnsOf(group: string, kind: string): readonly Column[] {
	return COLUMNS.get(`${group}/${kind}`) ?? [NAME, AGE]
}

/** How long ago a timestamp was, as kubectl writes it. */
export function ageOf(timestamp: Json | undefined, now: Instant): string {
	const at = typeof timestamp === "string" ? parseInstant(microToMilli(timestamp)) : undefined
	return at === undefined ? "<unknown>" : formatAge(now - at)
}

const none = (value: string) => (value === "" ? "<none>" : value)
const NAME: Column = { name: "Name", cell: (object) => object.metadata.name }
const AGE: Column = { name: "Age", cell: (object, now) => ageOf(object.metadata.creationTimestamp, now) }

const NODE: readonly Column[] = [
	NAME,
	{ name: "Status", cell: (node) => nodeStatus(node as Node) },
	{ name: "Roles", cell: (node) => none(nodeRoles(node).join(",")) },
	AGE,
	{ name: "Version", cell: (node) => at(node, "status", "nodeInfo", "kubeletVersion") },
	{ name: "Internal-IP", wide: true, cell: (node) => nodeAddress(node, "InternalIP") },
	{ name: "External-IP", wide: true, cell: (node) => nodeAddress(node, "ExternalIP") },
	{ name: "OS-Image", wide: true, cell: (node) => unknown(at(node, "status", "nodeInfo", "osImage")) },
	{ name: "Kernel-Version", wide: true, cell: (node) => unknown(at(node, "status", "nodeInfo", "kernelVersion")) },
	{
		name: "Container-Runtime",
		wide: true,
		cell: (node) => unknown(at(node, "status", "nodeInfo", "containerRuntimeVersion")),
	},
]

const DAEMON_SET: readonly Column[] = [
	NAME,
	{ name: "Desired", type: "integer", cell: (ds) => count(ds, "desiredNumberScheduled") },
	{ name: "Current", type: "integer", cell: (ds) => count(ds, "currentNumberScheduled") },
	{ name: "Ready", type: "integer", cell: (ds) => count(ds, "numberReady") },
	{ name: "Up-to-date", type: "integer", cell: (ds) => count(ds, "updatedNumberScheduled") },
	{ name: "Available", type: "integer", cell: (ds) => count(ds, "numberAvailable") },
	{ name: "Node Selector", cell: (ds) => none(labelText((ds as DaemonSet).spec.template.spec.nodeSelector)) },
	AGE,
	{
		name: "Containers",
		wide: true,
		cell: (ds) =>
			containers(ds)
				.map(({ name }) => name)
				.join(","),
	},
	{
		name: "Images",
		wide: true,
		cell: (ds) =>
			containers(ds)
				.map(({ image }) => image ?? "")
				.join(","),
	},
	{ name: "Selector", wide: true, cell: (ds) => none(selectorText((ds as DaemonSet).spec.selector)) },
]

const POD: readonly Column[] = [
	NAME,
	{
		name: "Ready",
		cell: (pod) => {
			const summary = summarizePod(pod as Pod)
			return `${summary.ready}/${summary.containers}`
		},
	},
	{ name: "Status", cell: (pod) => summarizePod(pod as Pod).status },
	{
		name: "Restarts",
		cell: (pod, now) => {
			const { restarts, restartedAt } = summarizePod(pod as Pod)
			return restarts > 0 && restartedAt !== undefined
				? `${restarts} (${formatAge(now - restartedAt)} ago)`
				: `${restarts}`
		},
	},
	AGE,
	{ name: "IP", wide: true, cell: (pod) => none(at(pod, "status", "podIP")) },
	{ name: "Node", wide: true, cell: (pod) => none(at(pod, "spec", "nodeName")) },
	{ name: "Nominated Node", wide: true, cell: (pod) => none(at(pod, "status", "nominatedNodeName")) },
	{ name: "Readiness Gates", wide: true, cell: (pod) => none(readinessGates(pod)) },
]

const EVENT: readonly Column[] = [
	{ name: "Last Seen", cell: (event, now) => ageOf(lastSeen(event), now) },
	{ name: "Type", cell: (event) => at(event, "type") },
	{ name: "Reason", cell: (event) => at(event, "reason") },
	{
		name: "Object",
		cell: (event) => `${at(event, "involvedObject", "kind").toLowerCase()}/${at(event, "involvedObject", "name")}`,
	},
	{ name: "Subobject", wide: true, cell: (event) => at(event, "involvedObject", "fieldPath") },
	{ name: "Source", wide: true, cell: eventSource },
	{ name: "Message", cell: (event) => at(event, "message").trim() },
	{ name: "First Seen", wide: true, cell: (event, now) => ageOf(event["firstTimestamp"] ?? event["eventTime"], now) },
	{ name: "Count", wide: true, cell: (event) => at(event, "count") || "1" },
	{ name: "Name", wide: true, cell: (event) => event.metadata.name },
]

const COLUMNS: ReadonlyMap<string, readonly Column[]> = new Map([
	["/Node", NODE],
	["apps/DaemonSet", DAEMON_SET],
	["/Pod", POD],
	["/Event", EVENT],
	[
		"scheduling.k8s.io/PriorityClass",
		[
			NAME,
			{ name: "Value", type: "integer", cell: (pc) => at(pc, "value") || "0" },
			{ name: "Global-Default", type: "boolean", cell: (pc) => at(pc, "globalDefault") || "false" },
			AGE,
			{ name: "PreemptionPolicy", cell: (pc) => at(pc, "preemptionPolicy") || "PreemptLowerPriority" },
		],
	],
	[
		"apps/ControllerRevision",
		[
			NAME,
			{ name: "Controller", cell: (revision) => none(controllerOf(revision)) },
			{ name: "Revision", type: "integer", cell: (revision) => at(revision, "revision") },
			AGE,
		],
	],
	["/Namespace", [NAME, { name: "Status", cell: (namespace) => at(namespace, "status", "phase") || "Active" }, AGE]],
	["/ConfigMap", [NAME, { name: "Data", cell: (map) => `${members(map, "data") + members(map, "binaryData")}` }, AGE]],
	[
		"/Secret",
		[
			NAME,
			{ name: "Type", cell: (secret) => at(secret, "type") || "Opaque" },
			{ name: "Data", cell: (secret) => `${members(secret, "data")}` },
			AGE,
		],
	],
	["/ServiceAccount", [NAME, { name: "Secrets", cell: (account) => `${members(account, "secrets")}` }, AGE]],
	["coordination.k8s.io/Lease", [NAME, { name: "Holder", cell: (lease) => at(lease, "spec", "holderIdentity") }, AGE]],
	[
		"simulation.rollcall.dev/NodePool",
		[NAME, { name: "Replicas", type: "integer", cell: (pool) => at(pool, "spec", "replicas") }, AGE],
	],
	[
		"simulation.rollcall.dev/PodBehavior",
		[
			NAME,
			{ name: "Priority", type: "integer", cell: (behavior) => at(behavior, "spec", "priority") || "0" },
			{ name: "Image", cell: (behavior) => none(at(behavior, "spec", "match", "image")) },
			AGE,
		],
	],
])

function nodeStatus(node: Node): string {
	const ready = (node.status?.conditions ?? []).find((condition: Condition) => condition.type === "Ready")
	const status = ready === undefined ? "Unknown" : ready.status === "True" ? "Ready" : "NotReady"
	return node.spec?.unschedulable === true ? `${status},SchedulingDisabled` : status
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
	const status = node["status"]
	const addresses = isObject(status) && Array.isArray(status["addresses"]) ? status["addresses"] : []
	const found = addresses.find((address) => isObject(address) && address["type"] === type)
	return none(isObject(found) && typeof found["address"] === "string" ? found["address"] : "")
}

/** When an Event was last counted up. */
export function lastSeen(event: KubeObject): Json | undefined {
	return event["lastTimestamp"] ?? event["eventTime"] ?? event["firstTimestamp"] ?? event.metadata.creationTimestamp
}

/** `kubelet, worker-1`. */
function eventSource(event: KubeObject): string {
	const component = at(event, "source", "component") || at(event, "reportingComponent")
	const host = at(event, "source", "host") || at(event, "reportingInstance")
	return host ? `${component}, ${host}` : component
}

function controllerOf(object: KubeObject): string {
	const owner = (object.metadata.ownerReferences ?? []).find((reference) => reference.controller === true)
	if (!owner) return ""
	const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : ""
	return `${owner.kind.toLowerCase()}${group}/${owner.name}`
}

function readinessGates(pod: KubeObject): string {
	const gates = (pod as Pod).spec["readinessGates"]
	if (!Array.isArray(gates) || gates.length === 0) return ""
	const met = gates.filter((gate) =>
		((pod as Pod).status?.conditions ?? []).some(
			(condition) => isObject(gate) && condition.type === gate["conditionType"] && condition.status === "True",
		),
	)
	return `${met.length}/${gates.length}`
}

function containers(daemonSet: KubeObject) {
	return (daemonSet as DaemonSet).spec.template.spec.containers
}

function count(daemonSet: KubeObject, member: string): string {
	return at(daemonSet, "status", member) || "0"
}

/** `a=b,c=d`, in order of key. */
export function labelText(labels: StringMap | undefined): string {
	return Object.entries(labels ?? {})
		.map(([key, value]) => `${key}=${value}`)
		.sort()
		.join(",")
}

/** A label selector as kubectl writes it: `app=web,tier in (a,b),!old`. */
export function selectorText(selector: DaemonSet["spec"]["selector"] | undefined): string {
	const terms = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`)
	for (const { key, operator, values } of selector?.matchExpressions ?? []) {
		if (operator === "Exists") terms.push(key)
		else if (operator === "DoesNotExist") terms.push(`!${key}`)
		else terms.push(`${key} ${operator.toLowerCase()} (${[...(values ?? [])].sort().join(",")})`)
	}
	return terms.sort().join(",")
}

function members(object: KubeObject, member: string): number {
	const value = object[member]
	return Array.isArray(value) ? value.length : isObject(value) ? Object.keys(value).length : 0
}

function unknown(value: string): string {
	return value === "" ? "<unknown>" : value
}

/** The text at a path; empty where it is absent. */
function at(object: KubeObject, ...path: readonly string[]): string {
	let value: Json | undefined = object
	for (const member of path) value = isObject(value) && Object.hasOwn(value, member) ? value[member] : undefined
	return value === undefined || value === null ? "" : typeof value === "object" ? JSON.stringify(value) : String(value)
}

function microToMilli(timestamp: string): string {
	return timestamp.replace(/(\.\d{3})\d+/, "$1")
}
