import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"

const DATA = fileURLToPath(new URL("../../reference/data/kubectl/", import.meta.url))

/** Where the recorded commands were run: their manifests, and the nodes. */
export const INPUTS = `${DATA}inputs`

/** One HTTP request of kubectl's, and what it was answered. */
export type Exchange = {
	readonly method: string
	readonly path: string
	readonly accept: string
	readonly contentType?: string
	readonly requestBody?: string
	readonly status: number
	readonly responseContentType: string
	readonly responseHeaders: { readonly [name: string]: string }
	/** Absent where it was no text. */
	readonly responseBody?: string
}

export type Command = {
	/** Of the recording; absent where there is only the requests. */
	readonly file?: string
	readonly command: string
	readonly exchanges: readonly Exchange[]
	/** Standard output, standard error and exit code, as recorded; of some commands only the requests are. */
	readonly printed?: string
}

/** All that kubectl was made to do with a real control plane, in its order. */
export function recorded(): readonly Command[] {
	const printed = lines("commands") as Printed[]
	const session: (Partial<Printed> & { command: string; exchanges: Exchange[] })[] = []
	for (const { cmd, userAgent, ...exchange } of lines("requests") as (Exchange & Said)[]) {
		// Every command asks for the version first, to choose a kubectl of about the server's age.
		if (userAgent.startsWith("kubectl-dispatcher")) {
			const text = printed[0]?.command === cmd ? printed.shift() : {}
			session.push({ ...text, command: cmd, exchanges: [] })
		}
		session.at(-1)?.exchanges.push(exchange)
	}
	if (printed.length > 0) throw new Error(`no requests were recorded of: ${printed[0]?.command}`)
	return session
}

/** Commands and what they print, as one reads them in a terminal: `$ COMMAND`, then all up to `--- exit N ---`. */
export function transcript(name: string): readonly { readonly command: string; readonly printed: string }[] {
	const text = readFileSync(new URL(name, import.meta.url), "utf8")
	return [...text.matchAll(/^\$ (.*)\n([\s\S]*?--- exit \d+ ---\n)/gm)].map(([, command = "", printed = ""]) => {
		return { command, printed }
	})
}

type Printed = { readonly file: string; readonly command: string; readonly printed: string }
type Said = { readonly cmd: string; readonly userAgent: string }

function lines(name: string): unknown[] {
	const text = gunzipSync(readFileSync(`${DATA}${name}.jsonl.gz`)).toString()
	return text
		.trim()
		.split("\n")
		.map((line) => JSON.parse(line))
}
