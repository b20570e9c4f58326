import { isAlias, isMap, isScalar, isSeq, type LineCounter, type ParsedNode, Scalar, type YAMLMap } from "yaml"
import type { Json } from "../base/index.ts"
import { compose, isAfterRoot, type Place, placeAt, withoutText } from "./compose.ts"
import type { ReadLimits } from "./contract.ts"
import { NOT_JSON, plainValue } from "./scalar.ts"

export type Duplicate = { readonly key: string; readonly first: Place; readonly second: Place }

/** What one document's text says, as Kubernetes reads it. Lines are the document's own. */
export type DocumentValue =
	| {
			readonly kind: "value"
			readonly value: Json
			readonly duplicates: readonly Duplicate[]
			/** Where integers stand that a double cannot hold. */
			readonly unsafe: readonly Place[]
	  }
	| { readonly kind: "error"; readonly code: DocumentErrorCode; readonly message: string; readonly place: Place }

export type DocumentErrorCode =
	| "yaml-syntax"
	| "yaml-key"
	| "yaml-value"
	| "too-deep"
	| "too-large"
	| "too-many-aliases"

export type DocumentLimits = Pick<ReadLimits, "aliasNodes" | "depth" | "documentSize">

/** Reads one document. Only the first counts where `...` ends it early. Never throws. */
export function readYaml(text: string, limits: DocumentLimits): DocumentValue {
	const { stackTraceLimit } = Error
	// The yaml package makes an Error of each fault, of which a hostile text has millions.
	Error.stackTraceLimit = 0
	try {
		const composed = compose(text)
		const fault = composed.document?.errors.find((error) => !isAfterRoot(composed, error))
		if (fault !== undefined) {
			return {
				kind: "error",
				code: "yaml-syntax",
				message: withoutText(fault.message),
				place: placeAt(composed.lines, fault.pos[0]),
			}
		}
		const reading = new Reading(composed.lines, limits)
		const value = reading.value(composed.document?.contents ?? null, 0)
		return { kind: "value", value, duplicates: reading.duplicates, unsafe: reading.unsafe }
	} catch (error) {
		if (error instanceof Refused) return { kind: "error", code: error.code, message: error.message, place: error.place }
		const message = error instanceof RangeError ? "nested too deep to be read" : String(error)
		return { kind: "error", code: "too-deep", message, place: { line: 1, column: 1 } }
	} finally {
		Error.stackTraceLimit = stackTraceLimit
	}
}

/** Enough to refuse by. */
const MOST_FAULTS = 50

class Refused extends Error {
	override readonly name = "Refused"
	readonly code: DocumentErrorCode
	readonly place: Place

	constructor(code: DocumentErrorCode, message: string, place: Place) {
		super(message)
		this.code = code
		this.place = place
	}
}

/** One document on its way from nodes to a value: anchors, the alias budget, duplicate keys. */
class Reading {
	readonly duplicates: Duplicate[] = []
	readonly unsafe: Place[] = []
	readonly #lines: LineCounter
	readonly #limits: DocumentLimits
	readonly #anchors = new Map<string, ParsedNode>()
	readonly #open = new Set<ParsedNode>()
	#aliasDepth = 0
	#aliasNodes = 0

	constructor(lines: LineCounter, limits: DocumentLimits) {
		this.#lines = lines
		this.#limits = limits
	}

