import { labelValueProblems, qualifiedNameProblems } from "./labels.ts"
import type { StringMap } from "./object.ts"
import type { LabelSelector, NodeSelectorTerm, SelectorRequirement } from "./types.ts"

/** A selector made ready for many objects. `empty` selects everything; an absent selector selects nothing. */
export type Selector = { readonly matches: (labels: StringMap | undefined) => boolean; readonly empty: boolean }
export type SelectorError = { readonly error: string }

type Test = (labels: StringMap) => boolean

const NO_LABELS: StringMap = Object.freeze({})
const OPERATORS: readonly string[] = ["In", "NotIn", "Exists", "DoesNotExist"]

/** Compiles a label selector, or says why it is none; the text is the one that the API's own conversion gives. */
export function compileSelector(selector: LabelSelector | undefined): Selector | SelectorError {
	if (selector === undefined) return { matches: () => false, empty: false }
	const pairs = Object.entries(selector.matchLabels ?? {})
	const requirements: readonly SelectorRequirement[] = [
		...pairs.map(([key, value]) => ({ key, operator: "In", values: [value] })),
		...(selector.matchExpressions ?? []),
	]
	const tests: Test[] = []
	for (const requirement of requirements) {
		const test = OPERATORS.includes(requirement.operator)
			? compileRequirement(requirement)
			: { error: `"${requirement.operator}" is not a valid label selector operator` }
		if (typeof test !== "function") return test
		tests.push(test)
	}
	return {
		matches: (labels) => tests.every((test) => test(labels ?? NO_LABELS)),
		empty: tests.length === 0,
	}
}

/** A node's answer to the required terms of a node affinity; compiled once, asked of many nodes (P3, P4). */
export type NodeSelectorTest = (labels: StringMap | undefined, name: string) => boolean

/** P3: terms are ORed; an empty term and an empty list match nothing; a term that cannot be read fails alone. */
export function compileNodeSelectorTerms(terms: readonly NodeSelectorTerm[] | undefined): NodeSelectorTest {
	const tests = (terms ?? []).flatMap((term) => compileTerm(term) ?? [])
	return (labels, name) => tests.some((test) => test(labels ?? NO_LABELS, name))
}

/** The same for a single question. */
export function matchesNodeSelectorTerms(
	terms: readonly NodeSelectorTerm[] | undefined,
	labels: StringMap | undefined,
	name: string,
): boolean {
	return compileNodeSelectorTerms(terms)(labels, name)
}

function compileTerm(term: NodeSelectorTerm): NodeSelectorTest | undefined {
	const expressions = term.matchExpressions ?? []
	const fields = term.matchFields ?? []
	if (expressions.length === 0 && fields.length === 0) return undefined
	const byLabels = expressions.map(compileRequirement)
	const byName = fields.map(compileField)
	const labelTests = byLabels.filter((test) => typeof test === "function")
	const nameTests = byName.filter((test) => test !== undefined)
	if (labelTests.length < byLabels.length || nameTests.length < byName.length) return undefined
	// A node without a name, which no API server lets in, is not asked for its fields.
	return (labels, name) =>
		labelTests.every((test) => test(labels ?? NO_LABELS)) && (name === "" || nameTests.every((test) => test(name)))
}

/** Nodes offer one field, their name; any other reads as empty. */
function compileField({ key, operator, values }: SelectorRequirement): ((name: string) => boolean) | undefined {
	const [value, ...more] = values ?? []
	if (value === undefined || more.length > 0) return undefined
	const field = (name: string) => (key === "metadata.name" ? name : "")
	if (operator === "In") return (name) => field(name) === value
	return operator === "NotIn" ? (name) => field(name) !== value : undefined
}

/** One requirement on labels, of all operators that node affinity knows (P4). */
export function compileRequirement(requirement: SelectorRequirement): Test | SelectorError {
	const { key, operator } = requirement
	const values = requirement.values ?? []
	const wrong = requirementError(key, operator, values)
	if (wrong !== undefined) return { error: wrong }
	const has = (labels: StringMap) => Object.hasOwn(labels, key)
	switch (operator) {
		case "In":
			return (labels) => has(labels) && values.includes(labels[key] as string)
		case "NotIn":
			return (labels) => !has(labels) || !values.includes(labels[key] as string)
		case "Exists":
			return has
		case "DoesNotExist":
			return (labels) => !has(labels)
		default:
			return comparison(key, operator, values[0] ?? "")
	}
}

function requirementError(key: string, operator: string, values: readonly string[]): string | undefined {
	const badKey = qualifiedNameProblems(key)
	if (badKey.length > 0) return `key: Invalid value: "${key}": ${badKey.join("; ")}`
	if (operator === "In" || operator === "NotIn") {
		if (values.length === 0) return "values: Invalid value: []: for 'in', 'notin' operators, values set can't be empty"
	} else if (operator === "Exists" || operator === "DoesNotExist") {
		if (values.length > 0) return "values: Invalid value: values set must be empty for exists and does not exist"
	} else if (operator === "Gt" || operator === "Lt") {
		if (values.length !== 1) return "values: Invalid value: for 'Gt', 'Lt' operators, exactly one value is required"
		if (integer(values[0]) === undefined)
			return "values[0]: Invalid value: for 'Gt', 'Lt' operators, the value must be an integer"
	} else {
		return `operator: Unsupported value: "${operator}"`
	}
	for (const [index, value] of values.entries()) {
		const badValue = labelValueProblems(value)
		if (badValue.length > 0) return `values[${index}][${key}]: Invalid value: "${value}": ${badValue.join("; ")}`
	}
	return undefined
}

function comparison(key: string, operator: string, bound: string): Test {
	const limit = integer(bound) ?? 0n
	return (labels) => {
		const value = Object.hasOwn(labels, key) ? integer(labels[key]) : undefined
		return value !== undefined && (operator === "Gt" ? value > limit : value < limit)
	}
}

/** P4: a 64-bit integer in decimal, leading zeros and a sign allowed. */
function integer(text: string | undefined): bigint | undefined {
	if (text === undefined || text.length > 64 || !/^[+-]?\d+$/.test(text)) return undefined
	const value = text.startsWith("-") ? -BigInt(text.slice(1)) : BigInt(text.replace("+", ""))
	return BigInt.asIntN(64, value) === value ? value : undefined
}
