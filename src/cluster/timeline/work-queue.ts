import type { DaemonSetRow } from "../state/daemon-sets.ts"
import type { State } from "../state/state.ts"
import { Due } from "./due.ts"
import { cancel, schedule } from "./timeline.ts"

/** Queues a DaemonSet. One that waits already waits once; one that is being synced comes again when it is done. */
export function enqueue(state: State, slot: number): void {
	const row = state.daemonSets[slot]
	if (row === undefined || row.gone || row.queued) return
	if (row.running) {
		row.again = true
		return
	}
	row.queued = true
	state.queue.push(slot)
	startWorkers(state)
}

/** Gives waiting DaemonSets to free workers, first come, first served. */
export function startWorkers(state: State): void {
	while (state.workers < state.settings.concurrentSyncs) {
		const slot = state.queue.shift()
		if (slot === undefined) return
		const row = state.daemonSets[slot]
		if (row === undefined) continue
		row.queued = false
		row.running = true
		state.workers++
		schedule(state.timeline, state.now, Due.Work, slot)
	}
}

/** The worker is done with it. */
export function finish(state: State, slot: number, row: DaemonSetRow): void {
	row.running = false
	state.workers--
	if (row.again) {
		row.again = false
		enqueue(state, slot)
	}
	startWorkers(state)
}

/** A retry that has backed off this far is a repeat: nobody waits for what it brings. */
const REPEAT_MS = 16_000

/** Queues it after a while. Of several such moments the soonest and the last count (rule O5). */
export function enqueueAfter(
	state: State,
	slot: number,
	row: DaemonSetRow,
	afterMs: number,
	repeat = afterMs >= REPEAT_MS,
): void {
	const at = state.now + afterMs
	row.latestAt = Math.max(row.latestAt, at)
	if (row.later !== -1) {
		if (row.laterAt <= at) return
		cancel(state.timeline, row.later)
	}
	row.laterAt = at
	row.later = schedule(state.timeline, at, Due.Queue, slot, 0, 1, repeat)
}

/** One of those moments has come. */
export function queueAgain(state: State, slot: number): void {
	const row = state.daemonSets[slot]
	if (row === undefined) return
	row.later = -1
	if (row.latestAt > state.now) enqueueAfter(state, slot, row, row.latestAt - state.now, false)
	enqueue(state, slot)
}

/** After a failed sync: 5 ms doubling to 1,000 s. */
export function enqueueLimited(state: State, slot: number, row: DaemonSetRow): void {
	const { retryBaseMs, retryMostMs } = state.settings
	enqueueAfter(state, slot, row, Math.min(retryBaseMs * 2 ** Math.min(row.failures, 30), retryMostMs))
	row.failures++
}

/** The watch will deliver a change of one of its pods: what it was waiting for is lowered then, and it is queued. */
export function deliver(state: State, slot: number, creations: number, deletions: number): void {
	const row = state.daemonSets[slot]
	if (row === undefined || row.gone) return
	const at = state.now + state.settings.watchMs
	const { deliveries } = row
	const last = deliveries.length - 3
	if (last >= 0 && deliveries[last] === at) {
		deliveries[last + 1] = (deliveries[last + 1] as number) + creations
		deliveries[last + 2] = (deliveries[last + 2] as number) + deletions
		return
	}
	deliveries.push(at, creations, deletions)
	schedule(state.timeline, at, Due.Deliver, slot)
}
