import { isObject, type Json, jsonEqual } from "../../base/index.ts"

export type Patched = { readonly object: Json } | { readonly error: string }

type Operation = {
	readonly op: string
	readonly path: string
	readonly from?: string | undefined
	readonly value?: Json | undefined
}
type Edit = (parent: Json, last: string) => Json | undefined

/** Copies of copies double with each step; the server has the same limit. */
const MOST_COPIED = 3 * 1024 * 1024

/** RFC 6902; the first operation that fails is the answer, and nothing is changed. */
export function jsonPatch(target: Json, patch: Json): Patched {
	if (!Array.isArray(patch)) return { error: "a JSON patch is a list of operations" }
	let object = target
	let copied = 0
	for (const item of patch) {
		const operation = operationOf(item)
		if (operation === undefined) return { error: `no operation of a JSON patch: ${JSON.stringify(item)}` }
		if (operation.op === "copy") copied += sizeOf(read(object, operation.from ?? ""))
		if (copied > MOST_COPIED) return { error: `the copies of a JSON patch come to more than ${MOST_COPIED} bytes` }
		const next = run(object, operation)
		if (next === undefined) return { error: `${operation.op} operation does not apply: ${operation.path}` }
		object = next
	}
	return { object }
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

function run(object: Json, { op, path, from, value }: Operation): Json | undefined {
	switch (op) {
		case "add":
			return value === undefined ? undefined : add(object, path, value)
		case "remove":
			return edit(object, path, removed)
		case "replace":
			return value === undefined || read(object, path) === undefined ? undefined : replace(object, path, value)
		case "test":
			return jsonEqual(read(object, path), value ?? null) ? object : undefined
		case "copy": {
			const source = from === undefined ? undefined : read(object, from)
			return source === undefined ? undefined : add(object, path, source)
		}
		case "move": {
			const source = from === undefined || path.startsWith(`${from}/`) ? undefined : read(object, from)
			const rest = source === undefined || from === undefined ? undefined : edit(object, from, removed)
			return rest === undefined || source === undefined ? undefined : add(rest, path, source)
		}
		default:
			return undefined
	}
}

function segments(path: string): readonly string[] {
	return path
		.split("/")
		.slice(1)
		.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
}

function read(object: Json, path: string): Json | undefined {
	return segments(path).reduce<Json | undefined>(
		(value, part) => (value === undefined ? undefined : child(value, part)),
		object,
	)
}

function child(value: Json, part: string): Json | undefined {
	if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(part) ? (value as readonly Json[])[Number(part)] : undefined
	return isObject(value) && Object.hasOwn(value, part) ? value[part] : undefined
}

function edit(object: Json, path: string, change: Edit): Json | undefined {
	const parts = segments(path)
	const last = parts.at(-1)
	return last === undefined ? undefined : descend(object, parts.slice(0, -1), (parent) => change(parent, last))
}

function descend(value: Json, parts: readonly string[], change: (parent: Json) => Json | undefined): Json | undefined {
	const [part, ...rest] = parts
	if (part === undefined) return change(value)
	const inner = child(value, part)
	const next = inner === undefined ? undefined : descend(inner, rest, change)
	return next === undefined ? undefined : withChild(value, part, next)
}

function withChild(value: Json, part: string, next: Json): Json {
	if (Array.isArray(value)) return value.with(Number(part), next)
	return Object.fromEntries([...Object.entries(value as object).filter(([name]) => name !== part), [part, next]])
}

function add(object: Json, path: string, value: Json): Json | undefined {
	if (path === "") return value
	return edit(object, path, (parent, last) => {
		if (!Array.isArray(parent)) return isObject(parent) ? withChild(parent, last, value) : undefined
		const at = last === "-" ? parent.length : /^(0|[1-9]\d*)$/.test(last) ? Number(last) : -1
		return at < 0 || at > parent.length ? undefined : parent.toSpliced(at, 0, value)
	})
}

function replace(object: Json, path: string, value: Json): Json | undefined {
	return path === "" ? value : edit(object, path, (parent, last) => withChild(parent, last, value))
}

function removed(parent: Json, last: string): Json | undefined {
	if (child(parent, last) === undefined) return undefined
	if (Array.isArray(parent)) return parent.toSpliced(Number(last), 1)
	return Object.fromEntries(Object.entries(parent as object).filter(([name]) => name !== last))
}
