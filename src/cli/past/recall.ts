import { formatInstant, parseInstant } from "../../base/index.ts"
import { commitWithId } from "../commit-named.ts"
import { openLedger } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import { whereElse } from "../ledger/where-else.ts"
import { shortCommit } from "../ledger/words.ts"
import { past } from "../moment.ts"
import { restoredOrThrow } from "./restored.ts"

/** The cluster of a moment as `Cluster.save` gives it, and the moment for people; or why nobody can say. */
export type Recalled = { readonly cluster: Uint8Array; readonly asOf: string } | { readonly message: string }

/**
 * What `rollcall get --at` would look at: the cluster as it was at a time, or when a commit was taken, by its id or the
 * beginning of that. Reads the state directory beside the process that writes to it.
 */
export function recall(directory: string, when: string): Recalled {
	try {
		return recalled(directory, when)
	} catch (failure) {
		const { message, next } = failure as { readonly message: string; readonly next?: unknown }
		// What is no bug says what to do next.
		if (typeof next !== "string") throw failure
		return { message: `${message}; ${next}` }
	}
}

function recalled(directory: string, when: string): Recalled {
	const { state, at, close } = openLedger(directory)
	try {
		const { ledger } = state
		const commit = commitWithId(ledger, when)
		const moment = commit?.at ?? parseInstant(when)
		if (moment === undefined) {
			const next = whereElse(ledger, "rollcall history --commits lists them")
			throw new CliError(`Cannot find the commit "${when}" in the ledger`, { next })
		}
		const now = state.mark()?.at ?? moment
		const { cluster } = restoredOrThrow(at(past(moment, now)), moment, ledger)
		const taken = commit === undefined ? "" : `, when commit ${shortCommit(commit.commit.commit)} was taken`
		return { cluster: cluster.save(), asOf: `${formatInstant(moment)}${taken}` }
	} finally {
		close()
	}
}