	value(node: ParsedNode | null, depth: number): Json {
		if (node === null) return null
		if (this.#aliasDepth > 0 && ++this.#aliasNodes > this.#limits.aliasNodes) {
			throw this.#refused("too-many-aliases", "aliases say more than their budget of nodes", node)
		}
		if (depth > this.#limits.depth) throw this.#refused("too-deep", `nested deeper than ${this.#limits.depth}`, node)
		if (isAlias(node)) return this.#through(node, (target) => this.value(target, depth))
		if (node.anchor !== undefined && this.#aliasDepth === 0) this.#anchors.set(node.anchor, node)
		if (isMap(node)) return this.#mapping(node as YAMLMap.Parsed, depth)
		if (isSeq(node)) return node.items.map((item) => this.value(item as ParsedNode | null, depth + 1))
		return isScalar(node) ? this.#scalar(node as Scalar.Parsed) : null
	}

	#through<T>(alias: ParsedNode & { source: string }, read: (target: ParsedNode) => T): T {
		const target = this.#anchors.get(alias.source)
		if (target === undefined) throw this.#refused("yaml-syntax", `unknown anchor "${alias.source}"`, alias)
		if (this.#open.has(target)) throw this.#refused("yaml-syntax", `anchor "${alias.source}" contains itself`, alias)
		this.#open.add(target)
		this.#aliasDepth++
		const result = read(target)
		this.#aliasDepth--
		this.#open.delete(target)
		return result
	}

	#mapping(node: YAMLMap.Parsed, depth: number): Json {
		const members = new Map<string, Json>()
		const places = new Map<string, ParsedNode>()
		if (node.anchor !== undefined && this.#aliasDepth === 0) this.#open.add(node)
		this.#members(node, depth, members, places)
		this.#open.delete(node)
		return Object.fromEntries(members)
	}

	#members(node: YAMLMap.Parsed, depth: number, members: Map<string, Json>, places: Map<string, ParsedNode>): void {
		for (const { key, value } of node.items) {
			if (isMerge(key)) {
				this.#merge(value, depth, members, places)
				continue
			}
			const name = this.#key(key, depth)
			const before = places.get(name)
			if (before !== undefined && this.duplicates.length < MOST_FAULTS) {
				this.duplicates.push({ key: name, first: this.#placeOf(before), second: this.#placeOf(key) })
			}
			places.set(name, key)
			members.set(name, this.value(value, depth + 1))
		}
	}

	/** `<<` takes over the members of a map, an alias of one, or a list of those, the first of which counts most. */
	#merge(
		source: ParsedNode | null,
		depth: number,
		members: Map<string, Json>,
		places: Map<string, ParsedNode>,
		inList = false,
	): void {
		if (isAlias(source)) {
			this.#through(source as ParsedNode & { source: string }, (target) => {
				if (!isMap(target)) throw this.#refused("yaml-value", "map merge requires a map as its value", source)
				this.#members(target as YAMLMap.Parsed, depth, members, places)
			})
		} else if (isMap(source)) this.#members(source as YAMLMap.Parsed, depth, members, places)
		else if (isSeq(source) && !inList) {
			for (const item of [...source.items].reverse()) this.#merge(item as ParsedNode, depth, members, places, true)
		} else throw this.#refused("yaml-value", "map merge requires a map or a list of maps as its value", source)
	}

	#key(key: ParsedNode | null, depth: number): string {
		const value = this.value(key, depth + 1)
		if (typeof value === "string") return value
		if (typeof value === "boolean") return String(value)
		if (typeof value === "number") return Number.isInteger(value) ? String(value) : String(Math.fround(value))
		const what = value === null ? "null" : Array.isArray(value) ? "a list" : "a map"
		throw this.#refused("yaml-key", `a key must be a string, not ${what}`, key)
	}

	#scalar(node: Scalar.Parsed): Json {
		const text = typeof node.value === "string" ? node.value : (node.source ?? "")
		const value = typedScalar(text, node.type === Scalar.PLAIN, node.tag)
		const isUnsafe = Number.isInteger(value) && !Number.isSafeInteger(value) && !FRACTION.test(text)
		if (isUnsafe && this.unsafe.length < MOST_FAULTS) this.unsafe.push(this.#placeOf(node))
		if (value !== NOT_JSON) return value
		throw this.#refused(
			"yaml-value",
			`${text} has no place in JSON${node.tag === undefined ? "" : ` as ${node.tag}`}`,
			node,
		)
	}

	#placeOf(node: ParsedNode | null): Place {
		return placeAt(this.#lines, node?.range[0] ?? 0)
	}

	#refused(code: DocumentErrorCode, message: string, node: ParsedNode | null): Refused {
		return new Refused(code, message, this.#placeOf(node))
	}
}

const FRACTION = /^[^xX]*[.eE]/
const TAGS = "tag:yaml.org,2002:"

/** An explicit tag must agree with what the text says; `!!str` and tags of one's own leave the text as it is. */
function typedScalar(text: string, isPlain: boolean, tag: string | undefined): Json | typeof NOT_JSON {
	if (tag === undefined) return isPlain ? plainValue(text) : text
	if (tag === `${TAGS}binary`) return decodeBase64(text)
	if (!tag.startsWith(TAGS) || tag === `${TAGS}str`) return text
	const value = plainValue(text)
	const type = tag.slice(TAGS.length)
	if (type === "null") return value === null ? null : NOT_JSON
	if (type === "bool") return typeof value === "boolean" ? value : NOT_JSON
	if (type === "int") return Number.isInteger(value) ? value : NOT_JSON
	if (type === "float") return typeof value === "number" ? value : NOT_JSON
	return text
}

function decodeBase64(text: string): Json | typeof NOT_JSON {
	try {
		const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))
		return new TextDecoder().decode(bytes)
	} catch {
		return NOT_JSON
	}
}

function isMerge(key: ParsedNode | null): boolean {
	return isScalar(key) && key.value === "<<" && (key.type === Scalar.PLAIN || key.tag === `${TAGS}merge`)
}
