import { Command } from "commander"
import { type EngineCommandFlags, engineFlags, engineOptions } from "../engine-flags.ts"
import { orExit } from "../failure.ts"
import { repositoryFlag, textFormat } from "../flags.ts"
import { shortCommit } from "../ledger/words.ts"
import { oneLine } from "../output/visible.ts"
import type { Shell } from "../shell.ts"
import { COULD_NOT_PLAN, gateOrThrow } from "./plan.ts"

type Flags = EngineCommandFlags & { readonly good: string; readonly bad: string; readonly until: string }

const NONE_FOUND = 1

const EXAMPLES = `
Examples:
  rollcall bisect --good v1.4.0 --bad main --until 'unavailable > 10%'
  rollcall bisect --good HEAD~50 --bad HEAD --until stuck --fleet nodes.yaml

Exit code: 0 found, 1 no commit breaks the gate, 2 could not look.`

export function bisectCommand(shell: Shell): Command {
	const command = new Command("bisect")
		.description("find the first commit that breaks a gate, by rehearsing")
		.requiredOption("--good <rev>", "a commit before it")
		.requiredOption("--bad <rev>", "a commit with it")
		.requiredOption("--until <gate>", "the gate: a measure beyond a limit, as with plan --fail-on")
		.option("-o, --output <format>", "text, json or yaml")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(engineFlags(command)).action(async (_, self: Command) => {
		shell.exitCode = await orExit(COULD_NOT_PLAN, () => bisect(shell, self.optsWithGlobals<Flags>()))
	})
}

async function bisect(shell: Shell, flags: Flags): Promise<number> {
	const { terminal } = shell
	const format = textFormat(flags.output)
	const world = await shell.world()
	const { good, bad, until } = flags
	const options = { ...engineOptions(shell, flags.repo, flags), good, bad, gate: gateOrThrow("--until", until) }
	const { first, message, commits } = await world.bisect(options, ({ commit, subject }, broken, left) => {
		const verdict = broken === undefined ? "good" : "bad"
		terminal.err(`${shortCommit(commit)} ${verdict}, at most ${left} to go: ${oneLine(subject)}`)
	})
	if (format !== "text") {
		const { formatDocument, record } = await import("../output/document.ts")
		const found = first && {
			commit: first.commit,
			author: first.author.name,
			subject: first.subject,
			message: message ?? "",
		}
		terminal.out(formatDocument(record("Bisection", { commits, ...(found ? { first: found } : {}) }), format))
	} else if (first === undefined) {
		terminal.out(`none of ${commits} commits breaks ${oneLine(until)}\n`)
	} else {
		terminal.out(
			`${first.commit} is the first that breaks it\n  ${oneLine(first.subject)} (${oneLine(first.author.name)})\n  ${oneLine(message ?? "")}\n`,
		)
	}
	return first === undefined ? NONE_FOUND : 0
}
