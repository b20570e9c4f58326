import { randomUUID } from "node:crypto"
import { existsSync } from "node:fs"
import { userInfo } from "node:os"
import { join } from "node:path"
import type { AnswerRow } from "../../history/index.ts"
import { systemClock } from "../clock.ts"
import { leaveRequest, type OpenedLedger, openAtRest, openLedger } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import { LEDGER } from "../state-dir.ts"
import type { AskOptions } from "../world.ts"

const LOOK_EVERY_MS = 25
const TRY_EVERY_MS = 500

/**
 * Leaves a request where a running Rollcall finds it, and waits for the row of the ledger that answers it. Where none
 * runs, it is acted on here, by the same way in. Whoever acts on it, and whoever is killed meanwhile: it is done once.
 */
export async function ask(options: AskOptions, signal: AbortSignal): Promise<AnswerRow> {
	const { state, order, reason, timeoutMs } = options
	if (!existsSync(join(state, LEDGER))) throw nothingThere(state)
	const id = randomUUID()
	const request = { id, by: options.by ?? userInfo().username, ...order, ...(reason === undefined ? {} : { reason }) }
	leaveRequest(state, id, JSON.stringify(request))
	const began = systemClock.monotonic()
	let tried = Number.NEGATIVE_INFINITY
	let ledger: OpenedLedger | undefined
	try {
		for (;;) {
			const now = systemClock.monotonic()
			if (now - tried > TRY_EVERY_MS) {
				tried = now
				await actAtRest(state)
			}
			ledger ??= openLedger(state)
			const row = ledger.state.ledger.answer(id)
			if (row !== undefined) return row
			if (signal.aborted || now - began > timeoutMs) throw unanswered(state, signal.aborted)
			await systemClock.sleep(LOOK_EVERY_MS, signal)
		}
	} finally {
		ledger?.close()
	}
}

/** Where nobody writes to the state directory, what lies in its inbox is acted on. */
async function actAtRest(state: string): Promise<void> {
	try {
		const opened = await openAtRest(state, "rollcall, answering a request")
		try {
			opened.engine.stop()
		} finally {
			await opened.close()
		}
	} catch (failure) {
		// A running Rollcall holds it: that one answers.
		if (!isLocked(failure)) throw failure
	}
}

function isLocked(failure: unknown): boolean {
	return failure instanceof Error && "code" in failure && failure.code === "Locked"
}

function nothingThere(state: string): CliError {
	const next = "start rollcall run, or name another --state"
	return new CliError(`Cannot ask ${state}: nothing is recorded there yet`, { next })
}

function unanswered(state: string, aborted: boolean): CliError {
	const path = join(state, "inbox")
	return new CliError(aborted ? "stopped waiting for the answer" : "timed out waiting for the answer", {
		next: `the request lies in ${path} and is acted on when the running rollcall gets to it: the file "lock" beside it names its process`,
	})
}
