import type { JsonObject } from "../../base/index.ts"
import type { ActFormat } from "../flags.ts"
import { formatDocument, record } from "./document.ts"
import { visible } from "./visible.ts"

/** What became of something that was asked for. */
export type Act = {
	/** `daemonset.apps/fluentd`. */
	readonly name: string
	/** In kubectl's words, behind the name; absent where it was not done. */
	readonly done?: string
	readonly kind: string
	readonly content: JsonObject
}

/** The act as kubectl prints one; the documents of several follow each other. */
export function formatAct({ name, done, kind, content }: Act, format: ActFormat): string {
	if (format === "json") return formatDocument(record(kind, content), format)
	if (format === "yaml") return `---\n${formatDocument(record(kind, content), format)}`
	if (done === undefined) return ""
	return visible(format === "name" ? `${name}\n` : `${name} ${done}\n`)
}
