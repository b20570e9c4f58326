import { existsSync, readFileSync } from "node:fs"
import { gunzipSync } from "node:zlib"
import { expect, test } from "vitest"
import { DEFAULT_LIMITS } from "../../src/manifest/index.ts"
import { readDocument } from "../../src/manifest/read-document.ts"
import { splitDocuments } from "../../src/manifest/split.ts"

const CORPUS = "../shared/corpus"
const present = existsSync(`${CORPUS}/expected.jsonl.gz`)

type Expected = { readonly json?: unknown; readonly error?: string; readonly strictError?: string }

test.skipIf(!present)(
	`every file of the corpus reads as Kubernetes reads it (${present ? "all 625" : "skipped: no ../shared"})`,
	() => {
		const lines = gunzipSync(readFileSync(`${CORPUS}/expected.jsonl.gz`))
			.toString()
			.trim()
			.split("\n")
		expect(lines.length).toBe(625)
		for (const line of lines) {
			const { file, docs } = JSON.parse(line) as { file: string; docs: readonly Expected[] }
			const text = readFileSync(`${CORPUS}/${file}`, "utf8")
			expect({ file, docs: documentsOf(text) }).toEqual({ file, docs: docs.map(outcome) })
		}
	},
)

function documentsOf(text: string): unknown[] {
	return splitDocuments(text).flatMap(({ start, end, badSeparator }) => {
		const read = readDocument(text.slice(start, end), DEFAULT_LIMITS)
		if (read.kind === "error" || badSeparator !== undefined) return ["refused"]
		if (read.value === null) return []
		return read.duplicates.length > 0 ? ["refused when read strictly"] : [read.value]
	})
}

function outcome({ json, error, strictError }: Expected): unknown {
	return error !== undefined ? "refused" : strictError !== undefined ? "refused when read strictly" : json
}
