import type { Instant } from "../base/index.ts"
import type { Person } from "../history/index.ts"
import { type Trailer, trailersOf } from "./trailers.ts"

/** One commit object, read by itself. */
export type Commit = {
	readonly commit: string
	readonly tree: string
	readonly parents: readonly string[]
	readonly author: Person
	readonly committer: Person
	readonly authoredAt: Instant
	readonly committedAt: Instant
	readonly subject: string
	readonly trailers: readonly Trailer[]
}

const PERSON = /^(.*?) ?<([^>]*)>(?: (-?\d+) [+-]\d{4,})?/
const NOBODY = { person: { name: "", email: "" }, at: 0 }
/** What an Instant of git can be: the seconds that a JavaScript date can hold. */
const LATEST_S = 8_640_000_000_000

/** Reads a commit object; what is odd in it becomes empty text or 0, for old tools wrote odd commits. */
export function parseCommit(commit: string, bytes: Buffer): Commit {
	const split = bytes.indexOf("\n\n")
	const head = split < 0 ? bytes : bytes.subarray(0, split)
	const headers = headersOf(head.toString("latin1"))
	const decode = decoderOf(headers.get("encoding")?.[0])
	const person = (name: string) => personOf(decode(Buffer.from(headers.get(name)?.[0] ?? "", "latin1")))
	const message = split < 0 ? "" : decode(bytes.subarray(split + 2))
	const author = person("author")
	const committer = person("committer")
	return {
		commit,
		tree: headers.get("tree")?.[0] ?? "",
		parents: headers.get("parent") ?? [],
		author: author.person,
		committer: committer.person,
		authoredAt: author.at,
		committedAt: committer.at,
		subject: subjectOf(message),
		trailers: trailersOf(message),
	}
}

function headersOf(text: string): ReadonlyMap<string, readonly string[]> {
	const headers = new Map<string, string[]>()
	for (const line of text.split("\n")) {
		// A line that begins with a space belongs to a signature or a merged tag.
		const space = line.indexOf(" ")
		if (space <= 0) continue
		const name = line.slice(0, space)
		const values = headers.get(name)
		if (values === undefined) headers.set(name, [line.slice(space + 1)])
		else values.push(line.slice(space + 1))
	}
	return headers
}

function decoderOf(encoding: string | undefined): (bytes: Buffer) => string {
	try {
		const decoder = new TextDecoder(encoding ?? "utf-8")
		return (bytes) => decoder.decode(bytes)
	} catch {
		return (bytes) => bytes.toString("utf8")
	}
}

function personOf(text: string): { readonly person: Person; readonly at: Instant } {
	const match = PERSON.exec(text)
	if (match === null) return NOBODY
	const seconds = Number(match[3] ?? "0")
	const at = Number.isSafeInteger(seconds) && Math.abs(seconds) <= LATEST_S ? seconds * 1000 : 0
	return { person: { name: match[1]?.trim() ?? "", email: match[2]?.trim() ?? "" }, at }
}

/** The first paragraph in one line, as git shows it. */
function subjectOf(message: string): string {
	const text = message.replace(/^\s*\n/, "").trimStart()
	const end = text.search(/\n[ \t]*\n/)
	return (end < 0 ? text : text.slice(0, end)).replace(/\s*\n\s*/g, " ").trim()
}
