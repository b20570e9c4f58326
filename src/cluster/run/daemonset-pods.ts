import type { DaemonSet, PodSpec, PriorityClass } from "../../kube/index.ts"
import { daemonPod, isUpdated, lower, nextBatch, startSlowly, templateGeneration } from "../daemonset/index.ts"
import { EventCode } from "../facts/event-words.ts"
import { Stage } from "../kubelet/index.ts"
import { type PriorityRank, podPriority } from "../scheduler/index.ts"
import type { DaemonSetRow, SyncWork } from "../state/daemon-sets.ts"
import { intern, internedValue, releaseInterned, useInterned } from "../state/interned.ts"
import { nodeName } from "../state/names.ts"
import { half, type PodShape } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textId, textOf } from "../state/strings.ts"
import { takeToken } from "../timeline/client-limit.ts"
import { podReacts } from "../wiring.ts"
import { daemonSetEvent, podEndedEvent, podMadeEvent } from "../writes/events.ts"
import { type Machine, remembered } from "../writes/machine.ts"
import { nodeRowFor } from "../writes/nodes.ts"
import { addPod, drawPodName, GONE, type NewPod } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { expectPod } from "./scheduler.ts"

/** S5: batches of 1, 2, 4 …, each as long as one call; a batch with an error is the last. */
export function createPods(
	machine: Machine,
	slot: number,
	row: DaemonSetRow,
	work: SyncWork,
	nodes: readonly number[],
	hash: string,
): number {
	const { state } = machine
	if (work.batchSize === 0) work.batchSize = startSlowly(nodes.length).batch
	const made = newPodOf(machine, slot, row, work.daemonSet as DaemonSet, hash)
	const start = work.part
	let waitMs = 0
	while (work.part < nodes.length && work.part - start < work.batchSize - work.batch) {
		waitMs = takeToken(state)
		if (waitMs > 0) break
		if ("error" in made) {
			work.error = made.error
			daemonSetEvent(machine, row, EventCode.FailedCreate, textId(state.strings, `Error creating: ${made.error}`))
			row.expectations = lower(row.expectations, { creations: nodes.length - work.part })
			return 0
		}
		createPod(machine, row, made, nodeMeant(machine, work, nodes[work.part] as number))
		work.part++
	}
	work.batch += work.part - start
	if (!("error" in made)) releaseInterned(state.podShapes, made.shape)
	if (waitMs > 0) return waitMs
	const { next } = nextBatch({ total: nodes.length, position: work.part - work.batch, batch: work.batch }, false)
	work.batch = 0
	work.batchSize = next.batch
	return work.part >= nodes.length ? 0 : Math.max(1, state.settings.callMs)
}

/** What all pods of one batch have in common; the name and the node are each one's own. Counts as one use of the shape. */
function newPodOf(
	machine: Machine,
	slot: number,
	row: DaemonSetRow,
	begun: DaemonSet,
	hash: string,
): NewPod | { readonly error: string } {
	const { state } = machine
	const made = shapeFor(machine, begun, hash)
	if ("error" in made) return made
	const { shape } = made
	const daemonSet = state.objects.get(row.key) as DaemonSet | undefined
	const { labels, spec } = internedValue(state.podShapes, shape)
	const generation = daemonSet && generationOf(machine, daemonSet)
	const { newSide } = row.census
	const updated = isUpdated(labels, textOf(state.strings, row.hash), generation)
	return {
		owner: slot,
		shape,
		namespace: row.namespace,
		base: 0,
		number: 0,
		node: -1,
		bound: Boolean(spec.nodeName),
		hash: textId(state.strings, hash),
		side: updated ? newSide : newSide === 0 ? 1 : 0,
	}
}

function createPod(machine: Machine, row: DaemonSetRow, given: NewPod, node: number): void {
	const { base, number } = drawPodName(machine, row.namespace, row.base)
	given.base = base
	given.number = number
	given.node = node
	const pod = addPod(machine, given)
	podMadeEvent(machine, row, pod, true)
	podReacts(machine, pod, 1)
	expectPod(machine, pod)
}

function generationOf({ memo }: Machine, daemonSet: DaemonSet): string | undefined {
	const { annotations } = daemonSet.metadata
	if (annotations === undefined) return undefined
	return remembered(memo.generations, annotations, () => ({ text: templateGeneration(daemonSet) })).text
}

