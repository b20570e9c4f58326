import { byCodeUnit } from "./compare.ts"
import type { Json } from "./json.ts"

/** The one text of a JSON value: members in code-unit order, no blanks. Equal values give equal texts. */
export function canonicalJson(value: Json): string {
	if (typeof value !== "object" || value === null) return JSON.stringify(value)
	if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item)).join(",")}]`
	const members = Object.entries(value as { [member: string]: Json })
		.filter(([, item]) => item !== undefined)
		.sort(([a], [b]) => byCodeUnit(a, b))
	return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonicalJson(item)}`).join(",")}}`
}
