import { type Command, Option } from "commander"
import { type AccessFlags, accessFlags, accessOptions } from "../access-flags.ts"
import { repositoryFlag, repositoryOf, type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"
import type { UndoResult, WriteOptions } from "../world.ts"

/** The flags of every command that writes a commit, as commander hands them over. */
export type WriteFlags = SharedFlags &
	AccessFlags & {
		readonly toBranch?: string
		readonly branch?: string
		readonly message?: string
		readonly push?: boolean
		readonly dryRun?: boolean
	}

export function writeFlags(command: Command): Command {
	const write = repositoryFlag(command)
		.option("--to-branch <name>", "make a new branch with the commit, and leave the branch alone")
		.option("--push", "send it to the URL that is followed, as a plain fast-forward")
		.option("--branch <name>", "the branch (default: the one that is followed)")
		.option("--message <text>", "the commit's message; the trailers are added")
		.option("--dry-run", "print the diff and the message, and write nothing")
		.addOption(new Option("--no-dry-run").hideHelp())
	return accessFlags(write)
}

export function writeOptions(flags: WriteFlags, shell: Shell): WriteOptions {
	const { branch, message, toBranch } = flags
	const repository = flags.repo === undefined ? undefined : repositoryOf(flags.repo, shell.cwd)
	return {
		state: stateDirOf(flags, shell),
		...accessOptions(flags),
		push: flags.push === true,
		dryRun: flags.dryRun === true,
		...(repository === undefined ? {} : { repository }),
		...(branch === undefined ? {} : { branch }),
		...(message === undefined ? {} : { message }),
		...(toBranch === undefined ? {} : { toBranch }),
	}
}

type Words = {
	readonly what: string
	readonly done: string
	readonly skipped: string
	/** It was asked for on a branch of its own. */
	readonly isReview: boolean
}

/** `what` was `done`, in kubectl's words on standard output; the commit, for people, beside it. */
export async function printWritten(
	{ terminal }: Shell,
	{ what, done, skipped, isReview }: Words,
	result: UndoResult,
): Promise<void> {
	const { visible } = await import("../output/visible.ts")
	if (result.kind === "same") {
		terminal.out(visible(`${what} ${skipped} (${result.why})\n`))
		return
	}
	if (result.kind === "planned") {
		terminal.out(visible(`${(await patches(result.files)).join("")}\n${result.message}`.replace(/^\n/, "")))
		terminal.err(visible(`${what} ${done} (dry run): nothing was written`))
		return
	}
	const { commit, branch } = result
	if (result.kind === "finished") {
		const how = "a commit that was cut off is finished, and nothing else was done: run it again to go on from there"
		terminal.err(visible(`${commit.slice(0, 8)} on ${branch}: ${result.subject}\n${how}`))
		return
	}
	const [subject = ""] = result.message.split("\n")
	// Not on the branch that is followed: whoever reviews it decides.
	terminal.out(visible(`${what} ${done}${isReview ? ` (on ${branch} alone, for review)` : ""}\n`))
	terminal.err(visible(`${commit.slice(0, 8)} on ${branch}: ${subject}`))
}

async function patches(files: Extract<UndoResult, { readonly kind: "planned" }>["files"]): Promise<readonly string[]> {
	const { createTwoFilesPatch } = await import("diff")
	return files.map(({ path, before, after }) => {
		const name = (side: string, bytes: Uint8Array | undefined) =>
			bytes === undefined ? "/dev/null" : `${side}/${path}`
		const text = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("utf8")
		const patch = createTwoFilesPatch(name("a", before), name("b", after), text(before), text(after), "", "")
		return patch.replace(/^=+\n/, "")
	})
}
