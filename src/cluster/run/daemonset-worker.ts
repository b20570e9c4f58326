import { deepFreeze, formatInstant, invariant } from "../../base/index.ts"
import type { ControllerRevision, DaemonSet, KubeObject, PodSpec, PriorityClass } from "../../kube/index.ts"
import { compileSelector, keyOf, keyParts, objectKey } from "../../kube/index.ts"
import {
	type BackOff,
	beginSync,
	claimVerdict,
	controllerOf,
	daemonPod,
	expect,
	HASH_LABEL,
	isUpdated,
	lower,
	nextBatch,
	nextStep,
	ownerReference,
	type RevisionWrite,
	type StepOutcome,
	type SyncPlace,
	type SyncView,
	type SyncWrite,
	startSlowly,
	syncStep,
	templateGeneration,
} from "../daemonset/index.ts"
import { runningCensus } from "../daemonset/running-census.ts"
import { EventCode } from "../facts/event-words.ts"
import { Stage } from "../kubelet/index.ts"
import { readPod } from "../reads/read-pod.ts"
import { type PriorityRank, podPriority } from "../scheduler/index.ts"
import type { DaemonSetRow, SyncWork } from "../state/daemon-sets.ts"
import { intern, internedValue, releaseInterned, useInterned } from "../state/interned.ts"
import { nodeName } from "../state/names.ts"
import type { PodShape } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textId, textOf } from "../state/strings.ts"
import { newUid, newVersion, uidText } from "../state/uids.ts"
import { takeToken } from "../timeline/client-limit.ts"
import { Due } from "../timeline/due.ts"
import { schedule } from "../timeline/timeline.ts"
import { enqueueAfter, enqueueLimited, finish } from "../timeline/work-queue.ts"
import { assumeHash, judgePod, podReacts } from "../wiring.ts"
import { daemonSetEvent, podEndedEvent, podMadeEvent } from "../writes/events.ts"
import { type Machine, remembered } from "../writes/machine.ts"
import { nodeRowFor } from "../writes/nodes.ts"
import { storeObject, storeStatus } from "../writes/objects.ts"
import { addPod, drawPodName, GONE, regroup, setOwner } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { expectPod } from "./scheduler.ts"

/** A worker goes on with its DaemonSet: step by step, write by write, as far as the client limit lets it. */
export function workOn(machine: Machine, slot: number): void {
	const { state } = machine
	const row = state.daemonSets[slot]
	if (row === undefined) return
	const work = row.work ?? begin(machine, row)
	if (work === undefined) {
		finish(state, slot, row)
		return
	}
	row.work = work
	for (;;) {
		if (row.gone) {
			end(machine, slot, row, "")
			return
		}
		if (work.outcome === undefined) think(machine, slot, row, work)
		const waitMs = write(machine, slot, row, work)
		if (waitMs >= 0) {
			schedule(state.timeline, state.now + waitMs, Due.Work, slot)
			return
		}
		if ((work.place as SyncPlace).step === "revisions" && !row.planned) takeRevision(machine, slot, row, work)
		const next = follow(state, row, work)
		if (next === undefined) {
			end(machine, slot, row, work.error)
			return
		}
		work.place = next
		work.outcome = undefined
		work.write = 0
		work.error = next.error ?? ""
	}
}

/** The watch delivers: what the DaemonSet waited for is lowered, and it is queued by the caller. */
export function delivered(row: DaemonSetRow): void {
	const [, creations = 0, deletions = 0] = row.deliveries.shift() ?? []
	row.expectations = lower(row.expectations, { creations, deletions })
}

function begin(machine: Machine, row: DaemonSetRow): SyncWork | undefined {
	const { state } = machine
	const daemonSet = state.objects.get(row.key) as DaemonSet | undefined
	if (daemonSet === undefined || daemonSet.metadata.uid !== row.uid) return undefined
	const place = beginSync(daemonSet)
	if (place === "selects-everything") daemonSetEvent(machine, row, EventCode.SelectingAll)
	if (typeof place === "string") return undefined
	return { place, outcome: undefined, daemonSet, write: 0, part: 0, batch: 0, batchSize: 0, meant: [], error: "" }
}

function end({ state }: Machine, slot: number, row: DaemonSetRow, error: string): void {
	row.work = undefined
	if (error === "") row.failures = 0
	else if (!row.gone) enqueueLimited(state, slot, row)
	finish(state, slot, row)
}

