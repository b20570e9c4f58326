import { type Command, Option } from "commander"
import type { JsonObject } from "../../base/index.ts"
import { type AccessFlags, accessFlags, accessOptions } from "../access-flags.ts"
import { type ActFormat, actFlag, repositoryFlag, repositoryOf, type SharedFlags, stateDirOf } from "../flags.ts"
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
	const write = repositoryFlag(actFlag(command))
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
	/** `daemonset.apps/fluentd`, `commit 8265f13a`. */
	readonly what: string
	readonly done: string
	readonly skipped: string
	/** It was asked for on a branch of its own. */
	readonly isReview: boolean
}

/** What was done, in kubectl's words or as a document on standard output; the commit, for people, beside it. */
export async function printWritten(
	{ terminal }: Shell,
	{ what, done, skipped, isReview }: Words,
	result: UndoResult,
	format: ActFormat,
): Promise<void> {
	const [{ formatAct }, { visible }] = await Promise.all([import("../output/acts.ts"), import("../output/visible.ts")])
	const name = format === "name" ? what.replace(" ", "/") : what
	const patch = result.kind === "planned" ? (await patches(result.files)).join("") : ""
	const told = { name, kind: "WrittenCommit", content: resultJson(what, result, patch) }
	const out = (words: string): void => terminal.out(formatAct({ ...told, done: words }, format))
	if (result.kind === "same") {
		out(`${skipped} (${result.why})`)
	} else if (result.kind === "planned") {
		if (format !== "text") out(done)
		else terminal.out(visible(`${patch}\n${result.message}`.replace(/^\n/, "")))
		terminal.err(visible(`${what} ${done} (dry run): nothing was written`))
	} else if (result.kind === "finished") {
		terminal.out(formatAct(told, format))
		const how = "a commit that was cut off is finished, and nothing else was done: run it again to go on from there"
		terminal.err(visible(`${result.commit.slice(0, 8)} on ${result.branch}: ${result.subject}\n${how}`))
	} else {
		const { commit, branch, message } = result
		// Not on the branch that is followed: whoever reviews it decides.
		out(`${done}${isReview ? ` (on ${branch} alone, for review)` : ""}`)
		terminal.err(visible(`${commit.slice(0, 8)} on ${branch}: ${message.split("\n")[0]}`))
	}
}

function resultJson(what: string, result: UndoResult, patch: string): JsonObject {
	const { kind: outcome, ...rest } = result
	if (!("files" in rest)) return { what, outcome, ...rest }
	const { files, ...others } = rest
	return { what, outcome, ...others, paths: files.map(({ path }) => path), ...(patch === "" ? {} : { patch }) }
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
