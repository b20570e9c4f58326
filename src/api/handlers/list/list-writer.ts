import type { JsonObject } from "../../../base/index.ts"
import { YAML, yamlItem, yamlOf } from "../../yaml.ts"
import type { ListMeta } from "../shapes.ts"

/** How a list is written piece by piece. */
export type ListWriter = {
	readonly contentType: string
	/** Of a list without its metadata, whose last member are its items, of which there are none. */
	readonly head: (list: JsonObject) => string
	/** `text`: the item as JSON. `count`: of items before. */
	readonly item: (text: string, count: number) => string
	readonly tail: (metadata: ListMeta, count: number) => string
}

export const JSON_WRITER: ListWriter = {
	contentType: "application/json",
	head: (list) => JSON.stringify(list).slice(0, -"]}".length),
	item: (text, count) => (count === 0 ? text : `,${text}`),
	tail: (metadata) => `],"metadata":${JSON.stringify(metadata)}}\n`,
}

export const YAML_WRITER: ListWriter = {
	contentType: YAML,
	head: (list) => {
		const { [lastOf(list)]: _, ...others } = list
		return `${yamlOf(JSON.stringify(others))}${lastOf(list)}:`
	},
	item: (text, count) => `${count === 0 ? "\n" : ""}${yamlItem(text)}`,
	tail: (metadata, count) => `${count === 0 ? " []\n" : ""}${yamlOf(JSON.stringify({ metadata }))}`,
}

function lastOf(list: JsonObject): string {
	return Object.keys(list).at(-1) ?? ""
}
