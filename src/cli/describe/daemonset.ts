import type { Why } from "../../history/index.ts"
import {
	type DaemonSet,
	type KubeObject,
	labelText,
	type ObjectKey,
	type Pod,
	type PodTemplate,
	selectorText,
} from "../../kube/index.ts"
import { alignTabs } from "../output/table.ts"
import type { ClusterReader } from "../reader.ts"
import { containerLines } from "./containers.ts"
import { eventLines } from "./events.ts"
import { annotationItems, cell, labelItems, listLines, tolerationItems } from "./lines.ts"
import { volumeLines } from "./volumes.ts"

/** A DaemonSet as `kubectl describe ds` lays it out. */
export function describeDaemonSet(reader: ClusterReader, key: ObjectKey, object: KubeObject): string {
	const daemonSet = object as DaemonSet
	const { metadata, spec, status } = daemonSet
	return alignTabs(
		[
			`Name:\t${cell(metadata.name)}`,
			`Selector:\t${cell(selectorText(spec.selector)) || "<none>"}`,
			`Node-Selector:\t${cell(labelText(spec.template.spec.nodeSelector)) || "<none>"}`,
			...listLines("Labels", labelItems(metadata.labels)),
			...listLines("Annotations", annotationItems(metadata.annotations)),
			`Desired Number of Nodes Scheduled: ${status?.desiredNumberScheduled ?? 0}`,
			`Current Number of Nodes Scheduled: ${status?.currentNumberScheduled ?? 0}`,
			`Number of Nodes Scheduled with Up-to-date Pods: ${status?.updatedNumberScheduled ?? 0}`,
			`Number of Nodes Scheduled with Available Pods: ${status?.numberAvailable ?? 0}`,
			`Number of Nodes Misscheduled: ${status?.numberMisscheduled ?? 0}`,
			podsStatus(reader, metadata),
			...rolloutLines(reader.why(key)),
			...templateLines(spec.template),
			...eventLines(reader, key),
		].join("\n"),
	)
}

/** What kubectl does not know; nothing where there is nothing to say. */
function rolloutLines(why: Why | undefined): readonly string[] {
	return why === undefined || why.state === "done" ? [] : [`Rollout:\t${cell(why.sentence)}`]
}

/** `Pods Status:\t5 Running / 0 Waiting / 0 Succeeded / 0 Failed`, of the pods that it owns. */
function podsStatus(reader: ClusterReader, { namespace, uid }: DaemonSet["metadata"]): string {
	const phases = new Map<string, number>()
	for (const pod of reader.list({ group: "", kind: "Pod", ...(namespace ? { namespace } : {}) })) {
		if (!(pod.metadata.ownerReferences ?? []).some((owner) => owner.controller === true && owner.uid === uid)) continue
		const phase = (pod as Pod).status?.phase ?? "Pending"
		phases.set(phase, (phases.get(phase) ?? 0) + 1)
	}
	const of = (phase: string) => phases.get(phase) ?? 0
	return `Pods Status:\t${of("Running")} Running / ${of("Pending")} Waiting / ${of("Succeeded")} Succeeded / ${of("Failed")} Failed`
}

/** A pod template, also as `rollout history --revision` shows it. */
export function templateLines(template: PodTemplate): readonly string[] {
	const { spec } = template
	const annotations = annotationItems(template.metadata?.annotations)
	return [
		"Pod Template:",
		...listLines("  Labels", labelItems(template.metadata?.labels)),
		...(annotations.length > 0 ? listLines("  Annotations", annotations) : []),
		...(spec["serviceAccountName"] ? [`  Service Account:\t${cell(spec["serviceAccountName"])}`] : []),
		...containerLines("Init Containers", spec.initContainers),
		...containerLines("Containers", spec.containers),
		...volumeLines(spec["volumes"], "  "),
		...(spec.priorityClassName ? [`  Priority Class Name:\t${cell(spec.priorityClassName)}`] : []),
		...listLines("  Node-Selectors", labelItems(spec.nodeSelector)),
		...listLines("  Tolerations", tolerationItems(spec.tolerations)),
	]
}
