import { Command } from "commander"
import { type SourceCommandFlags, sourceFlags, sourceOptions } from "../engine-flags.ts"
import { orExit } from "../failure.ts"
import { repositoryFlag, type SharedFlags, stateDirOf, textFormat } from "../flags.ts"
import { historyOf, parseRange, readAsBefore, repositoryToRead } from "../revisions.ts"
import type { Shell } from "../shell.ts"

type Flags = SharedFlags & SourceCommandFlags & { readonly exitCode?: boolean; readonly plain?: boolean }

// As kubectl diff: 1 says that there are changes, so an error is 2.
const COULD_NOT_COMPARE = 2

const EXAMPLES = `
Examples:
  rollcall diff                          what the branch would change in the live cluster
  rollcall diff HEAD~3                   what that commit would change
  rollcall diff v1.4.0..main             between two commits
  rollcall diff -o json

Exit code: 0 no changes, 1 changes, 2 could not compare. --no-exit-code: changes are 0, too.`

export function diffCommand(shell: Shell): Command {
	const command = new Command("diff")
		.description("what changes between two commits, or between the cluster and a commit, by object and field")
		.argument("[range]", "REV, or REV..REV (default: live against the branch)")
		.option("-o, --output <format>", "text, json or yaml")
		.option("--plain", "read the files of kustomizations as they stand")
		.option("--no-exit-code", "end with 0 even where there are changes")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(sourceFlags(command)).action(async (range: string | undefined, _, self: Command) => {
		shell.exitCode = await orExit(COULD_NOT_COMPARE, () => diff(shell, range, self.optsWithGlobals<Flags>()))
	})
}

async function diff(shell: Shell, range: string | undefined, flags: Flags): Promise<number> {
	const format = textFormat(flags.output)
	const [world, report] = await Promise.all([shell.world(), import("../report/diff.ts")])
	const revisions = parseRange(range)
	const state = stateDirOf(flags, shell)
	const tracked = await world.tracked(state)
	const given = repositoryToRead(shell, flags, tracked, revisions.from === undefined)
	const options = { ...sourceOptions(shell, given, flags), state }
	const read = readAsBefore(options, flags, historyOf(options, tracked))
	const result = await world.diff({ ...read, ...revisions })
	if (format === "text") {
		shell.terminal.out(report.diffText(result.changes, shell.terminal.paint))
		shell.terminal.err(`${short(result.from)} → ${short(result.to)}: ${report.diffSummary(result.changes)}`)
	} else {
		const { formatDocument } = await import("../output/document.ts")
		shell.terminal.out(formatDocument(report.diffJson(result.changes, result), format))
	}
	return result.changes.length > 0 && flags.exitCode !== false ? 1 : 0
}

function short(commit: string): string {
	return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 8) : commit
}