/** Works out the step's outcome from the state of this moment. */
function think(machine: Machine, slot: number, row: DaemonSetRow, work: SyncWork): void {
	const { state } = machine
	const place = work.place as SyncPlace
	const known = place.step === "revisions" && row.planned
	const outcome: StepOutcome = known
		? { writes: [], found: { hash: textOf(state.strings, row.hash), old: row.oldRevisions } }
		: syncStep(viewOf(machine, slot, row), place)
	work.outcome = outcome
	work.meant = outcome.writes.length === 0 ? NOBODY : outcome.writes.map((next) => meantBy(state, next))
	work.write = 0
	work.part = 0
	work.batchSize = 0
	work.error = outcome.error ?? ""
	if (outcome.expect !== undefined) {
		row.expectations = expect(outcome.expect.creations, outcome.expect.deletions, state.now)
	}
	if (outcome.backOffs !== undefined) {
		for (const [key, backOff] of outcome.backOffs) row.backOffs.set(key, { ...backOff })
	}
	if (outcome.retryAfterMs !== undefined) enqueueAfter(state, slot, row, outcome.retryAfterMs)
}

const NOBODY: number[][] = []

/** Rows say who is meant only for this moment: uids and names say it for good. */
function meantBy({ pods, nodes }: State, next: SyncWrite): number[] {
	const meant: number[] = []
	if (next.kind === "delete-pods") for (const pod of next.pods) meant.push(pods.uid[pod] as number)
	else if (next.kind === "adopt-pod" || next.kind === "release-pod") meant.push(pods.uid[next.pod] as number)
	else if (next.kind === "create-pods") {
		for (const node of next.nodes) meant.push(nodes.base[node] as number, nodes.number[node] as number)
	}
	return meant
}

/** Performs what is left of the outcome. Returns how long to wait before going on; -1 where all is done. */
function write(machine: Machine, slot: number, row: DaemonSetRow, work: SyncWork): number {
	const { writes } = work.outcome as StepOutcome
	while (work.write < writes.length) {
		const next = writes[work.write] as SyncWrite
		const waitMs = perform(machine, slot, row, work, next)
		if (waitMs > 0) return waitMs
		if (waitMs === 0) {
			work.write++
			work.part = 0
			work.batchSize = 0
			// S5: a batch that failed is the last; deletes still run.
			if (work.write < writes.length || machine.state.settings.callMs > 0) return machine.state.settings.callMs
		}
	}
	return -1
}

function follow(state: State, row: DaemonSetRow, work: SyncWork): SyncPlace | undefined {
	const outcome = work.outcome as StepOutcome
	const place = work.place as SyncPlace
	const daemonSet = work.daemonSet as DaemonSet
	const after = {
		...(work.error === "" ? {} : { error: work.error }),
		expectations: row.expectations,
		now: state.now,
	}
	if (place.step === "revisions" && outcome.found !== undefined) {
		// A template that came while the writes waited for the client limit has no revision yet.
		const stored = state.objects.get(row.key)
		row.planned = stored?.metadata.generation === daemonSet.metadata.generation
		row.oldRevisions = [...outcome.found.old]
	}
	return nextStep(place, outcome, after, daemonSet.spec.updateStrategy?.type)
}

/** One write. Returns 0 when it is done, or how long to wait before going on with it. */
function perform(machine: Machine, slot: number, row: DaemonSetRow, work: SyncWork, next: SyncWrite): number {
	if (next.kind === "create-pods") return createPods(machine, slot, row, work, next.nodes, next.hash)
	if (next.kind === "delete-pods") return deletePods(machine, row, work, next.pods, next.failed)
	const waitMs = takeToken(machine.state)
	if (waitMs > 0) return waitMs
	if (next.kind === "store-status") storeStatus(machine, row.key, next.status)
	else if (!("pod" in next)) revise(machine, row, work, next)
	else if (!isStill(machine.state, next.pod, work.meant[work.write]?.[0])) return 0
	else if (next.kind === "adopt-pod") adopt(machine, slot, row, next.pod)
	else release(machine, next.pod, row.uid)
	return 0
}

