import type { StringMap } from "./object.ts"
import { compileRequirement, type Selector, type SelectorError } from "./selectors.ts"
import type { SelectorRequirement } from "./types.ts"

const REQUIREMENT =
	/^(?:(?<absent>!)\s*(?<none>[^\s!=,()<>]+)|(?<key>[^\s!=,()<>]+)(?:\s*(?<sign>==|=|!=|<|>)\s*(?<value>[^\s!=,()<>]*)|\s+(?<set>in|notin)\s*\((?<list>[^()]*)\))?)\s*(?:,|$)/

/** kubectl's `-l`: `app=x,tier!=db,env in (a, b),!old,rack`. An empty text selects everything. */
export function parseSelectorText(text: string): Selector | SelectorError {
	const tests: ((labels: StringMap) => boolean)[] = []
	let rest = text.trim()
	while (rest !== "") {
		const match = REQUIREMENT.exec(rest)
		if (match?.groups === undefined) return { error: `unable to parse requirement: found "${rest}"` }
		if (match[0].length === rest.length && rest.endsWith(","))
			return { error: "unable to parse requirement: found ',' at the end" }
		const test = compileRequirement(requirementOf(match.groups))
		if (typeof test !== "function") return test
		tests.push(test)
		rest = rest.slice(match[0].length).trimStart()
	}
	return { matches: (labels) => tests.every((test) => test(labels ?? {})), empty: tests.length === 0 }
}

type Groups = { readonly [group: string]: string | undefined }

function requirementOf({ none, key = "", sign, value = "", set, list = "" }: Groups): SelectorRequirement {
	if (none !== undefined) return { key: none, operator: "DoesNotExist" }
	if (set !== undefined) {
		return { key, operator: set === "in" ? "In" : "NotIn", values: list.split(",").map((item) => item.trim()) }
	}
	if (sign === undefined) return { key, operator: "Exists" }
	const operator = { "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt" }[sign] ?? "In"
	return { key, operator, values: [value] }
}
