import { failure, lastWords } from "./failure.ts"

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
	const said = lastWords(stderr)
	for (const [pattern, kind, what, next] of MEANINGS)
		if (pattern.test(stderr)) return failure(kind, `Cannot fetch from "${name}": ${what} (${said})`, next)
	return failure(
		"unreachable",
		`Cannot fetch from "${name}": ${said}`,
		"check the network; Rollcall tries again by itself",
	)
}