/** S5: batches of 1, 2, 4 …, each as long as one call; a batch with an error is the last. */
function createPods(
	machine: Machine,
	slot: number,
	row: DaemonSetRow,
	work: SyncWork,
	nodes: readonly number[],
	hash: string,
): number {
	const { state } = machine
	if (work.batchSize === 0) work.batchSize = startSlowly(nodes.length).batch
	const made = shapeFor(machine, work.daemonSet as DaemonSet, hash)
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
		createPod(machine, slot, row, made.shape, nodeMeant(machine, work, nodes[work.part] as number), hash)
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

function createPod(machine: Machine, slot: number, row: DaemonSetRow, shape: number, node: number, hash: string): void {
	const { state } = machine
	const daemonSet = state.objects.get(row.key) as DaemonSet | undefined
	const { labels, spec } = internedValue(state.podShapes, shape)
	const generation = daemonSet && generationOf(machine, daemonSet)
	const { newSide } = row.census
	const updated = isUpdated(labels, textOf(state.strings, row.hash), generation)
	const name = drawPodName(machine, row.namespace, row.base)
	const pod = addPod(machine, {
		owner: slot,
		shape,
		namespace: row.namespace,
		...name,
		node,
		bound: Boolean(spec.nodeName),
		hash: textId(state.strings, hash),
		side: updated ? newSide : newSide === 0 ? 1 : 0,
	})
	podMadeEvent(machine, row, pod, true)
	podReacts(machine, pod, { creations: 1 })
	expectPod(machine, pod)
}

function generationOf({ memo }: Machine, daemonSet: DaemonSet): string | undefined {
	const { annotations } = daemonSet.metadata
	if (annotations === undefined) return undefined
	return remembered(memo.generations, annotations, () => ({ text: templateGeneration(daemonSet) })).text
}

function deletePods(
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

function isStill({ pods }: State, pod: number, uid: number | undefined): boolean {
	return pods.owner[pod] !== GONE && pods.uid[pod] === uid
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
	if ((state.pods.deletedAt[pod] as number) > 0) {
		// S4: nothing will be delivered for one that was going already.
		row.expectations = lower(row.expectations, { deletions: 1 })
		return
	}
	if (failed || state.pods.stage[pod] === Stage.Succeeded) podEndedEvent(machine, row, pod, failed)
	podMadeEvent(machine, row, pod, false)
	deletePod(machine, pod)
}

/** What all pods of this template share: the pod for one node without what is the node's. Counts as one use. */
function shapeFor(machine: Machine, daemonSet: DaemonSet, hash: string): { shape: number } | { error: string } {
	const { state } = machine
	// By its spec, which a new status leaves alone.
	const of = `${daemonSet.metadata.uid} ${hash} ${generationOf(machine, daemonSet)}`
	const known = machine.memo.shapes.get(daemonSet.spec)
	if (known?.of === of && state.podShapes.values[known.id] === known.value) {
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
			...rest,
			...(Object.keys(kept).length === 0 ? {} : { affinity: kept }),
			priority: priority.priority,
			preemptionPolicy: priority.preemptionPolicy,
			...(priority.className === "" ? {} : { priorityClassName: priority.className }),
		} as PodSpec,
	}
	const id = intern(state.podShapes, value)
	machine.memo.shapes.set(daemonSet.spec, { of, id, value: internedValue(state.podShapes, id) })
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

function revise(machine: Machine, row: DaemonSetRow, work: SyncWork, next: RevisionWrite): void {
	const { state } = machine
	if (next.kind === "create-revision") {
		const { revision } = next
		const metadata = {
			...revision.metadata,
			uid: uidText(state, newUid(state)),
			resourceVersion: String(newVersion(state)),
			creationTimestamp: formatInstant(state.now),
		}
		storeObject(machine, undefined, deepFreeze({ ...revision, metadata }) as ControllerRevision)
	} else if (next.kind === "update-revision") {
		const before = state.objects.get(keyOf(next.revision))
		const metadata = { ...next.revision.metadata, resourceVersion: String(newVersion(state)) }
		storeObject(machine, before, deepFreeze({ ...next.revision, metadata }) as ControllerRevision)
	} else if (next.kind === "delete-revision") {
		const { namespace = "" } = work.daemonSet.metadata
		const key = objectKey({ group: "apps", kind: "ControllerRevision", namespace, name: next.name })
		row.oldRevisions = row.oldRevisions.filter((name) => name !== next.name)
		storeObject(machine, state.objects.get(key), undefined)
	} else if (next.kind === "relabel-pods") {
		relabel(machine, row, next.hash)
	} else {
		const status = { ...(work.daemonSet as DaemonSet).status, collisionCount: next.collisionCount }
		storeStatus(machine, row.key, status as NonNullable<DaemonSet["status"]>)
	}
}

/** The current revision is this one: roles follow, and it is told. */
function takeRevision(machine: Machine, slot: number, row: DaemonSetRow, work: SyncWork): void {
	const { state } = machine
	const { found, writes } = work.outcome as StepOutcome
	if (found === undefined) return
	const hash = textId(state.strings, found.hash)
	const { namespace = "" } = work.daemonSet.metadata
	const current = currentRevision(state, row, namespace, found.hash)
	if (!row.planned || hash !== row.hash) {
		row.hash = hash
		assumeHash(machine, slot, row, work.daemonSet as DaemonSet)
	}
	if (
		current === undefined ||
		(current.revision === row.revision && !writes.some(({ kind }) => kind === "create-revision"))
	)
		return
	row.revision = current.revision
	machine.facts.rare({
		kind: "revision",
		daemonSet: row.key,
		uid: row.uid,
		revision: current.revision,
		hash: found.hash,
		name: current.metadata.name,
		returned: !writes.some(({ kind }) => kind === "create-revision"),
	})
}

function currentRevision(
	state: State,
	row: DaemonSetRow,
	namespace: string,
	hash: string,
): ControllerRevision | undefined {
	return revisionsOf(state, namespace)
		.filter((revision) => controllerOf(revision)?.uid === row.uid && revision.metadata.labels?.[HASH_LABEL] === hash)
		.sort((a, b) => b.revision - a.revision)[0]
}

function revisionsOf(state: State, namespace: string): ControllerRevision[] {
	const found: ControllerRevision[] = []
	for (const key of state.revisions.get(namespace) ?? []) {
		const object = state.objects.get(key)
		if (object !== undefined) found.push(object as ControllerRevision)
	}
	return found
}

/** H6: the same pods under another hash label. */
function relabel(machine: Machine, row: DaemonSetRow, hash: string): void {
	const { state } = machine
	const { pods } = state
	const id = textId(state.strings, hash)
	for (let pod = row.firstPod; pod !== -1; pod = pods.nextOwned[pod] as number) {
		if (pods.hash[pod] === id) continue
		const before = internedValue(state.podShapes, pods.shape[pod] as number)
		const after = intern(state.podShapes, { ...before, labels: { ...before.labels, [HASH_LABEL]: hash } })
		regroup(state, pod, () => {
			releaseInterned(state.podShapes, pods.shape[pod] as number)
			pods.shape[pod] = after
			pods.hash[pod] = id
			pods.version[pod] = newVersion(state)
		})
		judgePod(machine, pod)
	}
}

/** One view for all syncs of a DaemonSet: it reads the row and the state as they are. */
function viewOf(machine: Machine, slot: number, row: DaemonSetRow): SyncView {
	return remembered(machine.memo.views, row, () => {
		const { state } = machine
		const { namespace = "" } = keyParts(row.key)
		const census = runningCensus(state, row, slot)
		return {
			get daemonSet() {
				return withStoredStatus(state, row)
			},
			get expectations() {
				return row.expectations
			},
			backOffs: row.backOffs as ReadonlyMap<string, BackOff>,
			burst: state.settings.burstReplicas,
			revisions: () => revisionsOf(state, namespace),
			revisionNamed: (name) =>
				state.objects.get(objectKey({ group: "apps", kind: "ControllerRevision", namespace, name })) as
					| ControllerRevision
					| undefined,
			claims: () => claims(machine, slot, row),
			census: () => census,
			liveHashes: () => liveHashes(state, row),
		}
	})
}

// As it was when the sync began; but a collision count that this very sync raised must not be lost by its status.
function withStoredStatus(state: State, row: DaemonSetRow): DaemonSet {
	const daemonSet = row.work?.daemonSet as DaemonSet
	const stored = state.objects.get(row.key) as DaemonSet | undefined
	if (stored?.status === undefined || stored.status === daemonSet.status) return daemonSet
	return { ...daemonSet, status: stored.status }
}

/** C2: only pods that were written by hand or patched can be strangers; what the controller made matches. */
function claims(machine: Machine, slot: number, row: DaemonSetRow) {
	const { pods } = machine.state
	const outcome = { adopt: [] as number[], release: [] as number[] }
	if (pods.overlays.size === 0) return outcome
	const { spec } = withStoredStatus(machine.state, row)
	const compiled = compileSelector(spec.selector)
	if ("error" in compiled) return outcome
	for (const [pod, overlay] of pods.overlays) {
		const owner = pods.owner[pod] as number
		if (pods.namespace[pod] !== row.namespace || (owner !== -1 && owner !== slot)) continue
		const verdict = claimVerdict(
			{
				ownerUid: controllerOf(overlay)?.uid,
				matches: compiled.matches(overlay.metadata.labels),
				terminating: (pods.deletedAt[pod] as number) > 0,
			},
			row.uid,
		)
		if (verdict === "adopt" || verdict === "release") outcome[verdict].push(pod)
	}
	return outcome
}

function adopt(machine: Machine, slot: number, row: DaemonSetRow, pod: number): void {
	const { state } = machine
	const overlay = state.pods.overlays.get(pod)
	const daemonSet = state.objects.get(row.key) as DaemonSet | undefined
	if (overlay === undefined || daemonSet === undefined) return
	const { metadata } = overlay
	const ownerReferences = [...(metadata.ownerReferences ?? []), ownerReference(daemonSet)]
	state.pods.overlays.set(pod, deepFreeze({ ...overlay, metadata: { ...metadata, ownerReferences } }) as KubeObject)
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
	state.pods.overlays.set(pod, deepFreeze({ ...rest, metadata: kept }) as KubeObject)
	setOwner(machine, pod, -1, 0)
}

function liveHashes(state: State, row: DaemonSetRow): ReadonlySet<string> {
	const hashes = new Set<string>()
	for (const shape of row.shapes.keys()) hashes.add(internedValue(state.podShapes, shape).labels[HASH_LABEL] ?? "")
	return hashes
}
