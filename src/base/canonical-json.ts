import { byCodeUnit } from "./compare.ts"
import type { Json } from "./json.ts"

/** The one text of a JSON value: members in code-unit order, no blanks. Equal values give equal texts. */
export function canonicalJson(value: Json): string {
	if (typeof value !== "object" || value === null) return JSON.stringify(value)
	return Array.isArray(value) ? listText(value) : membersText(value as { readonly [member: string]: Json })
}

function listText(list: readonly Json[]): string {
	let text = "["
	for (const [index, item] of list.entries()) text += index === 0 ? canonicalJson(item) : `,${canonicalJson(item)}`
	return `${text}]`
}

function membersText(value: { readonly [member: string]: Json | undefined }): string {
	let text = ""
	for (const name of Object.keys(value).sort(byCodeUnit)) {
		const item = value[name]
		if (item === undefined) continue
		text += `${text === "" ? "" : ","}${JSON.stringify(name)}:${canonicalJson(item)}`
	}
	return `{${text}}`
}
