import { deepFreeze, invariant } from "../../base/index.ts"
import type { DaemonSet, KubeObject } from "../../kube/index.ts"
import { compileSelector } from "../../kube/index.ts"
import { claimVerdict, controllerOf, isUpdated, ownerReference, templateGeneration } from "../daemonset/index.ts"
import { readPod } from "../reads/read-pod.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { half } from "../state/pods.ts"
import { textOf } from "../state/strings.ts"
import type { Machine } from "../writes/machine.ts"
import { setOwner } from "../writes/pods.ts"
import { withStoredStatus } from "./daemonset-view.ts"

/**
 * C2: only pods that were written by hand or patched can be strangers; what the controller made matches. A selector never
 * changes, so who found none finds none until the next is written.
 */
export function claims(machine: Machine, slot: number, row: DaemonSetRow): Claims {
	const { state, memo } = machine
	const { pods } = state
	if (pods.overlays.size === 0 || memo.unclaimed.get(row) === pods.patches) return NOBODY
	const { spec } = withStoredStatus(state, row)
	const compiled = compileSelector(spec.selector)
	if ("error" in compiled) return NOBODY
	const outcome: Claims = { adopt: [], release: [] }
	for (const [pod, overlay] of pods.overlays) {
		const owner = pods.owner[pod] as number
		if (pods.namespace[pod] !== row.namespace || (owner !== -1 && owner !== slot)) continue
		const verdict = claimVerdict(
			{
				ownerUid: controllerOf(overlay)?.uid,
				matches: compiled.matches(overlay.metadata.labels),
				terminating: (pods.deletedAt[half(pod)] as number) > 0,
			},
			row.uid,
		)
		if (verdict === "adopt" || verdict === "release") outcome[verdict].push(pod)
	}
	if (outcome.adopt.length + outcome.release.length === 0) memo.unclaimed.set(row, pods.patches)
	return outcome
}
type Claims = { readonly adopt: number[]; readonly release: number[] }
const NOBODY: Claims = { adopt: [], release: [] }

export function adopt(machine: Machine, slot: number, row: DaemonSetRow, pod: number): void {
	const { state } = machine
	const overlay = state.pods.overlays.get(pod)
	const daemonSet = state.objects.get(row.key) as DaemonSet | undefined
	if (overlay === undefined || daemonSet === undefined) return
	const { metadata } = overlay
	const ownerReferences = [...(metadata.ownerReferences ?? []), ownerReference(daemonSet)]
	state.pods.setOverlay(pod, deepFreeze({ ...overlay, metadata: { ...metadata, ownerReferences } }) as KubeObject)
	const updated = isUpdated(metadata.labels, textOf(state.strings, row.hash), templateGeneration(daemonSet))
	const { newSide } = row.census
	setOwner(machine, pod, slot, updated ? newSide : newSide === 0 ? 1 : 0)
}

/** The pod stays without its owner: from now on its object says what its shape cannot. */
export function release(machine: Machine, pod: number, uid: string): void {
	const { state } = machine
	const whole = readPod(machine, pod)
	invariant(whole !== undefined, "a pod that is released exists")
	const { status: _, ...rest } = whole
	const ownerReferences = (rest.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid)
	const { ownerReferences: _owners, ...metadata } = rest.metadata
	const kept = ownerReferences.length === 0 ? metadata : { ...metadata, ownerReferences }
	state.pods.setOverlay(pod, deepFreeze({ ...rest, metadata: kept }) as KubeObject)
	setOwner(machine, pod, -1, 0)
}
