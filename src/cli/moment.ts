import type { Command } from "commander"
import { formatInstant, type Instant, parseDuration, parseInstant } from "../base/index.ts"
import { findCommit } from "./commit-named.ts"
import { CliError } from "./failure.ts"
import { whereElse } from "./ledger/where-else.ts"
import type { ClusterReader } from "./reader.ts"
import type { Reader } from "./world.ts"

export type MomentFlags = { readonly at?: string }

/** For commands that also look into the past. */
export function momentFlag(command: Command): Command {
	return command.option(
		"--at <when>",
		"in the past: a time (RFC 3339), so long ago (30m, 2h), or when a commit was taken (an id, HEAD~1, a tag)",
	)
}

/** The cluster now, or as it was at the moment that the flag names. Throws a CliError where nobody can say. */
export async function clusterAt(reader: Reader, { at }: MomentFlags): Promise<ClusterReader> {
	return at === undefined ? reader.cluster : reader.at(await momentOf(at, reader))
}

/** Cluster time of a moment as people write it: a time, a duration before now, or a commit that the ledger knows. */
export async function momentOf(text: string, reader: Known): Promise<Instant> {
	return (await momentNamed(text, reader)).at
}

type Known = Pick<Reader, "cluster" | "ledger" | "git">

/** The same, with the whole id of the commit where that is what names it. */
export async function momentNamed(
	text: string,
	reader: Known,
): Promise<{ readonly at: Instant; readonly commit?: string }> {
	const now = reader.cluster.now()
	const ago = parseDuration(text)
	const time = ago === undefined ? parseInstant(text) : now - ago
	if (time !== undefined) return { at: past(time, now) }
	const found = await findCommit(reader, text)
	if (typeof found !== "string") return { at: found.at, commit: found.commit.commit }
	const next = "write 2026-03-02T12:00:00Z, how long ago (30m, 2h), or a commit that rollcall history --commits lists"
	throw new CliError(`Cannot find the moment "${text}": it is no time, and no commit of the ledger; ${found}`, {
		next: whereElse(reader.ledger, next),
	})
}

/** The same moment. Throws a CliError where it is yet to come. */
export function past(at: Instant, now: Instant): Instant {
	if (at <= now) return at
	const next = "leave --at away for the cluster as it is"
	throw new CliError(`Cannot look at ${formatInstant(at)}: cluster time has come to ${formatInstant(now)}`, { next })
}
