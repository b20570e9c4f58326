import { isObject, type Json, jsonEqual } from "../../base/index.ts"

export type Patched = { readonly object: Json } | { readonly error: string }

type Operation = {
	readonly op: string
	readonly path: string
	readonly from?: string | undefined
	readonly value?: Json | undefined
}
/** What is patched, as the one member of something: so the whole of it has a place, too. */
type Document = { root: Json }
type Place = { readonly parent: Json; readonly last: string }

/** Copies of copies double with each step; the server has the same limit. */
const MOST_COPIED = 3 * 1024 * 1024

/** RFC 6902; the first operation that fails is the answer, and nothing is changed. */
export function jsonPatch(target: Json, patch: Json): Patched {
	if (!Array.isArray(patch)) return { error: "a JSON patch is a list of operations" }
	// One copy is changed in place: thousands of operations cost what they change.
	const document: Document = { root: structuredClone(target) }
	let copied = 0
	for (const item of patch) {
		const operation = operationOf(item)
		if (operation === undefined) return { error: `no operation of a JSON patch: ${JSON.stringify(item)}` }
		if (operation.op === "copy") copied += sizeOf(read(document, operation.from ?? ""))
		if (copied > MOST_COPIED) return { error: `the copies of a JSON patch come to more than ${MOST_COPIED} bytes` }
		if (!run(document, operation)) return { error: `${operation.op} operation does not apply: ${operation.path}` }
	}
	return { object: document.root }
}

function sizeOf(value: Json | undefined): number {
	return value === undefined ? 0 : JSON.stringify(value).length
}

function operationOf(item: Json): Operation | undefined {
	if (!isObject(item)) return undefined
	const { op, path, from, value } = item
	if (typeof op !== "string" || typeof path !== "string") return undefined
	return { op, path, value, from: typeof from === "string" ? from : undefined }
}

/** False where it does not apply. */
function run(document: Document, { op, path, from, value }: Operation): boolean {
	switch (op) {
		case "add":
			return value !== undefined && add(document, path, value)
		case "remove":
			return remove(document, path)
		case "replace":
			return value !== undefined && replace(document, path, value)
		case "test":
			return jsonEqual(read(document, path), value ?? null)
		case "copy": {
			const source = from === undefined ? undefined : read(document, from)
			return source !== undefined && add(document, path, source)
		}
		case "move": {
			const source = from === undefined || path.startsWith(`${from}/`) ? undefined : read(document, from)
			return source !== undefined && from !== undefined && remove(document, from) && add(document, path, source)
		}
		default:
			return false
	}
}

function add(document: Document, path: string, value: Json): boolean {
	const place = placeOf(document, path)
	if (place === undefined) return false
	const { parent, last } = place
	if (!Array.isArray(parent)) return isObject(parent) && set(parent, last, value)
	const at = last === "-" ? parent.length : isIndex(last) ? Number(last) : -1
	if (at < 0 || at > parent.length) return false
	parent.splice(at, 0, structuredClone(value))
	return true
}

function replace(document: Document, path: string, value: Json): boolean {
	const place = placeOf(document, path)
	if (place === undefined || child(place.parent, place.last) === undefined) return false
	return set(place.parent, place.last, value)
}

function remove(document: Document, path: string): boolean {
	const place = path === "" ? undefined : placeOf(document, path)
	if (place === undefined || child(place.parent, place.last) === undefined) return false
	if (Array.isArray(place.parent)) place.parent.splice(Number(place.last), 1)
	else delete (place.parent as { [member: string]: Json })[place.last]
	return true
}

function read(document: Document, path: string): Json | undefined {
	const place = placeOf(document, path)
	return place === undefined ? undefined : child(place.parent, place.last)
}

/** Where a path ends; undefined where nothing is on the way there. */
function placeOf(document: Document, path: string): Place | undefined {
	if (path !== "" && !path.startsWith("/")) return undefined
	const parts = ["root", ...path.split("/").slice(1).map(unescaped)]
	const last = parts.pop() ?? ""
	let parent: Json | undefined = document
	for (const part of parts) {
		parent = child(parent, part)
		if (parent === undefined) return undefined
	}
	return { parent, last }
}

function unescaped(part: string): string {
	return part.replaceAll("~1", "/").replaceAll("~0", "~")
}

function child(value: Json, part: string): Json | undefined {
	if (Array.isArray(value)) return isIndex(part) ? (value as readonly Json[])[Number(part)] : undefined
	return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined
}

/** Also a member that is called `__proto__` is one like any other. */
function set(parent: Json, name: string, value: Json): boolean {
	const whole = { value: structuredClone(value), writable: true, enumerable: true, configurable: true }
	Object.defineProperty(parent, name, whole)
	return true
}

function isIndex(part: string): boolean {
	return /^(0|[1-9]\d*)$/.test(part)
}
