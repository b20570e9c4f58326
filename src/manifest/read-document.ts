import { readJson } from "./json-document.ts"
import { type DocumentLimits, type DocumentValue, readYaml } from "./yaml-document.ts"

/** Reads one document's text, YAML or JSON, as Kubernetes does. Never throws. */
export function readDocument(text: string, limits: DocumentLimits): DocumentValue {
	const json = /^\s*\{/.test(text) ? readJson(text, limits) : undefined
	return json ?? readYaml(text, limits)
}
