import { isObject } from "../../base/index.ts"
import { type KubeObject, type Node, nodeRoles, type ObjectKey, type Pod, type ResourceList } from "../../kube/index.ts"
import { alignTabs } from "../output/table.ts"
import type { ClusterReader } from "../reader.ts"
import { eventLines } from "./events.ts"
import { annotationItems, cell, labelItems, listLines, longTime, taintText } from "./lines.ts"
import { nodePodLines } from "./node-pods.ts"

/** A node as `kubectl describe node` lays it out. */
export function describeNode(reader: ClusterReader, key: ObjectKey, object: KubeObject): string {
	const node = object as Node
	return alignTabs(
		[
			...headLines(node),
			...leaseLines(reader, node),
			...conditionLines(node),
			...addressLines(node),
			...resourceLines("Capacity", node.status?.capacity),
			...resourceLines("Allocatable", node.status?.allocatable),
			...systemLines(node),
			...nodePodLines(node, podsOn(reader, node), reader.now()),
			...eventLines(reader, key),
		].join("\n"),
	)
}

function headLines(node: Node): readonly string[] {
	const { metadata, spec } = node
	return [
		`Name:\t${cell(metadata.name)}`,
		`Roles:\t${cell(nodeRoles(node).join(",")) || "<none>"}`,
		...listLines("Labels", labelItems(metadata.labels)),
		...listLines("Annotations", annotationItems(metadata.annotations)),
		`CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`,
		...listLines("Taints", (spec?.taints ?? []).map(taintText).sort()),
		`Unschedulable:\t${spec?.unschedulable === true}`,
	]
}

function leaseLines(reader: ClusterReader, node: Node): readonly string[] {
	const lease = reader.read(`coordination.k8s.io/Lease/kube-node-lease/${node.metadata.name}`)
	const spec = lease?.["spec"]
	if (!isObject(spec)) return []
	return [
		"Lease:",
		`  HolderIdentity:\t${cell(spec["holderIdentity"] ?? "<unset>")}`,
		`  AcquireTime:\t${longTime(spec["acquireTime"])}`,
		`  RenewTime:\t${longTime(spec["renewTime"])}`,
	]
}

function conditionLines(node: Node): readonly string[] {
	const conditions = node.status?.conditions ?? []
	if (conditions.length === 0) return []
	return [
		"Conditions:",
		"  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage",
		"  ----\t------\t-----------------\t------------------\t------\t-------",
		...conditions.map(
			(condition) =>
				`  ${cell(condition.type)} \t${cell(condition.status)} \t${longTime(condition.lastHeartbeatTime)} \t${longTime(condition.lastTransitionTime)} \t${cell(condition.reason)} \t${cell(condition.message)}`,
		),
	]
}

function addressLines(node: Node): readonly string[] {
	const addresses = node.status?.["addresses"]
	if (!Array.isArray(addresses) || addresses.length === 0) return ["Addresses:"]
	return [
		"Addresses:",
		...addresses.filter(isObject).map((entry) => `  ${cell(entry["type"])}:\t${cell(entry["address"])}`),
	]
}

function resourceLines(title: string, resources: ResourceList | undefined): readonly string[] {
	const names = Object.keys(resources ?? {}).sort()
	return names.length === 0 ? [] : [`${title}:`, ...names.map((name) => `  ${cell(name)}:\t${cell(resources?.[name])}`)]
}

const SYSTEM: readonly (readonly [string, string])[] = [
	["Machine ID", "machineID"],
	["System UUID", "systemUUID"],
	["Boot ID", "bootID"],
	["Kernel Version", "kernelVersion"],
	["OS Image", "osImage"],
	["Operating System", "operatingSystem"],
	["Architecture", "architecture"],
	["Container Runtime Version", "containerRuntimeVersion"],
	["Kubelet Version", "kubeletVersion"],
	["Kube-Proxy Version", "kubeProxyVersion"],
]

function systemLines(node: Node): readonly string[] {
	const system = node.status?.["nodeInfo"]
	const known = isObject(system) ? system : {}
	return ["System Info:", ...SYSTEM.map(([title, member]) => `  ${title}:\t${cell(known[member])}`)]
}

function podsOn(reader: ClusterReader, node: Node): readonly Pod[] {
	const pods = [...reader.list({ group: "", kind: "Pod", nodeName: node.metadata.name })] as Pod[]
	return pods.filter((pod) => pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed")
}
