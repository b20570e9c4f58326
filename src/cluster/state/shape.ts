import { byCodeUnit } from "../../base/index.ts"
import { PodRows } from "./pods.ts"

/**
 * What a state is made of: its members and the types of its columns, as one text. A snapshot of another shape was
 * written by another version, and reading it as ours would be a guess.
 */
export function shapeOf(value: unknown): string {
	if (typeof value !== "object" || value === null) return typeof value
	if (value instanceof PodRows) return value.record.layout
	const made = value.constructor?.name ?? "Object"
	if (made !== "Object") return made
	const members = Object.entries(value)
		.filter(([, member]) => member !== undefined)
		.sort(([a], [b]) => byCodeUnit(a, b))
		.map(([name, member]) => `${name}:${shapeOf(member)}`)
	return `{${members.join(",")}}`
}
