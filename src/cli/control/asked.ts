import { type Command, Option } from "commander"
import { parseDuration } from "../../base/index.ts"
import type { Order } from "../../engine/index.ts"
import type { AnswerRow } from "../../history/index.ts"
import { CliError } from "../failure.ts"
import { actFormat, type SharedFlags } from "../flags.ts"
import type { Shell } from "../shell.ts"

export type AskFlags = SharedFlags & { readonly reason?: string; readonly timeout: number }

const TIMEOUT_MS = 30_000

/** The flags of whatever asks something of a running Rollcall. */
export function askFlags(command: Command): Command {
	return command
		.option("--reason <text>", "why, for the record")
		.addOption(
			new Option("--timeout <duration>", "how long to wait for a running rollcall to answer")
				.argParser(duration)
				.default(TIMEOUT_MS, "30s"),
		)
}

/** What was asked for is not done, and the ledger says why. */
export class Refused extends CliError {}

/**
 * Asks, and waits until it is durable; `told` is what the ledger says of it. Throws a `Refused`, in kubectl's words, where
 * it is refused.
 */
export async function asked(
	shell: Shell,
	state: string,
	order: Order,
	flags: AskFlags,
	told: (row: AnswerRow) => void = () => {},
): Promise<void> {
	const world = await shell.world()
	const reason = flags.reason === undefined ? {} : { reason: flags.reason }
	const row = await world.ask({ state, order, timeoutMs: flags.timeout, ...reason }, shell.signal)
	told(row)
	const { refused } = row.entry
	if (refused === undefined) return
	// kubectl names the server's reason; that something is paused already it says itself.
	const isOurs = refused.reason === "Conflict" && order.kind !== "write"
	throw new Refused(isOurs ? refused.message : `Error from server (${refused.reason}): ${refused.message}`)
}

/** The same, for an act with a name: prints what came of it. */
export async function act(
	shell: Shell,
	state: string,
	{ order, name, done }: { readonly order: Order; readonly name: string; readonly done: string },
	flags: AskFlags,
): Promise<void> {
	const format = actFormat(flags.output)
	const [{ formatAct }, { decisionJson }] = await Promise.all([
		import("../output/acts.ts"),
		import("../ledger/decisions.ts"),
	])
	await asked(shell, state, order, flags, (row) => {
		const { kind: _, ...content } = decisionJson(row)
		const words = row.entry.refused === undefined ? { done } : {}
		shell.terminal.out(formatAct({ name, kind: "Decision", content, ...words }, format))
	})
}

function duration(text: string): number {
	const durationMs = parseDuration(text)
	if (durationMs !== undefined && durationMs > 0) return durationMs
	throw new CliError(`Cannot read --timeout "${text}"`, { next: "write 90s or 5m" })
}
