import { sha256 } from "../base/index.ts"
import { AUTOMATON, type LedgerEntry, type PendingRollback, pendingRollbacks, undoRecordOf } from "../history/index.ts"
import { keyParts, pauseOf } from "../kube/index.ts"
import type { Clock, RollbackEnd, RollbackWriter, Source } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import { sourceFailure } from "./source-failure.ts"

/** How soon what was refused is tried again, in real milliseconds. */
const AGAIN_MS = 60_000

type End = RollbackEnd | { readonly kind: "never"; readonly message: string }
type Ended = { readonly pending: PendingRollback; readonly end: End } | { readonly bug: unknown }

export type RollbackParts = {
	/** Absent where Rollcall may not write: then it says so. */
	readonly writer: RollbackWriter | undefined
	readonly source: Pick<Source, "commit">
	readonly clock: Pick<Clock, "monotonic">
	/** Something is to be told. */
	readonly wake: () => void
}

/**
 * Asks for the rollbacks that were decided on, beside the loop and one at a time. What is pending is read off the
 * recorded state, so that a restart asks again; the writer looks for the id before it writes.
 */
export class Rollbacks {
	readonly #parts: RollbackParts
	/** By id: over for good, or when it was refused and in which words. */
	readonly #over = new Set<string>()
	readonly #refused = new Map<string, { readonly at: number; readonly message: string }>()
	#asked: Promise<void> | undefined
	#ended: Ended | undefined

	constructor(parts: RollbackParts) {
		this.#parts = parts
	}

	/** Asks for the next one that is pending, where there is one: call it when the decision is durable. */
	ask(recorded: RecordedCluster): boolean {
		if (this.#asked !== undefined || this.#ended !== undefined) return true
		const now = this.#parts.clock.monotonic()
		const pending = pendingRollbacks(recorded.history).find((one) => {
			const refused = this.#refused.get(idOf(one))
			return !this.#over.has(idOf(one)) && (refused === undefined || now - refused.at >= AGAIN_MS)
		})
		if (pending === undefined) return false
		const reason = pauseOf(recorded.cluster.read(pending.daemonSet))?.reason ?? `rollout ${pending.rollout} failed`
		this.#asked = this.#end(pending, reason)
			.then(
				(end) => ({ pending, end }),
				(bug) => ({ bug }),
			)
			.then((ended) => {
				this.#asked = undefined
				this.#ended = ended
				this.#parts.wake()
			})
		return true
	}

	/** Waits for the one that is asked for. */
	async answered(): Promise<void> {
		await this.#asked
	}

	/** Says what became of it; true where the branch has moved. */
	tell(recorded: RecordedCluster): boolean {
		const ended = this.#ended
		this.#ended = undefined
		if (ended === undefined) return false
		if ("bug" in ended) throw ended.bug
		const { pending, end } = ended
		const id = idOf(pending)
		const before = this.#refused.get(id)?.message
		if (end.kind === "refused") this.#refused.set(id, { at: this.#parts.clock.monotonic(), message: end.message })
		else this.#over.add(id)
		// What is refused as before is not told every minute.
		if (end.kind !== "refused" || end.message !== before) recorded.note(rowOf(recorded, pending, end))
		return end.kind === "written"
	}

	async #end(pending: PendingRollback, reason: string): Promise<End> {
		const { daemonSet, rollout, commit } = pending
		const { writer } = this.#parts
		if (writer === undefined) return { kind: "refused", message: MAY_NOT, next: nextOf(pending) }
		if (commit === undefined) return { kind: "never", message: "no commit brought it" }
		try {
			const record = await this.#parts.source.commit(commit)
			// A rollback that fails is not rolled back: nothing goes to and fro by itself.
			if (undoRecordOf(record, daemonSet) !== undefined) return { kind: "never", message: "it was a rollback itself" }
		} catch (problem) {
			const failure = sourceFailure(problem)
			if (failure === undefined) throw problem
			return { kind: "refused", message: failure.message, next: failure.next }
		}
		return writer.rollBack({ id: idOf(pending), daemonSet, rollout, reason })
	}
}

const MAY_NOT = "nothing is written to git without --allow-write"

function nextOf({ daemonSet }: PendingRollback): string {
	return `start it with that, or take it back with rollcall rollout undo ds/${keyParts(daemonSet).name}`
}

/** The same for everybody who follows the branch: two instances that decide the same write it once. */
function idOf({ daemonSet, commit }: PendingRollback): string {
	return sha256(`${daemonSet} ${commit ?? ""}`).slice(0, 24)
}

function rowOf(recorded: RecordedCluster, pending: PendingRollback, end: End): LedgerEntry {
	const { daemonSet, rule } = pending
	return {
		kind: "decision",
		at: recorded.cluster.now(),
		decision: "rollback",
		rule,
		message: sayEnd(pending, end),
		who: AUTOMATON,
		object: daemonSet,
		...(end.kind === "written" ? { commit: end.commit } : {}),
	}
}

function sayEnd({ daemonSet, rollout }: PendingRollback, end: End): string {
	const { namespace, name } = keyParts(daemonSet)
	const what = `rollback of rollout ${rollout} of ${namespace}/${name}`
	if (end.kind === "written") return `${what}: written as ${end.commit.slice(0, 8)}`
	if (end.kind === "overtaken") return `no ${what}: ${end.message}`
	if (end.kind === "never")
		return `no ${what}: ${end.message}; it stays paused: rollcall rollout undo ds/${name} goes further back`
	return `${what} refused: ${end.message}; ${end.next}; until then it stays paused`
}
