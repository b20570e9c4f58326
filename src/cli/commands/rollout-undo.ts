import { Command } from "commander"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { count, repositoryFlag, repositoryOf, type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"
import type { Reader, UndoOptions, UndoResult } from "../world.ts"

type Flags = SharedFlags & {
	readonly toRevision?: number
	readonly toCommit?: string
	readonly toRollout?: number
	readonly toBranch?: string
	readonly branch?: string
	readonly message?: string
	readonly dryRun?: boolean
	readonly allowLocal?: boolean
}

const EXAMPLES = `
Examples:
  rollcall rollout undo ds/fluentd -n logging              back to the newest revision that was healthy
  rollcall rollout undo ds/fluentd --dry-run               the diff and the message, nothing written
  rollcall rollout undo ds/fluentd --to-revision 3
  rollcall rollout undo ds/fluentd --to-commit 8265f13a
  rollcall rollout undo ds/fluentd --to-branch undo-fluentd    a branch for review instead

It writes one commit that puts back that DaemonSet's document as the text that it was; a running rollcall then rolls it
out. Undoing twice goes further back. The repository must be on this machine: for one that is followed by its URL, name
a clone with --repo, and push.`

export function rolloutUndoCommand(shell: Shell): Command {
	const command = new Command("undo")
		.description("takes a DaemonSet back to an earlier revision, by a commit")
		.argument("<daemonset>", "ds/NAME")
		.option("-n, --namespace <name>", "its namespace")
		.option("--to-revision <number>", "this revision; 0: the newest that was healthy", revision)
		.option("--to-commit <commit>", "as it stood at this commit")
		.option("--to-rollout <number>", "what this rollout rolled out", count("--to-rollout"))
		.option("--to-branch <name>", "make a new branch with the commit, and leave the branch alone")
		.option("--branch <name>", "the branch (default: the one that is followed)")
		.option("--message <text>", "the commit's message; the trailers are added")
		.option("--dry-run", "print the diff and the message, and write nothing")
		.option("--allow-local", "also a repository that belongs to another user")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(command).action(async (name: string, _, self: Command) => {
		await undo(shell, name, self.optsWithGlobals<Flags>())
	})
}

async function undo(shell: Shell, name: string, flags: Flags): Promise<void> {
	const world = await shell.world()
	const state = stateDirOf(flags, shell)
	const reader = await world.openReader(state)
	let daemonSet: ObjectKey
	try {
		daemonSet = await oneDaemonSet(reader, name, flags.namespace)
	} finally {
		reader.close()
	}
	const { branch, message, toBranch } = flags
	const repository = flags.repo === undefined ? undefined : repositoryOf(flags.repo, shell.cwd)
	const result = await world.undo({
		state,
		daemonSet,
		wish: wishOf(flags),
		allowLocal: flags.allowLocal === true,
		dryRun: flags.dryRun === true,
		...(repository === undefined ? {} : { repository }),
		...(branch === undefined ? {} : { branch }),
		...(message === undefined ? {} : { message }),
		...(toBranch === undefined ? {} : { toBranch }),
	})
	await print(shell, `daemonset.apps/${keyParts(daemonSet).name}`, result)
}

/** The one DaemonSet that is meant. Throws a CliError where there is none, or one in each of several namespaces. */
export async function oneDaemonSet(reader: Reader, name: string, namespace: string | undefined): Promise<ObjectKey> {
	const { findDaemonSets } = await import("../ledger/find.ts")
	const [found, ...others] = findDaemonSets(reader, name, namespace)
	if (found === undefined) {
		throw new CliError(`Cannot find a DaemonSet "${name}" in the ledger or the cluster`, {
			next: "rollcall get ds -A lists the DaemonSets, rollcall history all rollouts",
		})
	}
	if (others.length === 0) return found
	const namespaces = [found, ...others].map((key) => `-n ${keyParts(key).namespace}`)
	throw new CliError(`Cannot tell which "${name}" is meant: there are ${namespaces.length}`, {
		next: `add ${namespaces.join(" or ")}`,
	})
}

function wishOf({ toRevision, toCommit, toRollout }: Flags): UndoOptions["wish"] {
	const wishes: UndoOptions["wish"][] = []
	// kubectl's 0 is the same as none.
	if (toRevision !== undefined && toRevision > 0) wishes.push({ kind: "revision", revision: toRevision })
	if (toCommit !== undefined) wishes.push({ kind: "commit", commit: toCommit })
	if (toRollout !== undefined) wishes.push({ kind: "rollout", rollout: toRollout })
	const [wish = { kind: "last" }, ...more] = wishes
	if (more.length === 0) return wish
	throw new CliError("Cannot go back to two places at once", {
		next: "give one of --to-revision, --to-commit and --to-rollout",
	})
}

function revision(text: string): number {
	return text === "0" ? 0 : count("--to-revision")(text)
}

async function print({ terminal }: Shell, what: string, result: UndoResult): Promise<void> {
	const { visible } = await import("../output/visible.ts")
	// kubectl's words.
	if (result.kind === "same") {
		const why =
			result.revision === undefined
				? "the document already is as it was there"
				: `current template already matches revision ${result.revision}`
		terminal.out(visible(`${what} skipped rollback (${why})\n`))
		return
	}
	if (result.kind === "planned") {
		const { createTwoFilesPatch } = await import("diff")
		const [before, after] = [result.before, result.after].map((bytes) => Buffer.from(bytes).toString("utf8"))
		const { path } = result
		const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, before ?? "", after ?? "", "", "")
		terminal.out(visible(`${patch.replace(/^=+\n/, "")}\n${result.message}`))
		terminal.err(visible(`${what} rolled back (dry run): nothing was written`))
		return
	}
	const [subject = ""] = result.message.split("\n")
	terminal.out(visible(`${what} rolled back\n`))
	terminal.err(visible(`${result.commit.slice(0, 8)} on ${result.branch}: ${subject}`))
}
