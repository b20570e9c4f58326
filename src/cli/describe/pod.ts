import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { type KubeObject, type ObjectKey, type Pod, summarizePod } from "../../kube/index.ts"
import { alignTabs } from "../output/table.ts"
import type { ClusterReader } from "../reader.ts"
import { containerLines } from "./containers.ts"
import { eventLines } from "./events.ts"
import { annotationItems, cell, labelItems, listLines, longTime, tolerationItems } from "./lines.ts"
import { volumeLines } from "./volumes.ts"

/** A pod as `kubectl describe pod` lays it out. */
export function describePod(reader: ClusterReader, key: ObjectKey, object: KubeObject): string {
	const pod = object as Pod
	const { spec, status } = pod
	return alignTabs(
		[
			...headLines(pod),
			...containerLines("Init Containers", spec.initContainers, statuses(status?.["initContainerStatuses"])),
			...containerLines("Containers", spec.containers, statuses(status?.["containerStatuses"])),
			...conditionLines(pod),
			...volumeLines(spec["volumes"], ""),
			...(status?.["qosClass"] ? [`QoS Class:\t${cell(status["qosClass"])}`] : []),
			...listLines("Node-Selectors", labelItems(spec.nodeSelector)),
			...listLines("Tolerations", tolerationItems(spec.tolerations)),
			...eventLines(reader, key),
		].join("\n"),
	)
}

function headLines(pod: Pod): readonly string[] {
	const { metadata, spec, status } = pod
	const owner = (metadata.ownerReferences ?? []).find((reference) => reference.controller === true)
	const summary = summarizePod(pod)
	return [
		`Name:\t${cell(metadata.name)}`,
		`Namespace:\t${cell(metadata.namespace)}`,
		`Priority:\t${spec.priority ?? 0}`,
		...(spec.priorityClassName ? [`Priority Class Name:\t${cell(spec.priorityClassName)}`] : []),
		`Service Account:\t${cell(spec["serviceAccountName"] ?? "default")}`,
		`Node:\t${spec.nodeName ? `${cell(spec.nodeName)}/${cell(status?.["hostIP"])}` : "<none>"}`,
		...(status?.startTime ? [`Start Time:\t${longTime(status.startTime)}`] : []),
		...listLines("Labels", labelItems(metadata.labels)),
		...listLines("Annotations", annotationItems(metadata.annotations)),
		metadata.deletionTimestamp
			? `Status:\tTerminating (since ${longTime(metadata.deletionTimestamp)})`
			: `Status:\t${cell(status?.phase ?? summary.status)}`,
		...(metadata.deletionTimestamp
			? [`Termination Grace Period:\t${cell(metadata.deletionGracePeriodSeconds ?? 30)}s`]
			: []),
		...(status?.reason ? [`Reason:\t${cell(status.reason)}`] : []),
		...(status?.message ? [`Message:\t${cell(status.message)}`] : []),
		`IP:\t${cell(status?.["podIP"])}`,
		...addressLines(status?.["podIPs"]),
		...(owner ? [`Controlled By:\t${cell(owner.kind)}/${cell(owner.name)}`] : []),
	]
}

function addressLines(addresses: Json | undefined): readonly string[] {
	if (!Array.isArray(addresses) || addresses.length === 0) return ["IPs:\t<none>"]
	return ["IPs:", ...addresses.filter(isObject).map((address) => `  IP:\t${cell(address["ip"])}`)]
}

function conditionLines(pod: Pod): readonly string[] {
	const conditions = pod.status?.conditions ?? []
	if (conditions.length === 0) return []
	return [
		"Conditions:",
		"  Type \tStatus",
		...conditions.map(({ type, status }) => `  ${cell(type)} \t${cell(status)} `),
	]
}

function statuses(list: Json | undefined): ReadonlyMap<string, JsonObject> {
	const items = Array.isArray(list) ? list.filter(isObject) : []
	return new Map(items.map((item) => [String(item["name"]), item]))
}
