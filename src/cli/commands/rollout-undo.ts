import { Command } from "commander"
import { keyParts } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { actFormat, count, countOrNone } from "../flags.ts"
import type { Shell } from "../shell.ts"
import { printWritten, type WriteFlags, writeFlags, writeOptions } from "../undo/flags.ts"
import type { UndoOptions } from "../world.ts"
import { daemonSetNamed, daemonSetWord } from "./daemonset-argument.ts"

type Flags = WriteFlags & {
	readonly toRevision?: number
	readonly toCommit?: string
	readonly toRollout?: number
	readonly commit?: string
}

const EXAMPLES = `
Examples:
  rollcall rollout undo ds/fluentd -n logging              back to the newest revision that was healthy
  rollcall rollout undo ds/fluentd --dry-run               the diff and the message, nothing written
  rollcall rollout undo ds/fluentd --to-revision 3
  rollcall rollout undo ds/fluentd --to-commit 8265f13a
  rollcall rollout undo ds/fluentd --to-branch undo-fluentd    a branch for review instead
  rollcall rollout undo --commit 8265f13a                  all that this commit changed, nodes and the rest included

It writes one commit that puts back that DaemonSet's document as the text that it was; a running rollcall then rolls it
out. Undoing twice goes further back. What was rolled away from is held if it comes again, until rollout release. A
repository that is followed by its URL is pushed to with --push.`

export function rolloutUndoCommand(shell: Shell): Command {
	const command = new Command("undo")
		.description("takes a DaemonSet back to an earlier revision, by a commit")
		.argument("[daemonset...]", "ds/NAME")
		.option("-n, --namespace <name>", "its namespace")
		.option("--to-revision <number>", "this revision; 0: the newest that was healthy", countOrNone("--to-revision"))
		.option("--to-commit <commit>", "as it stood at this commit")
		.option("--to-rollout <number>", "what this rollout rolled out", count("--to-rollout"))
		.option("--commit <commit>", "in place of a DaemonSet: take back all that this commit changed")
		.addHelpText("after", EXAMPLES)
	return writeFlags(command).action(async (names: readonly string[], _, self: Command) => {
		await undo(shell, names, self.optsWithGlobals<Flags>())
	})
}

async function undo(shell: Shell, names: readonly string[], flags: Flags): Promise<void> {
	const wish = wishOf(flags)
	const world = await shell.world()
	const [options, format] = [writeOptions(flags, shell), actFormat(flags.output)]
	const words = { done: "rolled back", skipped: "skipped rollback", isReview: flags.toBranch !== undefined }
	if (flags.commit !== undefined) {
		if (names.length > 0 || wish.kind !== "last") {
			throw new CliError("Cannot take back a commit and a DaemonSet at once", { next: "give --commit alone" })
		}
		const what = `commit ${/^[0-9a-f]{9,}$/i.test(flags.commit) ? flags.commit.slice(0, 8) : flags.commit}`
		await printWritten(shell, { what, ...words }, await world.takeBack({ ...options, commit: flags.commit }), format)
		return
	}
	if (names.length === 0) {
		throw new CliError("Cannot tell what to undo", { next: "name a DaemonSet, ds/NAME, or a commit with --commit SHA" })
	}
	const daemonSet = await daemonSetNamed(shell, daemonSetWord(names), flags)
	const what = `daemonset.apps/${keyParts(daemonSet).name}`
	await printWritten(shell, { what, ...words }, await world.undo({ ...options, daemonSet, wish }), format)
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
