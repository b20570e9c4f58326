import type { Command } from "commander"
import { formatInstant, type Instant, parseDuration, parseInstant } from "../base/index.ts"
import type { CommitDetail, Ledger } from "../history/index.ts"
import { CliError } from "./failure.ts"
import { whereElse } from "./ledger/where-else.ts"
import type { ClusterReader } from "./reader.ts"
import type { Reader } from "./world.ts"

export type MomentFlags = { readonly at?: string }

/** For commands that also look into the past. */
export function momentFlag(command: Command): Command {
	return command.option(
		"--at <when>",
		"in the past: a time (RFC 3339), so long ago (30m, 2h), or when a commit was taken",
	)
}

/** The cluster now, or as it was at the moment that the flag names. Throws a CliError where nobody can say. */
export function clusterAt(reader: Reader, { at }: MomentFlags): ClusterReader {
	return at === undefined ? reader.cluster : reader.at(momentOf(at, reader))
}

/** Cluster time of a moment as people write it: a time, a duration before now, or a commit that the ledger knows. */
export function momentOf(text: string, { cluster, ledger }: Pick<Reader, "cluster" | "ledger">): Instant {
	const now = cluster.now()
	const ago = parseDuration(text)
	const at = ago === undefined ? (parseInstant(text) ?? momentOfCommit(text, ledger)) : now - ago
	if (at === undefined) {
		const next = "write 2026-03-02T12:00:00Z, how long ago (30m, 2h), or a commit that rollcall history --commits lists"
		throw new CliError(`Cannot read the time "${text}"`, { next })
	}
	return past(at, now)
}

/** The same moment. Throws a CliError where it is yet to come. */
export function past(at: Instant, now: Instant): Instant {
	if (at <= now) return at
	const next = "leave --at away for the cluster as it is"
	throw new CliError(`Cannot look at ${formatInstant(at)}: cluster time has come to ${formatInstant(now)}`, { next })
}

function momentOfCommit(text: string, ledger: Ledger): Instant | undefined {
	const id = /^(?:commit\/)?([0-9a-f]{4,64}|HEAD)$/i.exec(text)?.[1]
	return id === undefined ? undefined : commitOrThrow(ledger, id).at
}

/** The commit that a whole id, its beginning, or HEAD means. Throws a CliError where that is none, or several. */
export function commitOrThrow(ledger: Ledger, text: string): CommitDetail {
	const id = text.toUpperCase() === "HEAD" ? ledger.commits({ limit: 1 })[0]?.commit : text.toLowerCase()
	const [found, ...others] = id === undefined ? [] : ledger.commit(id)
	if (found !== undefined && others.length === 0) return found
	if (found !== undefined)
		throw new CliError(`Cannot tell which commit "${text}" means`, { next: "give more of its id" })
	throw new CliError(`Cannot find the commit "${text}" in the ledger`, {
		next: whereElse(ledger, "rollcall history --commits lists them"),
	})
}
