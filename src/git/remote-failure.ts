import { failure, lastWords } from "./failure.ts"
import type { Ran } from "./run.ts"

type Kind = "missing" | "unreachable" | "corrupt" | "refused"

/** What git says when a fetch fails, and what it means; the first that fits. */
const MEANINGS: readonly (readonly [pattern: RegExp, kind: Kind, what: string, next: string])[] = [
	[/transport '.*' not allowed/, "refused", "its protocol is not allowed", "use an https:// or ssh:// URL"],
	[
		/dubious ownership/,
		"refused",
		"it belongs to another user (dubious ownership)",
		"give the path itself, with --allow-local",
	],
	[
		/mismatched algorithms|object format/,
		"refused",
		"its object ids are of another kind (SHA-1 or SHA-256) than before",
		"it is another repository now: follow it with a new --state",
	],
	[
		/fsck error|^error: object [0-9a-f]+:|index-pack failed|inflate|did not send all necessary objects|bad (object|pack)|missing (blob|tree|commit)|not our ref|unresolved delta|pack-objects died|corrupt/m,
		"corrupt",
		"what it sent is damaged or unsafe",
		"run git fsck on the server, or fetch from another copy",
	],
	[
		/returned error: 30\d|redirect/i,
		"unreachable",
		"it sends us to another address, which is not followed",
		"use the URL that it redirects to, if you trust it",
	],
	[
		/Host key verification failed|host key/i,
		"unreachable",
		"its host key is not known",
		"add it to the file given by --known-hosts",
	],
	[
		/Authentication failed|could not read (Username|Password)|terminal prompts disabled|Permission denied|returned error: 40[13]/i,
		"unreachable",
		"it does not let us in",
		"give --token-file for https, or --ssh-key for ssh, and check its rights",
	],
	[
		/certificate|SSL/i,
		"unreachable",
		"its certificate is not trusted",
		"give the authority's certificate with --ca-file",
	],
	[
		/not found|does not appear to be a git repository|not a git repository|does not exist|returned error: 404|no such file/i,
		"missing",
		"there is no repository there",
		"check the URL; a private one also needs --token-file or --ssh-key",
	],
]

/** The failure that git's own words amount to; with these words, credentials removed. */
export function fetchFailure(name: string, stderr: string): Error {
	return remoteFailure(`Cannot fetch from "${name}"`, stderr, "check the network; Rollcall tries again by itself")
}

function remoteFailure(what: string, stderr: string, otherwise: string): Error {
	const said = lastWords(stderr)
	for (const [pattern, kind, why, next] of MEANINGS)
		if (pattern.test(stderr)) return failure(kind, `${what}: ${why} (${said})`, next)
	return failure("unreachable", `${what}: ${said}`, otherwise)
}

/** Reasons that mean no more than that somebody else was first. */
const MOVED =
	/fetch first|non-fast-forward|stale info|cannot lock ref|incorrect old value|failed to update ref|already exists/

/** False where a push came too late. Throws what else kept it from its end. */
export function pushEnd(name: string, branch: string, { stdout, stderr }: Ran): false {
	const line = /^!\t\S+\t\[(rejected|remote rejected|remote failure|no match)\] \((.*)\)$/m
	const [, how = "", reason = ""] = line.exec(stdout.toString("utf8")) ?? []
	if (how !== "" && MOVED.test(reason)) return false
	if (how === "") throw remoteFailure(`Cannot push to "${name}"`, stderr, "check the network, and try again")
	const words = stderr.match(/^remote: .*\S/gm)?.map((word) => word.slice("remote: ".length)) ?? []
	const said = [reason, ...words.slice(0, 3)].join("; ")
	const next = "push it to a branch for review with --to-branch NAME, or ask those who set the rules there"
	throw failure("refused", `Cannot push to "${name}": it does not take the commit on "${branch}" (${said})`, next)
}
