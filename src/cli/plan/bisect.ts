import { planCommit } from "../../engine/index.ts"
import type { CommitRecord } from "../../history/index.ts"
import { brokenGates, firstBad } from "../../rehearse/index.ts"
import { openReading } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import type { BisectOptions, BisectResult } from "../world.ts"
import { groundOn, partsOf, resolved } from "./ground.ts"

/**
 * The first commit after `good` with which the way from `good` breaks the gate. Every probe begins at `good`: what a
 * commit breaks, those after it break too, unless they mend it.
 */
export async function bisect(
	options: BisectOptions,
	probed: (commit: CommitRecord, message: string | undefined, left: number) => void,
): Promise<BisectResult> {
	const opened = await openReading({ ...options, readOnly: true })
	try {
		const { source } = opened
		const [good, bad] = [await resolved(opened, options.good), await resolved(opened, options.bad)]
		if (!(await source.isAncestor(good.commit, bad.commit))) {
			throw new CliError(`Cannot bisect: ${options.good} is not before ${options.bad}`, {
				next: "name an older commit of the same branch with --good",
			})
		}
		const commits: CommitRecord[] = []
		for await (const commit of source.walk(good.commit, bad.commit)) commits.push(commit)
		const parts = await partsOf(opened, options)
		const { recorded, rest } = await groundOn(parts, options, good, good)
		const messages = new Map<string, string>()
		const first = await firstBad(commits, async (commit, left) => {
			const planned = await planCommit(parts, { recorded: recorded.fork(), rest }, commit)
			const message = brokenGates([options.gate], planned)[0]?.message
			if (message !== undefined) messages.set(commit.commit, message)
			probed(commit, message, left)
			return message !== undefined
		})
		return first === undefined
			? { commits: commits.length }
			: { commits: commits.length, first, message: messages.get(first.commit) ?? "" }
	} finally {
		await opened.close()
	}
}
