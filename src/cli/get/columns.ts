import { formatAge, type Instant, isObject, type Json, parseInstant } from "../../base/index.ts"
import type { Condition, DaemonSet, KubeObject, Node, Pod, StringMap } from "../../kube/index.ts"
import { summarizePod } from "./pod-status.ts"

/** One of kubectl's columns: `wide` ones show with `-o wide` alone. */
export type Column = {
	readonly name: string
	readonly wide?: true
	readonly cell: (object: KubeObject, now: Instant) => string
}

/** kubectl's columns for a kind; name and age for kinds that it knows nothing of. */
export function columnsOf(group: string, kind: string): readonly Column[] {
	return COLUMNS.get(`${group}/${kind}`) ?? [NAME, AGE]
}

/** How long ago a timestamp was, as kubectl writes it. */
export function ageOf(timestamp: Json | undefined, now: Instant): string {
	const at = typeof timestamp === "string" ? parseInstant(microToMilli(timestamp)) : undefined
	return at === undefined ? "<unknown>" : formatAge(now - at)
}

const none = (value: string) => (value === "" ? "<none>" : value)
const NAME: Column = { name: "NAME", cell: (object) => object.metadata.name }
const AGE: Column = { name: "AGE", cell: (object, now) => ageOf(object.metadata.creationTimestamp, now) }

const NODE: readonly Column[] = [
	NAME,
	{ name: "STATUS", cell: (node) => nodeStatus(node as Node) },
	{ name: "ROLES", cell: (node) => none(nodeRoles(node).join(",")) },
	AGE,
	{ name: "VERSION", cell: (node) => at(node, "status", "nodeInfo", "kubeletVersion") },
	{ name: "INTERNAL-IP", wide: true, cell: (node) => nodeAddress(node, "InternalIP") },
	{ name: "EXTERNAL-IP", wide: true, cell: (node) => nodeAddress(node, "ExternalIP") },
	{ name: "OS-IMAGE", wide: true, cell: (node) => unknown(at(node, "status", "nodeInfo", "osImage")) },
	{ name: "KERNEL-VERSION", wide: true, cell: (node) => unknown(at(node, "status", "nodeInfo", "kernelVersion")) },
	{
		name: "CONTAINER-RUNTIME",
		wide: true,
		cell: (node) => unknown(at(node, "status", "nodeInfo", "containerRuntimeVersion")),
	},
]

const DAEMON_SET: readonly Column[] = [
	NAME,
	{ name: "DESIRED", cell: (ds) => count(ds, "desiredNumberScheduled") },
	{ name: "CURRENT", cell: (ds) => count(ds, "currentNumberScheduled") },
	{ name: "READY", cell: (ds) => count(ds, "numberReady") },
	{ name: "UP-TO-DATE", cell: (ds) => count(ds, "updatedNumberScheduled") },
	{ name: "AVAILABLE", cell: (ds) => count(ds, "numberAvailable") },
	{ name: "NODE SELECTOR", cell: (ds) => none(labelText((ds as DaemonSet).spec.template.spec.nodeSelector)) },
	AGE,
	{
		name: "CONTAINERS",
		wide: true,
		cell: (ds) =>
			containers(ds)
				.map(({ name }) => name)
				.join(","),
	},
	{
		name: "IMAGES",
		wide: true,
		cell: (ds) =>
			containers(ds)
				.map(({ image }) => image ?? "")
				.join(","),
	},
	{ name: "SELECTOR", wide: true, cell: (ds) => none(selectorText((ds as DaemonSet).spec.selector)) },
]

const POD: readonly Column[] = [
	NAME,
	{
		name: "READY",
		cell: (pod) => {
			const summary = summarizePod(pod as Pod)
			return `${summary.ready}/${summary.containers}`
		},
	},
	{ name: "STATUS", cell: (pod) => summarizePod(pod as Pod).status },
	{
		name: "RESTARTS",
		cell: (pod, now) => {
			const { restarts, restartedAt } = summarizePod(pod as Pod)
			return restarts > 0 && restartedAt !== undefined
				? `${restarts} (${formatAge(now - restartedAt)} ago)`
				: `${restarts}`
		},
	},
	AGE,
	{ name: "IP", wide: true, cell: (pod) => none(at(pod, "status", "podIP")) },
	{ name: "NODE", wide: true, cell: (pod) => none(at(pod, "spec", "nodeName")) },
	{ name: "NOMINATED NODE", wide: true, cell: (pod) => none(at(pod, "status", "nominatedNodeName")) },
	{ name: "READINESS GATES", wide: true, cell: (pod) => none(readinessGates(pod)) },
]

const EVENT: readonly Column[] = [
	{ name: "LAST SEEN", cell: (event, now) => ageOf(lastSeen(event), now) },
	{ name: "TYPE", cell: (event) => at(event, "type") },
	{ name: "REASON", cell: (event) => at(event, "reason") },
	{
		name: "OBJECT",
		cell: (event) => `${at(event, "involvedObject", "kind").toLowerCase()}/${at(event, "involvedObject", "name")}`,
	},
	{ name: "SUBOBJECT", wide: true, cell: (event) => at(event, "involvedObject", "fieldPath") },
	{ name: "SOURCE", wide: true, cell: eventSource },
	{ name: "MESSAGE", cell: (event) => at(event, "message").trim() },
	{ name: "FIRST SEEN", wide: true, cell: (event, now) => ageOf(event["firstTimestamp"] ?? event["eventTime"], now) },
	{ name: "COUNT", wide: true, cell: (event) => at(event, "count") || "1" },
	{ name: "NAME", wide: true, cell: (event) => event.metadata.name },
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
			{ name: "VALUE", cell: (pc) => at(pc, "value") || "0" },
			{ name: "GLOBAL-DEFAULT", cell: (pc) => at(pc, "globalDefault") || "false" },
			AGE,
			{ name: "PREEMPTIONPOLICY", cell: (pc) => at(pc, "preemptionPolicy") || "PreemptLowerPriority" },
		],
	],
	[
		"apps/ControllerRevision",
		[
			NAME,
			{ name: "CONTROLLER", cell: (revision) => none(controllerOf(revision)) },
			{ name: "REVISION", cell: (revision) => at(revision, "revision") },
			AGE,
		],
	],
	["/Namespace", [NAME, { name: "STATUS", cell: (namespace) => at(namespace, "status", "phase") || "Active" }, AGE]],
	["/ConfigMap", [NAME, { name: "DATA", cell: (map) => `${members(map, "data") + members(map, "binaryData")}` }, AGE]],
	[
		"/Secret",
		[
			NAME,
			{ name: "TYPE", cell: (secret) => at(secret, "type") || "Opaque" },
			{ name: "DATA", cell: (secret) => `${members(secret, "data")}` },
			AGE,
		],
	],
	["/ServiceAccount", [NAME, { name: "SECRETS", cell: (account) => `${members(account, "secrets")}` }, AGE]],
	["coordination.k8s.io/Lease", [NAME, { name: "HOLDER", cell: (lease) => at(lease, "spec", "holderIdentity") }, AGE]],
	["simulation.rollcall.dev/NodePool", [NAME, { name: "REPLICAS", cell: (pool) => at(pool, "spec", "replicas") }, AGE]],
	[
		"simulation.rollcall.dev/PodBehavior",
		[
			NAME,
			{ name: "PRIORITY", cell: (behavior) => at(behavior, "spec", "priority") || "0" },
			{ name: "IMAGE", cell: (behavior) => none(at(behavior, "spec", "match", "image")) },
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
