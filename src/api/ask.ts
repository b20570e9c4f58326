import { sha256 } from "../base/index.ts"
import type { Access } from "./serve/credentials.ts"

/** One request, as far as an answer needs it: no socket in sight. */
export type Ask = {
	readonly method: string
	/** As it stands in the request line, without the query. */
	readonly path: string
	readonly query: URLSearchParams
	readonly accept: string
	/** Without parameters, in lower case; empty where there is none. */
	readonly contentType: string
	readonly ifNoneMatch: string
	readonly userAgent: string
	readonly body: Uint8Array
	readonly access: Access
	/** What a token allows that is not the request's own; undefined where it is none of ours. */
	readonly accessBy: (token: string) => Access | undefined
}

export type Headers = { readonly [name: string]: string }

export type Reply = Answer | Stream

/** The whole answer; text is UTF-8. */
export type Answer = {
	readonly status: number
	readonly headers: Headers
	readonly body: string | Uint8Array
}

/** An answer that leaves in pieces. */
export type Stream = {
	readonly status: 200
	readonly headers: Headers
	/** It goes on until one side ends it, and holds little: it takes no place among the requests under way. */
	readonly lasts?: true
	/** Called once, when the head of the answer has left. */
	readonly start: (sink: Sink) => Told
}

/** What happens to the client: it took all that waited, or it went away. */
export type Told = { readonly drained: () => void; readonly gone: () => void }

export type Sink = {
	/** Bytes are shared: nobody changes them. */
	write(text: string | Uint8Array): void
	/** Bytes that the client has not taken yet. */
	waiting(): number
	/** The answer is complete. */
	end(): void
	/** The client reads too slowly: what waits is let go of. */
	drop(): void
	/** A bug: the answer is cut off, and it is told. */
	failed(failure: unknown): void
}

export function json(body: unknown, status = 200, headers: Headers = {}): Answer {
	return { status, headers: { "content-type": "application/json", ...headers }, body: `${JSON.stringify(body)}\n` }
}

/** The answer with a tag of its content, or no more than that the client has it. */
export function tagged(answer: Answer, { ifNoneMatch }: Ask): Answer {
	const { "content-type": type = "", ...others } = answer.headers
	const headers = { ...others, etag: `"${sha256(answer.body).slice(0, 32).toUpperCase()}"` }
	if (ifNoneMatch === headers.etag) return { status: 304, headers, body: "" }
	return { ...answer, headers: { "content-type": type, ...headers } }
}

export function plain(body: string, status = 200): Answer {
	return { status, headers: { "content-type": "text/plain; charset=utf-8" }, body }
}
