import { readJson } from "./json-document.ts"
import { readPlainYaml } from "./plain-yaml.ts"
import { type DocumentLimits, type DocumentValue, readYaml } from "./yaml-document.ts"

/** Reads one document's text, YAML or JSON, as Kubernetes does. Never throws. */
export function readDocument(text: string, limits: DocumentLimits): DocumentValue {
	const json = /^\s*\{/.test(text) ? readJson(text, limits) : undefined
	if (json !== undefined) return json
	const plain = readPlainYaml(text, limits.depth)
	if (plain !== undefined) return { kind: "value", value: plain, duplicates: [], unsafe: [] }
	if (text.length <= limits.documentSize) return readYaml(text, limits)
	const message = `a document that is not plain YAML may have ${limits.documentSize} characters; this one has ${text.length}`
	return { kind: "error", code: "too-large", message, place: { line: 1, column: 1 } }
}