export function deletePods(
	machine: Machine,
	row: DaemonSetRow,
	work: SyncWork,
	pods: readonly number[],
	failed: readonly number[],
): number {
	const { state } = machine
	while (work.part < pods.length) {
		const waitMs = takeToken(state)
		if (waitMs > 0) return waitMs
		const pod = pods[work.part] as number
		if (isStill(state, pod, work.meant[work.write]?.[work.part])) removePod(machine, row, pod, failed.includes(pod))
		else row.expectations = lower(row.expectations, { deletions: 1 })
		work.part++
	}
	return 0
}

export function isStill({ pods }: State, pod: number, uid: number | undefined): boolean {
	return pods.owner[pod] !== GONE && pods.uid[half(pod)] === uid
}

/** The node list is taken once: a node that has gone since gets its pod all the same, which the next pass deletes (M7). */
function nodeMeant(machine: Machine, work: SyncWork, node: number): number {
	const { nodes, strings } = machine.state
	const meant = work.meant[work.write] ?? []
	const base = meant[work.part * 2] as number
	const number = meant[work.part * 2 + 1] as number
	const used = nodes.exists[node] === 1 || nodes.firstPod[node] !== -1
	if (used && nodes.base[node] === base && nodes.number[node] === number) return node
	return nodeRowFor(machine, nodeName(strings, base, number))
}

function removePod(machine: Machine, row: DaemonSetRow, pod: number, failed: boolean): void {
	const { state } = machine
	if ((state.pods.deletedAt[half(pod)] as number) > 0) {
		// S4: nothing will be delivered for one that was going already.
		row.expectations = lower(row.expectations, { deletions: 1 })
		return
	}
	if (failed || state.pods.stage[pod] === Stage.Succeeded) podEndedEvent(machine, row, pod, failed)
	podMadeEvent(machine, row, pod, false)
	deletePod(machine, pod)
}

/** What the API server's admission and defaults give every pod. The volume of the account's token is not simulated. */
const ADMITTED = { enableServiceLinks: true, serviceAccountName: "default", serviceAccount: "default" } as const

/** What all pods of this template share: the pod for one node without what is the node's. Counts as one use. */
function shapeFor(machine: Machine, daemonSet: DaemonSet, hash: string): { shape: number } | { error: string } {
	const { state } = machine
	// By its spec, which a new status leaves alone.
	const known = machine.memo.shapes.get(daemonSet.spec)
	const { uid } = daemonSet.metadata
	const generation = generationOf(machine, daemonSet)
	const same = known?.uid === uid && known?.hash === hash && known?.generation === generation
	if (known !== undefined && same && state.podShapes.values[known.id] === known.value) {
		return { shape: useInterned(state.podShapes, known.id) }
	}
	const { metadata, spec } = daemonPod(daemonSet, hash, "")
	const priority = podPriority(spec.priorityClassName, classesOf(machine))
	if ("refused" in priority) {
		return { error: `pods "${metadata.generateName}" is forbidden: ${priority.refused}` }
	}
	const { affinity, ...rest } = spec
	const { nodeAffinity, ...others } = affinity ?? {}
	const { requiredDuringSchedulingIgnoredDuringExecution: _pin, ...preferred } = nodeAffinity ?? {}
	const kept = { ...others, ...(Object.keys(preferred).length === 0 ? {} : { nodeAffinity: preferred }) }
	const value: PodShape = {
		labels: metadata.labels,
		annotations: metadata.annotations ?? {},
		finalizers: metadata.finalizers ?? [],
		spec: {
			...ADMITTED,
			...rest,
			...(Object.keys(kept).length === 0 ? {} : { affinity: kept }),
			priority: priority.priority,
			preemptionPolicy: priority.preemptionPolicy,
			...(priority.className === "" ? {} : { priorityClassName: priority.className }),
		} as PodSpec,
	}
	const id = intern(state.podShapes, value)
	machine.memo.shapes.set(daemonSet.spec, { uid, hash, generation, id, value: internedValue(state.podShapes, id) })
	return { shape: id }
}

export function classesOf({ state, memo }: Machine): readonly PriorityRank[] {
	memo.classes ??= [...state.objects]
		.filter(([key]) => key.startsWith("scheduling.k8s.io/PriorityClass/"))
		.map(([, object]) => {
			const { metadata, value, globalDefault = false, preemptionPolicy } = object as PriorityClass
			return {
				name: metadata.name,
				value,
				globalDefault,
				...(preemptionPolicy === undefined ? {} : { preemptionPolicy }),
			}
		})
	return memo.classes
}
