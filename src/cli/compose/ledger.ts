import { userInfo } from "node:os"
import { isAbsolute } from "node:path"
import {
	type DriftMode,
	driftIn,
	type RecordedCluster,
	type Restored,
	restore,
	type Suspension,
	suspensionIn,
	type Tracked,
	trackedBy,
} from "../../engine/index.ts"
import { openSource } from "../../git/index.ts"
import { type Holder, holderOf, linesOf, openStore, type Prunable, type StateDirectory } from "../../store/index.ts"
import { systemClock } from "../clock.ts"
import { CliError } from "../failure.ts"
import type { Reader } from "../world.ts"

/** What a state directory is the history of, and who is at work on it. */
export type Following = {
	readonly tracked: Tracked | undefined
	readonly suspension: Suspension | undefined
	readonly drift: DriftMode | undefined
	readonly holder: Holder | undefined
}

export function followingIn(directory: string): Following {
	const state = openStore(directory, { readOnly: true })
	try {
		const rest = state.rest()
		const holder = holderOf(directory)
		return { tracked: trackedBy(rest), suspension: suspensionIn(rest), drift: driftIn(rest)?.mode, holder }
	} finally {
		state.close()
	}
}

export type OpenedLedger = {
	readonly state: StateDirectory
	/** What it is the history of; undefined where nothing was recorded. */
	readonly tracked: Tracked | undefined
	/** The cluster as it was recorded last; undefined where nothing was recorded. */
	recorded(): RecordedCluster | undefined
	/** The same at a moment of cluster time; undefined where nothing of that time is recorded. */
	at(moment: number): Restored | undefined
	close(): void
}

/** Opens a state directory to read, beside a running `rollcall run` or without one. */
export function openLedger(directory: string): OpenedLedger {
	const state = openStore(directory, { readOnly: true })
	const tracked = trackedBy(state.rest())
	const at = (moment?: number): Restored | undefined => restore(state, moment)
	return { state, tracked, recorded: () => at()?.recorded, at, close: () => state.close() }
}

/** What git calls commits in the repository that is followed, as far as it is on this machine: nothing is fetched. */
export function namesIn(stateDir: string, { repository, branch }: Tracked): NonNullable<Reader["git"]> {
	const resolve = async (revision: string): Promise<string | undefined> => {
		// Of a URL there is a copy of our own.
		const isOurs = !isAbsolute(repository)
		const source = await openSource({ repository, branch, stateDir, allowLocal: isOurs, allowLoopback: isOurs })
		return source.resolve(revision).finally(() => source.close())
	}
	return { repository, branch, resolve }
}

/** Takes an export into a state directory without a history; see `StateDirectory.import`. */
export function importLedger(
	directory: string,
	path: string,
	expectedHead?: string,
): ReturnType<StateDirectory["head"]> {
	const state = openStore(directory, { what: "rollcall ledger import" })
	try {
		return state.import(linesOf(path), expectedHead)
	} finally {
		state.close()
	}
}

/** Removes what was recorded before a moment of cluster time; undefined where there is nothing. */
export function pruneLedger(directory: string, before: number, dryRun: boolean): Prunable | undefined {
	const state = openStore(directory, { what: "rollcall ledger prune" })
	try {
		if (dryRun || state.prunable(before) === undefined) return state.prunable(before)
		// Later moments are worked out from here on: what is kept must lead there.
		const then = restore(state, before - 1)
		if (then?.faithful === false) {
			const message = `Cannot prune ${directory}: the recorded inputs lead to another cluster than the one that was recorded`
			throw new CliError(message, { next: "name a later moment, or prune with the version that recorded it" })
		}
		const at = state.mark()?.at ?? state.lastAt() ?? before
		return state.prune(before, then?.recorded.save(), systemClock.wall(), ({ last }) => ({
			kind: "prune",
			at,
			before,
			last: last.number,
			hash: last.hash,
			who: userName(),
		}))
	} finally {
		state.close()
	}
}

function userName(): string {
	try {
		return userInfo().username
	} catch {
		return "unknown"
	}
}
