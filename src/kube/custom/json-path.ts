import { isObject, type Json, type JsonObject } from "../../base/index.ts"

/** Everything that a path leads to; nothing where it is missing. */
export type JsonPath = (object: JsonObject) => readonly Json[]

type Step = (values: readonly Json[]) => readonly Json[]

const NAME = /^\.((?:\\.|[^.[\]\\])+)/
const QUOTED = /^\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\]/
const INDEX = /^\[(-?\d{1,9})\]/
const ALL = /^(?:\[\*\]|\.\*)/
const FILTER = /^\[\?\(\s*@((?:\.(?:\\.|[\w/-])+)+)\s*(==|!=)\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+))\s*\)\]/

/**
 * A path as printer columns have it: `.spec.a`, `.metadata.annotations['a.b/c']`, `.spec.list[0]`, `.spec.list[*].name`,
 * `.status.conditions[?(@.type=="Ready")].status`. Undefined where it is written in another way.
 */
export function parseJsonPath(text: string): JsonPath | undefined {
	const steps: Step[] = []
	let rest = text.replace(/^\{(.*)\}$/, "$1").replace(/^\$/, "")
	while (rest !== "") {
		const found = stepOf(rest)
		if (found === undefined) return undefined
		steps.push(found.step)
		rest = rest.slice(found.length)
	}
	return (object) => steps.reduce<readonly Json[]>((values, step) => step(values), [object])
}

function stepOf(text: string): { readonly step: Step; readonly length: number } | undefined {
	const all = ALL.exec(text)
	if (all !== null) return { step: (values) => values.flatMap(childrenOf), length: all[0].length }
	const name = NAME.exec(text) ?? QUOTED.exec(text)
	if (name !== null) {
		const member = unescaped(name[1] ?? name[2] ?? "")
		return { step: (values) => values.flatMap((value) => memberOf(value, member)), length: name[0].length }
	}
	const index = INDEX.exec(text)
	if (index !== null) {
		const at = Number(index[1])
		return { step: (values) => values.flatMap((value) => itemOf(value, at)), length: index[0].length }
	}
	const filter = FILTER.exec(text)
	if (filter === null) return undefined
	const [whole, path = "", sign, double, single, bare] = filter
	const inner = parseJsonPath(path)
	if (inner === undefined) return undefined
	const wanted = double ?? single ?? bare
	const fits = (item: Json) =>
		isObject(item) && inner(item).some((value) => String(value) === wanted) === (sign === "==")
	return { step: (values) => values.flatMap(childrenOf).filter(fits), length: whole.length }
}

function unescaped(name: string): string {
	return name.replace(/\\(.)/g, "$1")
}

function memberOf(value: Json, name: string): readonly Json[] {
	const member = isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
	return member === undefined ? [] : [member]
}

function itemOf(value: Json, index: number): readonly Json[] {
	const item: Json | undefined = Array.isArray(value) ? value.at(index) : undefined
	return item === undefined ? [] : [item]
}

function childrenOf(value: Json): readonly Json[] {
	return Array.isArray(value) ? value : isObject(value) ? (Object.values(value) as Json[]) : []
}
