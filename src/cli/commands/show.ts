import { Command } from "commander"
import type { Why } from "../../history/index.ts"
import { commitNamed } from "../commit-named.ts"
import { CliError } from "../failure.ts"
import { repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import { withProgress } from "../ledger/progress.ts"
import { whereElse } from "../ledger/where-else.ts"
import { whyOfRollout } from "../reader.ts"
import type { Shell } from "../shell.ts"
import type { Reader } from "../world.ts"

const EXAMPLES = `
Examples:
  rollcall show 12                       a rollout: its fields, causes, and the nodes in the order they went
  rollcall show 4f2c1e9a                 a commit: its changes, findings, and what it rolled out
  rollcall show HEAD~1                   the commit before the newest that was seen
  rollcall show 12 -o json`

export function showCommand(shell: Shell): Command {
	const command = new Command("show")
		.description("one rollout or commit in full")
		.argument("<rollout-or-commit>", "a rollout's number, or a commit: an id or its beginning, HEAD~1, a tag")
		.option("-o, --output <format>", "json or yaml")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(command).action(async (what: string, _, self: Command) => {
		shell.exitCode = await show(shell, what, self.optsWithGlobals<SharedFlags>())
	})
}

async function show(shell: Shell, what: string, flags: SharedFlags): Promise<number> {
	const format = flags.output
	if (format !== undefined && format !== "json" && format !== "yaml") {
		throw new CliError(`Cannot print as "${format}"`, { next: "use -o json or yaml" })
	}
	const { openReader } = await shell.world()
	const [{ showCommit, showRollout }, { commitDetailJson, rolloutDetailJson }, { formatDocument }] = await Promise.all([
		import("../ledger/show.ts"),
		import("../ledger/json.ts"),
		import("../output/document.ts"),
	])
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const options = { now: reader.cluster.now(), paint: shell.terminal.paint }
		const found = soFar(await find(reader, what), reader)
		const text =
			found.kind === "rollout"
				? format
					? formatDocument(rolloutDetailJson(found.detail, found.why), format)
					: showRollout(found.detail, options, found.why)
				: format
					? formatDocument(commitDetailJson(found.detail), format)
					: showCommit(found.detail, options)
		shell.terminal.out(text)
		return 0
	} finally {
		reader.close()
	}
}

type Found = Awaited<ReturnType<typeof find>>

/** Of a rollout that goes on the ledger has neither numbers nor steps yet. */
function soFar(found: Found, { cluster }: Reader): Found & { readonly why?: Why } {
	if (found.kind !== "rollout") return found
	const { row, steps } = found.detail
	const why = whyOfRollout(cluster, row)
	const [now = row] = withProgress([row], cluster)
	const detail = { ...found.detail, row: now, steps: cluster.stepsSoFar(row) ?? steps }
	return { ...found, detail, ...(why === undefined ? {} : { why }) }
}

/** A short number is a rollout; whatever is longer, or no decimal number, is a commit. */
async function find(reader: Reader, what: string) {
	const { ledger } = reader
	const text = what.replace(/^(rollout|commit)\//, "")
	if (/^\d{1,6}$/.test(text) && !what.startsWith("commit/")) {
		const detail = ledger.rollout(Number(text))
		if (detail) return { kind: "rollout", detail } as const
		if (what.startsWith("rollout/") || text.length < 4) {
			throw new CliError(`Cannot find rollout ${text} in the ledger`, {
				next: whereElse(ledger, "rollcall history lists them"),
			})
		}
	}
	return { kind: "commit", detail: await commitNamed(reader, text) } as const
}
