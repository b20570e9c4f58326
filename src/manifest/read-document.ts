import { readJson } from "./json-document.ts"
import { readPlainYaml } from "./plain-yaml.ts"
import { type DocumentLimits, type DocumentValue, readYaml } from "./yaml-document.ts"

/** Reads one document's text, YAML or JSON, as Kubernetes does. Never throws. */
export function readDocument(text: string, limits: DocumentLimits): DocumentValue {
	const json = /^\s*\{/.test(text) ? readJson(text, limits) : undefined
	if (json !== undefined) return json
	const plain = readPlainYaml(text, limits.depth)
	return plain === undefined ? readYaml(text, limits) : { kind: "value", value: plain, duplicates: [], unsafe: [] }
}
