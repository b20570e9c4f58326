import { Command } from "commander"
import type { Tracked } from "../../engine/index.ts"
import { type SourceCommandFlags, sourceFlags, sourceOptions } from "../engine-flags.ts"
import { CliError } from "../failure.ts"
import {
	repositoryFlag,
	repositoryOf,
	repositoryOrThrow,
	type SharedFlags,
	stateDirOf,
	withoutCredentials,
} from "../flags.ts"
import type { Shell } from "../shell.ts"
import { ownClone } from "../state-dir.ts"

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
		const flags = self.optsWithGlobals<Flags>()
		try {
			shell.exitCode = await diff(shell, range, flags)
		} catch (error) {
			const next = (error as { readonly next?: unknown }).next
			throw new CliError(error instanceof Error ? error.message : String(error), {
				...(typeof next === "string" ? { next } : {}),
				exitCode: COULD_NOT_COMPARE,
				cause: error,
			})
		}
	})
}

async function diff(shell: Shell, range: string | undefined, flags: Flags): Promise<number> {
	const format = flags.output ?? "text"
	if (format !== "text" && format !== "json" && format !== "yaml") {
		throw new CliError(`Cannot print as "${format}"`, { next: "use -o text, json or yaml" })
	}
	const [world, report] = await Promise.all([shell.world(), import("../report/diff.ts")])
	const revisions = parseRange(range)
	const state = stateDirOf(flags, shell)
	const tracked = await world.tracked(state)
	const given = repositoryToRead(shell, flags, tracked, revisions.from === undefined)
	const options = { ...sourceOptions(shell, given, flags), state }
	// The history's own repository is read as it was for the cluster, or everything else would be a difference.
	const same = tracked?.repository === withoutCredentials(options.repository) ? tracked : undefined
	const branch = options.branch ?? same?.branch
	const result = await world.diff({
		...options,
		...(branch === undefined ? {} : { branch }),
		paths: options.paths.length > 0 ? options.paths : (same?.paths ?? []),
		plain: flags.plain === true || same?.plain === true,
		strict: same?.strict === true,
		...revisions,
	})
	if (format === "text") {
		shell.terminal.out(report.diffText(result.changes, shell.terminal.paint))
		shell.terminal.err(`${short(result.from)} → ${short(result.to)}: ${report.diffSummary(result.changes)}`)
	} else {
		const { formatDocument } = await import("../output/document.ts")
		shell.terminal.out(formatDocument(report.diffJson(result.changes, result), format))
	}
	return result.changes.length > 0 && flags.exitCode !== false ? 1 : 0
}

/** What is live is compared with its own repository; revisions are those of the repository around, where there is one. */
export function repositoryToRead(shell: Shell, flags: Flags, tracked: Tracked | undefined, isLive: boolean): string {
	if (flags.repo !== undefined) return flags.repo
	const around = repositoryOf(undefined, shell.cwd)
	const isElsewhere = !isLive && around !== undefined && around !== ownClone(import.meta.dirname)
	return isElsewhere || tracked === undefined ? repositoryOrThrow(undefined, shell) : tracked.repository
}

function short(commit: string): string {
	return /^[0-9a-f]{40,}$/.test(commit) ? commit.slice(0, 8) : commit
}

/** `A..B`, `..B` and `A..` (the branch's tip), or `B` alone: live against B. */
export function parseRange(range: string | undefined): { readonly from?: string; readonly to?: string } {
	if (range === undefined) return {}
	const dots = range.indexOf("..")
	if (dots < 0) return { to: range }
	const from = range.slice(0, dots)
	const to = range.slice(dots + 2)
	if (to.startsWith(".")) throw new CliError(`Cannot read "${range}"`, { next: "write REV..REV, with two dots" })
	return { ...(from ? { from } : {}), ...(to ? { to } : {}) }
}
