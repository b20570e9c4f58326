import { jsonEqual } from "../../base/index.ts"
import type { ObjectKey } from "../../kube/index.ts"
import { type OpenedLedger, openLedger, openReading, openWriter } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import { shortCommit } from "../ledger/words.ts"
import type { UndoChange, UndoResult, WriteOptions } from "../world.ts"
import { type Branch, branchAt, objectAt } from "./branch.ts"

/** What is to be written, on top of where the branch stands. */
export type Plan =
	| { readonly kind: "same"; readonly why: string }
	| (Omit<UndoChange, "branch"> & {
			readonly kind: "change"
			/** What it rests on: where one of these changes meanwhile, it is not written. */
			readonly objects: readonly ObjectKey[]
	  })

export type Planner = (branch: Branch, ledger: OpenedLedger) => Promise<Plan>

/**
 * Writes what the planner plans as one commit. Where the branch moves meanwhile it is planned anew, once, unless an
 * object that it rests on changed.
 */
export async function writeToBranch(options: WriteOptions, planOf: Planner): Promise<UndoResult> {
	const { state, dryRun } = options
	const ledger = openLedger(state)
	const opened: { close(): unknown }[] = [ledger]
	try {
		const { tracked } = ledger
		if (tracked === undefined)
			throw new CliError(`Cannot write: nothing is recorded in ${state}`, { next: "start rollcall run first" })
		const repository = options.repository ?? tracked.repository
		requirePush(repository, options)
		const where = { ...tracked, ...options, repository, branch: options.branch ?? tracked.branch }
		const reading = await openReading(where)
		opened.push(reading)
		const writer = await openWriter({ ...where, stateDir: state })
		opened.push(writer)
		const finished = dryRun ? undefined : await writer.recover()
		if (finished !== undefined) {
			const { subject } = await reading.source.commit(finished)
			return { kind: "finished", commit: finished, branch: where.branch, subject }
		}
		const look = async (): Promise<Branch> => {
			const position = await reading.source.poll()
			if (position.kind === "ready") return branchAt(reading.source, reading.reading(), position.tip)
			throw new CliError(position.message, { next: position.next, exitCode: 2 })
		}
		const write = async (at: Branch): Promise<UndoResult | Extract<Plan, { kind: "change" }>> => {
			const plan = await planOf(at, ledger)
			if (plan.kind === "same") return plan
			const { files, message } = plan
			const done = { branch: options.toBranch ?? where.branch, files, message }
			if (dryRun) return { kind: "planned", ...done }
			const content = { parent: at.tip, message, files: files.map(({ path, after }) => ({ path, bytes: after })) }
			const { branch, toBranch } = where
			const review = toBranch === undefined ? {} : { toBranch }
			const end = await writer.commit({ ...content, branch, ...review })
			return end.kind === "moved" ? plan : { kind: "written", commit: end.commit, ...done }
		}
		const before = await look()
		const first = await write(before)
		if (first.kind !== "change") return first
		const after = await look()
		await requireUnchanged(before, after, first.objects)
		const second = await write(after)
		if (second.kind !== "change") return second
		throw new CliError(`Cannot write to "${where.branch}": it moves faster than this`, { next: "try again" })
	} finally {
		for (const part of opened.reverse()) await part.close()
	}
}

/** To a server nothing goes unasked. */
function requirePush(repository: string, { push, dryRun, state }: WriteOptions): void {
	const isRemote = /^[a-z][a-z0-9+.-]*:\/\//i.test(repository) || /^[^/\\]+@[^/\\]+:/.test(repository)
	if (isRemote && !push && !dryRun) {
		throw new CliError(`Cannot write to ${repository} unasked: it is not on this machine`, {
			next: `add --push, or --push --to-branch NAME for a review; or write to a clone: --repo CLONE --state ${state}`,
		})
	}
	if (!isRemote && push) {
		throw new CliError(`Cannot push from ${repository}: --push is for a repository that is followed by its URL`, {
			next: "leave --push out, and git push from there",
		})
	}
}

/** The same wish may mean another thing on top of somebody else's change. */
async function requireUnchanged(before: Branch, after: Branch, objects: readonly ObjectKey[]): Promise<void> {
	for (const key of objects) {
		const [one, other] = [await objectAt(before, before.tip, key), await objectAt(after, after.tip, key)]
		if (one === other || (one !== undefined && other !== undefined && jsonEqual(one, other))) continue
		throw new CliError(`Cannot write: ${key} was changed meanwhile, up to ${shortCommit(after.tip)}`, {
			next: "see git log, and run it again where it is still what you want",
		})
	}
}
