import type { Stream } from "../../src/api/ask.ts"
import { Api, type ApiParts } from "../../src/api/index.ts"
import type { Cluster } from "../../src/cluster/index.ts"

export type Answered = {
	readonly status: number
	readonly headers: { readonly [name: string]: string }
	readonly text: string
	/** The same, where it is no text. */
	readonly bytes: Buffer
	// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
	readonly body: any
}

export type ApiWords = {
	readonly method?: string
	readonly accept?: string
	readonly contentType?: string
	readonly ifNoneMatch?: string
	readonly body?: string | object | Uint8Array
	readonly access?: "read" | "write"
	/** A watch that nobody reads at first. */
	readonly stalled?: boolean
}

export type Watched = {
	readonly status: number
	/** What came since this was asked for last, as events. */
	readonly take: () => WatchEvent[]
	readonly ended: () => "end" | "drop" | undefined
	/** The client stops reading, or reads all that waits. */
	readonly stall: () => void
	readonly read: () => void
	/** The client goes away. */
	readonly gone: () => void
	/** The longest that ever waited. */
	readonly most: () => number
}

// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
export type WatchEvent = { readonly type: string; readonly object: any }

/** The API over a cluster, asked without a socket; `clock.ms` is the time of pins and watches. */
export function apiOver(cluster: Cluster | undefined, clock = { ms: 0 }, parts: Partial<ApiParts> = {}) {
	const ask = () => Promise.reject(new Error("this test writes nothing"))
	const failed = (failure: unknown) => {
		throw failure
	}
	const api = new Api({ cluster: () => cluster, ask, soon: queueMicrotask, failed, ...parts }, () => clock.ms)
	const answer = (url: string, words: ApiWords) => {
		const [path = "", search = ""] = url.split("?")
		const { body = "" } = words
		return api.answer({
			method: words.method ?? "GET",
			path,
			query: new URLSearchParams(search),
			accept: words.accept ?? "application/json",
			contentType: words.contentType ?? "application/json",
			ifNoneMatch: words.ifNoneMatch ?? "",
			userAgent: "kubectl/v1.34.0",
			body: Buffer.from(typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body)),
			access: words.access ?? "write",
			accessBy: (token) => (token === "read" || token === "write" ? token : undefined),
		})
	}
	const asked = async (url: string, words: ApiWords = {}): Promise<Answered> => {
		const reply = await answer(url, words)
		const said = "body" in reply ? reply.body : /[?&]watch=/.test(url) ? "" : await wholeOf(reply)
		const bytes = Buffer.from(said)
		const text = bytes.toString()
		const isJson = reply.headers["content-type"]?.startsWith("application/json") && text !== ""
		return { status: reply.status, headers: reply.headers, text, bytes, body: isJson ? JSON.parse(text) : undefined }
	}
	const watch = async (url: string, words: ApiWords = {}): Promise<Watched> => {
		const reply = await answer(url, words)
		let [text, waiting, most] = ["", 0, 0]
		let stalled = words.stalled === true
		let ended: "end" | "drop" | undefined
		if (!("start" in reply)) throw new Error(`no watch: ${JSON.stringify(reply)}`)
		const told = reply.start({
			write: (chunk) => {
				if (ended !== undefined) throw new Error("written after its end")
				text += typeof chunk === "string" ? chunk : Buffer.from(chunk).toString()
				if (stalled) waiting += chunk.length
				most = Math.max(most, waiting)
			},
			waiting: () => waiting,
			end: () => {
				ended = "end"
			},
			drop: () => {
				ended = "drop"
			},
			failed: (failure) => {
				throw failure
			},
		})
		return {
			status: reply.status,
			take: () => {
				const lines = text.split("\n").filter((line) => line !== "")
				text = ""
				return lines.map((line) => JSON.parse(line))
			},
			ended: () => ended,
			stall: () => {
				stalled = true
			},
			read: () => {
				stalled = false
				waiting = 0
				told.drained()
			},
			gone: told.gone,
			most: () => most,
		}
	}
	return Object.assign(asked, {
		watch,
		told: (written: readonly string[] = []) => api.told(written),
		tick: () => api.tick(),
	})
}

/** What a stream says that ends by itself. */
function wholeOf(reply: Stream): Promise<string> {
	const chunks: Buffer[] = []
	return new Promise((resolve, reject) => {
		reply.start({
			write: (chunk) => chunks.push(Buffer.from(chunk)),
			waiting: () => 0,
			end: () => resolve(Buffer.concat(chunks).toString()),
			drop: () => reject(new Error("the answer was cut off")),
			failed: reject,
		})
	})
}

export const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
