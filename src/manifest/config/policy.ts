import { listOf, membersOf, type Section, textOf } from "./section.ts"

/** What a commit must not do, as `rollcall plan --fail-on` takes it: `unavailable > 10%`. */
export type Policy = { readonly failOn: readonly string[] }

export const policySection: Section<Policy> = (value, path, report) => {
	const { failOn } = membersOf(value, path, ["failOn"], report)
	const gates = listOf(failOn, `${path}.failOn`, report)
	return { failOn: gates.flatMap((gate, index) => textOf(gate, `${path}.failOn[${index}]`, report) ?? []) }
}
