import { isAbsolute, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import type { NotReady } from "./failure.ts"
import { redact } from "./redact.ts"

/** Where a repository is, by what the user typed. A remote's `url` holds no credential. */
export type Address =
	| { readonly kind: "local"; readonly name: string; readonly path: string }
	| {
			readonly kind: "remote"
			readonly name: string
			readonly url: string
			readonly scheme: "https" | "http" | "ssh" | "file"
			readonly host: string
			readonly port: string
			/** What credentials are bound to: scheme, host and port. */
			readonly origin: string
	  }
	| { readonly kind: "refused"; readonly name: string; readonly state: NotReady }

export type AddressRules = {
	/** `file://` URLs, and repositories that belong to another user. */
	readonly allowLocal: boolean
	/** Servers on this machine, and plain `http://` to them. */
	readonly allowLoopback: boolean
}

const SCHEME = /^([a-z][a-z0-9+.-]*):(:|\/\/)/i
/** `git@host:path`, as ssh has it; a Windows drive or a path with a colon in a later folder is none. */
const SCP = /^(?:([A-Za-z0-9._-]+)@)?([A-Za-z0-9.-]{2,}):(?!\/\/)(.+)$/
const SSH_USER = /^:\/\/[\w.-]+@$/
const ADVICE =
	"give the token by --token-file, or the key by --ssh-key; then revoke the one in the URL: it may be in your shell history"
const KNOWN = ["https", "http", "ssh", "file"] as const

/** A path, a URL or `user@host:path`; anything else is refused with the way out. */
export function parseAddress(text: string, rules: AddressRules): Address {
	// Strictly: with blanks and line breaks in it, it is still what somebody's token was pasted into.
	const shown = redact(
		text.replace(/\p{Cc}/gu, "?").replace(/:\/\/.*@/, (user) => (SSH_USER.test(user) ? user : "://")),
	).slice(0, 300)
	if (/\p{Cc}/u.test(text)) return refuse(shown, "it has a control character in it", "type the path or URL anew")
	if (text.trim() === "") return refuse(shown, "it is empty", "name a path or a URL")
	if (text.startsWith("-"))
		return refuse(shown, 'it begins with "-", as an option does', "write ./ before a folder that begins with a dash")
	const scheme = SCHEME.exec(text)
	if (scheme !== null) return parseUrl(text, shown, (scheme[1] ?? "").toLowerCase(), scheme[2] === ":", rules)
	if (/^[^/]*:[^/]*@/.test(text)) return refuse(shown, "it has credentials in it", ADVICE)
	const scp = SCP.exec(text)
	if (scp !== null && !isAbsolute(text) && !text.startsWith("."))
		return parseUrl(
			`ssh://${scp[1] ?? "git"}@${scp[2]}/${(scp[3] ?? "").replace(/^\//, "")}`,
			shown,
			"ssh",
			false,
			rules,
		)
	const path = resolve(text)
	return { kind: "local", name: path, path }
}

function parseUrl(text: string, shown: string, scheme: string, helper: boolean, rules: AddressRules): Address {
	const known = KNOWN.find((name) => name === scheme)
	if (helper || known === undefined)
		return refuse(shown, `"${scheme}" is not a way to get a repository`, "use an https:// or ssh:// URL, or a path")
	try {
		const url = new URL(text)
		const reason = wrong(url, known, rules)
		if (reason !== undefined) return refuse(shown, reason[0], reason[1])
		return known === "file" ? { ...remoteOf(url, known), url: `file://${fileURLToPath(url)}` } : remoteOf(url, known)
	} catch {
		return refuse(shown, "it is not a URL", "use https://HOST/PATH or ssh://git@HOST/PATH")
	}
}

function remoteOf(url: URL, scheme: (typeof KNOWN)[number]): Extract<Address, { kind: "remote" }> {
	const user = scheme === "ssh" && url.username !== "" ? `${url.username}@` : ""
	const origin = `${scheme}://${url.host}`
	const name = `${scheme}://${user}${url.host}${url.pathname}`
	return { kind: "remote", name, url: name, scheme, host: bareHost(url.hostname), port: url.port, origin }
}

/** Why the URL is refused and what to do, or nothing. */
function wrong(url: URL, scheme: string, rules: AddressRules): readonly [string, string] | undefined {
	if (url.password !== "" || (scheme !== "ssh" && url.username !== "")) return ["it has credentials in it", ADVICE]
	if (url.search !== "" || url.hash !== "") return ["it has a query or a fragment", "leave out what follows ? or #"]
	if (url.pathname.startsWith("/-") || url.pathname === "/" || url.pathname === "")
		return ["it names no repository", "use https://HOST/PATH or ssh://git@HOST/PATH"]
	if (scheme === "file")
		return rules.allowLocal && url.host === ""
			? undefined
			: ["file:// is only read where asked for", "give the path itself, or --allow-local"]
	const host = bareHost(url.hostname)
	if (!/^([a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:.]+)$/i.test(host))
		return [`"${host}" is not the name of a host`, "use https://HOST/PATH or ssh://git@HOST/PATH"]
	if (url.username !== "" && !/^[A-Za-z0-9._][A-Za-z0-9._-]*$/.test(url.username))
		return ["its user name is not a plain one", "use ssh://git@HOST/PATH"]
	if (scheme === "http" && !(rules.allowLoopback && isLoopback(host)))
		return ["http:// can be read and changed by anyone on the way", "use https://"]
	return undefined
}

export function isLoopback(host: string): boolean {
	return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host)
}

function bareHost(host: string): string {
	return host.replace(/^\[|\]$/g, "")
}

function refuse(name: string, reason: string, next: string): Address {
	return { kind: "refused", name, state: { kind: "refused", message: `Cannot read "${name}": ${reason}`, next } }
}
