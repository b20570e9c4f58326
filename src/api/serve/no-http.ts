import type { Duplex } from "node:stream"

/** What is said to who speaks something else than the HTTP that is understood here, in the words of Go's server. */
export const HTTPS_ONLY = "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"
export const NO_TUNNEL = saying("405 Method Not Allowed")

const WORDS: { readonly [code: string]: string } = {
	ERR_HTTP_REQUEST_TIMEOUT: saying("408 Request Timeout"),
	HPE_CHUNK_EXTENSIONS_OVERFLOW: saying("413 Request Entity Too Large"),
	HPE_HEADER_OVERFLOW: saying("431 Request Header Fields Too Large"),
}
const CLOSED_BY_MS = 500

/** By the code of what the parser found; undefined where the connection failed and nobody listens. */
export function wordsOf(code: string): string | undefined {
	if (Object.hasOwn(WORDS, code)) return WORDS[code]
	return code.startsWith("HPE_") ? saying("400 Bad Request") : undefined
}

/** Closed with a part of the request unread, the connection would take the answer with it. */
export function sayAndClose(socket: Duplex, words: string): void {
	socket.on("error", () => socket.destroy())
	socket.resume().end(words)
	const waiting = setTimeout(() => socket.destroy(), CLOSED_BY_MS)
	socket.on("close", () => clearTimeout(waiting))
}

function saying(status: string): string {
	return `HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`
}
