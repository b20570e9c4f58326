import { fieldText } from "../../kube/index.ts"
import type { PodSelector } from "../contract.ts"
import { podName } from "../state/names.ts"
import type { PodShape } from "../state/pods.ts"
import { textOf } from "../state/strings.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"
import { nameOfNode } from "../writes/nodes.ts"
import { readAddress, readPhase } from "./read-pod-status.ts"

/** Whether the pod of a row is selected. Labels are asked once of what pods share, and of those alone that are like no other. */
export function podTest(machine: Machine, { labels, fields }: PodSelector): (row: number) => boolean {
	const { pods } = machine.state
	const shapes = new Map<PodShape, boolean>()
	const hasLabels = (row: number): boolean => {
		if (labels === undefined) return true
		const overlay = pods.overlays.get(row)
		if (overlay !== undefined) return labels(overlay.metadata.labels)
		const shape = podShapeOf(machine, row)
		const known = shapes.get(shape)
		if (known !== undefined) return known
		const isMeant = labels(shape.labels)
		shapes.set(shape, isMeant)
		return isMeant
	}
	return (row) =>
		hasLabels(row) && fields.every(({ path, equal, value }) => (textAt(machine, row, path) === value) === equal)
}

/** The text that the field of every selected pod has, where the selector asks for one. */
export function soughtText(selector: PodSelector | undefined, path: string): string | undefined {
	return selector?.fields.find((term) => term.path === path && term.equal)?.value
}

/** What `fieldText` says of the whole Pod, of the fields that pods can be selected by; it is not made for it. */
function textAt(machine: Machine, row: number, path: string): string {
	const { pods, strings } = machine.state
	if (path === "metadata.name") return podName(strings, pods.base[row] as number, pods.number[row] as number)
	if (path === "metadata.namespace") return textOf(strings, pods.namespace[row] as number)
	if (path === "status.phase") return readPhase(machine, row)
	if (path === "status.podIP") return readAddress(machine, row)
	if (path === "spec.nodeName" && pods.bound[row] === 1) return nameOfNode(machine.state, pods.node[row] as number)
	// `podIPs` is a list, and nobody nominates a node.
	if (!path.startsWith("spec.")) return ""
	return fieldText({ spec: pods.overlays.get(row)?.["spec"] ?? podShapeOf(machine, row).spec }, path)
}
