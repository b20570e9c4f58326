import { InvariantError } from "../../base/index.ts"
import { Engine, type Source, type Tracked, trackedBy } from "../../engine/index.ts"
import type { ParsedFile } from "../../manifest/index.ts"
import { openInbox, openStore, secretKey } from "../../store/index.ts"
import { systemClock } from "../clock.ts"
import { CliError } from "../failure.ts"
import type { OpenedEngine } from "./engine.ts"

/**
 * The engine of a history that is there, without its repository: it acts on what is asked of it, and time stands still.
 * Throws a StorageError `Locked` where another process writes to it.
 */
export async function openAtRest(directory: string, what: string): Promise<Pick<OpenedEngine, "engine" | "close">> {
	const state = openStore(directory, { what })
	const cache = NO_CACHE
	try {
		const tracked = trackedBy(state.rest())
		if (tracked === undefined) throw new CliError(`Cannot open ${directory}: nothing is recorded there yet`)
		const settings = {
			...tracked,
			seed: "",
			speed: "max",
			secretKey: secretKey(directory),
			backfill: 0,
			largestShare: 0,
		} as const
		const inbox = openInbox(directory)
		const source = sourceAtRest(tracked)
		const engine = new Engine({ source, store: state, cache, clock: systemClock, inbox, observe: () => {} }, settings)
		return { engine, close: async () => state.close() }
	} catch (failure) {
		state.close()
		throw failure
	}
}

/** Known by its name alone: nobody reads it. */
function sourceAtRest({ repository, branch }: Tracked): Source {
	const unread = (): never => {
		throw new InvariantError("a history at rest does not read its repository")
	}
	return {
		name: repository,
		branch,
		poll: unread,
		files: unread,
		changedFiles: unread,
		read: unread,
		commit: unread,
		walk: unread,
		isAncestor: unread,
		signatures: unread,
		resolve: unread,
		watch: unread,
		close: async () => {},
	}
}

const NO_CACHE = { get: () => new Map<string, ParsedFile>(), put: () => {}, close: () => {} }
