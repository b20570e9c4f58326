import { describe, expect, test } from "vitest"
import {
	compileSelector,
	matchesNodeSelectorTerms,
	type NodeSelectorTerm,
	parseSelectorText,
	tolerates,
	untoleratedTaints,
} from "../../src/kube/index.ts"

const labels = { app: "web", tier: "front", rack: "007", "example.com/zone": "a" }

test("an absent selector selects nothing and an empty one everything", () => {
	const absent = compileSelector(undefined)
	const empty = compileSelector({})
	expect(absent).toMatchObject({ empty: false })
	expect(empty).toMatchObject({ empty: true })
	expect("matches" in absent && absent.matches(labels)).toBe(false)
	expect("matches" in empty && empty.matches(undefined)).toBe(true)
})

const term = (operator: string, ...values: string[]): NodeSelectorTerm => ({
	matchExpressions: [{ key: "rack", operator, ...(values.length > 0 ? { values } : {}) }],
})
const field = (operator: string, ...values: string[]): NodeSelectorTerm => ({
	matchFields: [{ key: "metadata.name", operator, values }],
})

test.each<[string, readonly NodeSelectorTerm[], boolean]>([
	["[P3] no terms", [], false],
	["[P3] an empty term", [{}], false],
	["[P3] a term that cannot be read, then one that matches", [term("In"), term("Exists")], true],
	["[P4] Gt on a label with leading zeros", [term("Gt", "6")], true],
	["[P4] Gt with a value that is no integer", [term("Gt", "6.5")], false],
	["[P4] Lt at the bound", [term("Lt", "7")], false],
	["[P4] NotIn on a missing label", [{ matchExpressions: [{ key: "none", operator: "NotIn", values: ["x"] }] }], true],
	["the node's own name", [field("In", "n1")], true],
	["another node's name", [field("In", "n2")], false],
	["two names in one requirement", [field("In", "n1", "n2")], false],
])("required node affinity: %s", (_title, terms, want) => {
	expect(matchesNodeSelectorTerms(terms, labels, "n1")).toBe(want)
})

describe("parseSelectorText", () => {
	test.each([
		["", true],
		["app=web", true],
		["app==web, tier!=back", true],
		["app in (db, web),!old", true],
		["app notin (web)", false],
		["rack>6", true],
		["rack,example.com/zone=a", true],
		["missing", false],
		["app=", false],
	])("%j gives %s", (text, want) => {
		const selector = parseSelectorText(text)
		expect("matches" in selector && selector.matches(labels)).toBe(want)
	})

	test.each(["a=b,", "=x", "a in b", "a!!b", "bad key=x y", "app in (web"])("%j is an error", (text) => {
		expect(parseSelectorText(text)).toHaveProperty("error")
	})
})

test.each([
	[{ operator: "Exists" }, true],
	[{ key: "gpu", operator: "Exists" }, true],
	[{ key: "gpu", value: "yes" }, true],
	[{ key: "gpu", value: "no" }, false],
	[{ key: "gpu", operator: "Exists", effect: "NoExecute" }, false],
	[{ key: "gpu", operator: "Gt", value: "yes" }, false],
])("tolerates: %j covers gpu=yes:NoSchedule is %s", (toleration, want) => {
	expect(tolerates(toleration, { key: "gpu", value: "yes", effect: "NoSchedule" })).toBe(want)
})

test("untoleratedTaints leaves out other effects and covered taints", () => {
	const taints = ["NoSchedule", "NoExecute", "PreferNoSchedule"].map((effect) => ({ key: "a", effect }))
	expect(
		untoleratedTaints(taints, [{ key: "a", operator: "Exists", effect: "NoExecute" }], ["NoSchedule", "NoExecute"]),
	).toEqual([{ key: "a", effect: "NoSchedule" }])
})
