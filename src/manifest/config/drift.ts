import type { Json } from "../../base/index.ts"
import { listOf, membersOf, type Report, type Section, textOf } from "./section.ts"

/** Fields that others may change, of the objects that it is about: of all where it names none. `*` is any text. */
export type DriftRule = {
	readonly kind?: string
	readonly namespace?: string
	readonly name?: string
	/** As drift is told: `spec.template.spec.containers[name=*].resources`; with all that is below them. */
	readonly fields: readonly string[]
}

export type DriftRules = { readonly ignore: readonly DriftRule[] }

export const driftSection: Section<DriftRules> = (value, path, report) => {
	const { ignore } = membersOf(value, path, ["ignore"], report)
	const rules = listOf(ignore, `${path}.ignore`, report)
	return { ignore: rules.map((rule, index) => ruleOf(rule, `${path}.ignore[${index}]`, report)) }
}

const ABOUT = ["kind", "namespace", "name"] as const

function ruleOf(value: Json, path: string, report: Report): DriftRule {
	const members = membersOf(value, path, [...ABOUT, "fields"], report)
	const fields = listOf(members["fields"], `${path}.fields`, report).flatMap(
		(field, index) => textOf(field, `${path}.fields[${index}]`, report) ?? [],
	)
	if (fields.length === 0) report(path, "names no fields: a rule without them ignores nothing")
	const about = ABOUT.flatMap((name) => {
		const text = textOf(members[name], `${path}.${name}`, report)
		return text === undefined ? [] : [[name, text] as const]
	})
	return { ...Object.fromEntries(about), fields }
}
