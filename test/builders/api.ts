import { Api } from "../../src/api/index.ts"
import type { Cluster } from "../../src/cluster/index.ts"

export type Answered = {
	readonly status: number
	readonly headers: { readonly [name: string]: string }
	readonly text: string
	// biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came
	readonly body: any
}

export type ApiWords = {
	readonly method?: string
	readonly accept?: string
	readonly contentType?: string
	readonly body?: string | object
	readonly access?: "read" | "write"
}

/** The API over a cluster, asked without a socket; `clock.ms` is the time of pins. */
export function apiOver(cluster: Cluster | undefined, clock = { ms: 0 }) {
	const ask = () => Promise.reject(new Error("this test writes nothing"))
	const api = new Api({ cluster: () => cluster, ask }, () => clock.ms)
	return async (url: string, words: ApiWords = {}): Promise<Answered> => {
		const [path = "", search = ""] = url.split("?")
		const { body = "" } = words
		const reply = await api.answer({
			method: words.method ?? "GET",
			path,
			query: new URLSearchParams(search),
			accept: words.accept ?? "application/json",
			contentType: words.contentType ?? "application/json",
			ifNoneMatch: "",
			userAgent: "kubectl/v1.34.0",
			body: Buffer.from(typeof body === "string" ? body : JSON.stringify(body)),
			access: words.access ?? "write",
		})
		const text = "body" in reply ? reply.body : ""
		const isJson = reply.headers["content-type"]?.startsWith("application/json") && text !== ""
		return { status: reply.status, headers: reply.headers, text, body: isJson ? JSON.parse(text) : undefined }
	}
}

export const TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"
