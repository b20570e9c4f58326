import { type CommitRecord, type Quarantined, releaseTrailer } from "../../history/index.ts"
import { placeOf, shortCommit } from "../ledger/words.ts"
import type { ReleaseOptions, UndoResult } from "../world.ts"
import { type Branch, quarantineOn } from "./branch.ts"
import { named, wrapped } from "./message.ts"
import { type Plan, writeToBranch } from "./write.ts"

/** Writes the commit that lets what a DaemonSet was rolled back from come again. It changes no file. */
export function release(options: ReleaseOptions): Promise<UndoResult> {
	return writeToBranch(options, (branch) => planOf(branch, options))
}

async function planOf(branch: Branch, { daemonSet, message: said }: ReleaseOptions): Promise<Plan> {
	const quarantined = quarantineOn(branch, daemonSet)
	if (quarantined.length === 0) return { kind: "same", why: "it was not rolled back from anything that may not come" }
	const lines = await Promise.all(quarantined.map((one) => lineOf(branch, one)))
	const commits = quarantined.map(({ commit }) => shortCommit(commit)).join(", ")
	const words =
		said?.trim() || [`${placeOf(daemonSet)}: release what ${commits} brought`, "", ...lines.flat()].join("\n")
	const message = `${words}\n\n${releaseTrailer({ daemonSet })}\n`
	return { kind: "change", files: [], message, objects: [daemonSet] }
}

async function lineOf({ source, line }: Branch, { commit, by }: Quarantined): Promise<readonly string[]> {
	const id = await source.resolve(commit)
	const brought = id === undefined ? shortCommit(commit) : named(await source.commit(id))
	const back: CommitRecord | undefined = line.find((record) => record.commit === by)
	const undone = back === undefined ? shortCommit(by) : named(back)
	return wrapped(`The template of ${brought}, taken back by ${undone}, may come again.`)
}
