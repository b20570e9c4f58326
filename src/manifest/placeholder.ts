import { isObject, type Json, type JsonObject } from "../base/index.ts"

/** In a value: an action, envsubst's `${NAME}`, or a stand-in that is the whole value: `<NAME>`, `@NAME@`, `__NAME__`. */
const PLACEHOLDER = /\{\{.*?\}\}|\$\{\w+[^}]*\}|^<[^<>]+>$|^@\w+@$|__[A-Z][A-Z0-9_]*__/

/** Longer values are text, and not worth looking through. */
const LONGEST = 1_000

/** Fields that are text to the cluster: what they say is theirs, and braces in them are not ours to read. */
const FREE_TEXT: ReadonlySet<string> = new Set([
	"annotations",
	"args",
	"binaryData",
	"command",
	"data",
	"env",
	"message",
	"stringData",
])

/** True where the text of a file that cannot be read is that of a template. */
export function looksTemplated(text: string): boolean {
	const action = text.indexOf("{{")
	return (action >= 0 && text.indexOf("}}", action) > 0) || /\$\{\w+\}|@[A-Z_]+@/.test(text)
}

/** The first field that decides what the object is or runs and still holds a placeholder; undefined where none does. */
export function placeholderField(object: JsonObject): string | undefined {
	for (const member of ["apiVersion", "kind"]) if (isPlaceholder(object[member])) return member
	const metadata = object["metadata"]
	if (isObject(metadata)) {
		for (const member of ["name", "namespace"]) if (isPlaceholder(metadata[member])) return `metadata.${member}`
		const inLabels = search(metadata["labels"], "metadata.labels", 0)
		if (inLabels !== undefined) return inLabels
	}
	return runsPods(object) ? search(object["spec"], "spec", 0) : undefined
}

function runsPods(object: JsonObject): boolean {
	const spec = object["spec"]
	return isObject(spec) && (isObject(spec["template"]) || object["kind"] === "Pod" || object["kind"] === "NodePool")
}

function search(value: Json | undefined, path: string, depth: number): string | undefined {
	if (isPlaceholder(value)) return path
	if (depth > 16) return undefined
	if (Array.isArray(value))
		return first(value.entries(), ([index, item]) => search(item, `${path}[${index}]`, depth + 1))
	if (!isObject(value)) return undefined
	return first(Object.entries(value), ([member, item]) => {
		if (FREE_TEXT.has(member)) return undefined
		return search(item, /[./]/.test(member) ? `${path}[${member}]` : `${path}.${member}`, depth + 1)
	})
}

function first<T>(items: Iterable<T>, find: (item: T) => string | undefined): string | undefined {
	for (const item of items) {
		const found = find(item)
		if (found !== undefined) return found
	}
	return undefined
}

function isPlaceholder(value: Json | undefined): boolean {
	return typeof value === "string" && value.length < LONGEST && PLACEHOLDER.test(value)
}
