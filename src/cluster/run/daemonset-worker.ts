import { type DaemonSet, isPaused } from "../../kube/index.ts"
import {
	afterRevisions,
	areFulfilled,
	beginSync,
	expect,
	lower,
	nextStep,
	type RevisionWrite,
	type StepOutcome,
	type SyncPlace,
	type SyncView,
	type SyncWrite,
	syncStep,
} from "../daemonset/index.ts"
import { EventCode } from "../facts/event-words.ts"
import type { DaemonSetRow, SyncWork } from "../state/daemon-sets.ts"
import { half } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textOf } from "../state/strings.ts"
import { takeToken } from "../timeline/client-limit.ts"
import { Due } from "../timeline/due.ts"
import { schedule } from "../timeline/timeline.ts"
import { enqueueAfter, enqueueLimited, finish } from "../timeline/work-queue.ts"
import { daemonSetEvent } from "../writes/events.ts"
import type { Machine } from "../writes/machine.ts"
import { storeStatus } from "../writes/statuses.ts"
import { adopt, release } from "./daemonset-claims.ts"
import { createPods, deletePods, isStill } from "./daemonset-pods.ts"
import { revise, takeRevision } from "./daemonset-revisions.ts"
import { viewOf } from "./daemonset-view.ts"

/** A worker goes on with its DaemonSet: step by step, write by write, as far as the client limit lets it. */
export function workOn(machine: Machine, slot: number): void {
	const { state } = machine
	const row = state.daemonSets[slot]
	if (row === undefined) return
	const work = row.work ?? (rests(state, row) ? undefined : begin(machine, row))
	if (work === undefined) {
		finish(state, slot, row)
		return
	}
	row.work = work
	const view = viewOf(machine, slot, row)
	for (;;) {
		if (row.gone) {
			end(machine, slot, row, "")
			return
		}
		if (work.outcome === undefined) think(machine, slot, row, work, view)
		const waitMs = write(machine, slot, row, work)
		if (waitMs >= 0) {
			schedule(state.timeline, state.now + waitMs, Due.Work, slot)
			return
		}
		if ((work.place as SyncPlace).step === "revisions" && !row.planned) takeRevision(machine, row, work)
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

/** The last sync found nothing, and nothing that it looked at has changed: another one would find nothing again. */
function rests({ pods, now }: State, row: DaemonSetRow): boolean {
	const same = row.rests === row.census.changes && row.planned && pods.overlays.size === 0
	return same && areFulfilled(row.expectations, now)
}

/** The watch delivers: what the DaemonSet waited for is lowered, and it is queued by the caller. */
export function delivered(row: DaemonSetRow): void {
	const { deliveries } = row
	deliveries.shift()
	const creations = deliveries.shift() ?? 0
	const deletions = deliveries.shift() ?? 0
	if (creations + deletions > 0) row.expectations = lower(row.expectations, { creations, deletions })
}

function begin(machine: Machine, row: DaemonSetRow): SyncWork | undefined {
	const { state } = machine
	const daemonSet = state.objects.get(row.key) as DaemonSet | undefined
	if (daemonSet === undefined || daemonSet.metadata.uid !== row.uid) return undefined
	const first = beginSync(daemonSet)
	if (first === "selects-everything") daemonSetEvent(machine, row, EventCode.SelectingAll)
	if (typeof first === "string") return undefined
	const { hash, oldRevisions, expectations } = row
	return {
		place: row.planned ? afterRevisions(textOf(state.strings, hash), oldRevisions, expectations, state.now) : first,
		outcome: undefined,
		daemonSet,
		write: 0,
		part: 0,
		batch: 0,
		batchSize: 0,
		meant: NOBODY,
		error: "",
		quiet: true,
	}
}

function end({ state }: Machine, slot: number, row: DaemonSetRow, error: string): void {
	const { pods } = state
	const quiet = row.work?.quiet === true && (row.work.place as SyncPlace).raise && error === ""
	row.rests = quiet && pods.overlays.size === 0 ? row.census.changes : -1
	row.work = undefined
	if (error === "") row.failures = 0
	else if (!row.gone) enqueueLimited(state, slot, row)
	finish(state, slot, row)
}

/** Works out the step's outcome from the state of this moment. */
function think(machine: Machine, slot: number, row: DaemonSetRow, work: SyncWork, view: SyncView): void {
	const { state } = machine
	const place = work.place as SyncPlace
	if (place.step === "revisions") row.disturbed = false
	const outcome = syncStep(view, place)
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
	const { retryAfterMs } = outcome
	if (place.step === "revisions" || outcome.writes.length > 0 || retryAfterMs !== undefined) work.quiet = false
	// H5: revisions in use are kept, and that is not the census' to say.
	if (place.step === "clean-up" && place.old.length > ((work.daemonSet as DaemonSet).spec.revisionHistoryLimit ?? 10))
		work.quiet = false
	if (retryAfterMs === undefined) return
	if (place.step === "status") enqueueAfter(state, slot, row, retryAfterMs, false)
	else enqueueAfter(state, slot, row, retryAfterMs)
}

const NOBODY: number[][] = []

/** Rows say who is meant only for this moment: uids and names say it for good. */
function meantBy({ pods, nodes }: State, next: SyncWrite): number[] {
	const meant: number[] = []
	if (next.kind === "delete-pods") for (const pod of next.pods) meant.push(pods.uid[half(pod)] as number)
	else if (next.kind === "adopt-pod" || next.kind === "release-pod") meant.push(pods.uid[half(next.pod)] as number)
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
		if (stops(machine.state, row, work)) {
			row.expectations = lower(row.expectations, untried(writes.slice(work.write), work.part))
			return -1
		}
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

/** R10: what a pass of the rolling update still meant to do when it was paused is not done. */
function stops({ objects }: State, row: DaemonSetRow, { place, outcome }: SyncWork): boolean {
	const rolls = (place as SyncPlace).step === "roll" && (outcome as StepOutcome).paused !== true
	return rolls && isPaused(objects.get(row.key))
}

/** What nobody will deliver: of the first write, the part that was performed is under way. */
function untried(writes: readonly SyncWrite[], performed: number): { creations: number; deletions: number } {
	const left = { creations: 0, deletions: 0 }
	for (const [index, write] of writes.entries()) {
		const begun = index === 0 ? performed : 0
		if (write.kind === "create-pods") left.creations += write.nodes.length - begun
		else if (write.kind === "delete-pods") left.deletions += write.pods.length - begun
	}
	return left
}

function follow(state: State, row: DaemonSetRow, work: SyncWork): SyncPlace | undefined {
	const outcome = work.outcome as StepOutcome
	const place = work.place as SyncPlace
	const daemonSet = work.daemonSet as DaemonSet
	const error = work.error === "" ? undefined : work.error
	const after = { error, expectations: row.expectations, now: state.now }
	if (place.step === "revisions" && outcome.found !== undefined) {
		// A template that came while the writes waited for the client limit has no revision yet.
		const stored = state.objects.get(row.key)
		row.planned = stored?.metadata.generation === daemonSet.metadata.generation && !row.disturbed
		row.oldRevisions = [...outcome.found.old]
	}
	return nextStep(place, outcome, after, daemonSet.spec.updateStrategy?.type)
}

/** What a sync does to revisions it knows already. */
function reviseItself(machine: Machine, row: DaemonSetRow, work: SyncWork, next: RevisionWrite): void {
	const { planned, disturbed } = row
	revise(machine, row, work, next)
	row.planned = planned
	row.disturbed = disturbed
}

/** One write. Returns 0 when it is done, or how long to wait before going on with it. */
function perform(machine: Machine, slot: number, row: DaemonSetRow, work: SyncWork, next: SyncWrite): number {
	if (next.kind === "create-pods") return createPods(machine, slot, row, work, next.nodes, next.hash)
	if (next.kind === "delete-pods") return deletePods(machine, row, work, next.pods, next.failed)
	const waitMs = takeToken(machine.state)
	if (waitMs > 0) return waitMs
	if (next.kind === "store-status") storeStatus(machine, row, next.status)
	else if (!("pod" in next)) reviseItself(machine, row, work, next)
	else if (!isStill(machine.state, next.pod, work.meant[work.write]?.[0])) return 0
	else if (next.kind === "adopt-pod") adopt(machine, slot, row, next.pod)
	else release(machine, next.pod, row.uid)
	return 0
}
