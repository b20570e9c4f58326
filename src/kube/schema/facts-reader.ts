import { BUILT_IN_FACTS } from "./facts.ts"
import { REQUEST_FACTS } from "./request-facts.ts"
import { SIMULATION_FACTS } from "./simulation-facts.ts"

/**
 * A line of facts reads `Name [apiVersion/Kind] [~]: field:TYPE[!][|extra…] …`; `~` is an atomic object, `!` a required
 * field. Types: `s` string, `b` boolean, `i` int32, `l` int64, `d` number, `q` quantity, `x` int or string, `t` time,
 * `y` base64, `*` anything, `@Name` an object, `[TYPE` a list, `{TYPE` a map.
 */
export type Type =
	| { readonly kind: "scalar"; readonly code: string }
	| { readonly kind: "any" }
	| { readonly kind: "object"; readonly shape: Shape }
	| { readonly kind: "list"; readonly item: Type }
	| { readonly kind: "map"; readonly item: Type }

export type Field = {
	readonly name: string
	readonly type: Type
	readonly required: boolean
	/** The server always shows it, even where it is empty. */
	readonly shown: boolean
	/** Replaced as a whole by whoever applies it. */
	readonly atomic: boolean
	/** A list that is a set of scalars. */
	readonly set: boolean
	/** The members that tell the items of a list apart. */
	readonly keys: readonly string[] | undefined
	/** The member that strategic merge patches go by. */
	readonly patchKey: string | undefined
	readonly patchMerges: boolean
	readonly retainKeys: boolean
	readonly defaultText: string | undefined
}

export type Shape = {
	readonly name: string
	readonly atomic: boolean
	readonly fields: ReadonlyMap<string, Field>
}

type Reader = { readonly lines: ReadonlyMap<string, string>; readonly kinds: ReadonlyMap<string, string> }

let reader: Reader | undefined
const shapes = new Map<string, Shape>()

/** The shape of a kind's objects; undefined where there are no facts, as for custom resources. */
export function shapeOf(apiVersion: string, kind: string): Shape | undefined {
	const name = facts().kinds.get(`${apiVersion}/${kind}`)
	return name === undefined ? undefined : shapeNamed(name)
}

/** The shape of `metadata`, the same for all kinds. */
export function metadataShape(): Shape {
	return shapeNamed("meta.v1.ObjectMeta")
}

/** Read when first asked for, because most commands ask for none. */
function facts(): Reader {
	if (reader !== undefined) return reader
	const lines = new Map<string, string>()
	const kinds = new Map<string, string>()
	for (const line of `${BUILT_IN_FACTS}\n${SIMULATION_FACTS}\n${REQUEST_FACTS}`.split("\n")) {
		const [, name, kind] = /^(\S+?)(?: (\S+\/\w+))?(?: ~)?(?: \*)?:(?: |$)/.exec(line) ?? []
		if (name === undefined) continue
		lines.set(name, line)
		if (kind !== undefined) kinds.set(kind, name)
	}
	reader = { lines, kinds }
	return reader
}

function shapeNamed(name: string): Shape {
	const known = shapes.get(name)
	if (known !== undefined) return known
	const line = facts().lines.get(name) ?? ""
	const start = line.indexOf(": ")
	const head = start < 0 ? line : line.slice(0, start)
	const fields = new Map<string, Field>()
	const shape: Shape = { name, atomic: head.endsWith(" ~"), fields }
	// Known before its fields are read: schemas may contain themselves.
	shapes.set(name, shape)
	for (const part of start < 0 ? [] : line.slice(start + 2).split(" ")) {
		const field = fieldOf(part)
		if (field !== undefined) fields.set(field.name, field)
	}
	return shape
}

function fieldOf(text: string): Field | undefined {
	const [code = "", ...extras] = text.split("|")
	const colon = code.indexOf(":")
	if (colon < 0) return undefined
	const name = code.slice(0, colon)
	const required = code.endsWith("!")
	const value = (extra: string) => extras.find((item) => item.startsWith(`${extra}=`))?.slice(extra.length + 1)
	return {
		name,
		required,
		// Deferred: reading one kind must not read all that it may contain.
		get type() {
			return typeCache(this, required ? code.slice(colon + 1, -1) : code.slice(colon + 1))
		},
		shown: extras.includes("zero"),
		atomic: extras.includes("atomic"),
		set: extras.includes("set"),
		keys: value("keys")?.split(","),
		patchKey: value("patch"),
		patchMerges: extras.some((item) => item.startsWith("patch")),
		retainKeys: extras.includes("retain"),
		defaultText: value("default"),
	}
}

/** The type takes the place of the getter once it is known. */
function typeCache(field: Field, code: string): Type {
	const type = typeOf(code)
	Object.defineProperty(field, "type", { value: type })
	return type
}

function typeOf(code: string): Type {
	const rest = code.slice(1)
	switch (code[0]) {
		case "@":
			return facts().lines.get(rest)?.startsWith(`${rest} *`)
				? { kind: "any" }
				: { kind: "object", shape: shapeNamed(rest) }
		case "[":
			return { kind: "list", item: typeOf(rest) }
		case "{":
			return { kind: "map", item: typeOf(rest) }
		case "*":
			return { kind: "any" }
		default:
			return { kind: "scalar", code }
	}
}
