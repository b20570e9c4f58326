import { formatInstant, type Json, type JsonObject } from "../../base/index.ts"
import type { DecidedEntry, NumberedEntry } from "../../history/index.ts"
import { type ObjectKey, sayKey } from "../../kube/index.ts"
import type { FieldChange } from "../../plan/index.ts"
import { type Cell, formatTable } from "../output/table.ts"
import type { TableOptions } from "./history.ts"
import { fieldJson, objectJson } from "./json.ts"
import { ageAt, shortCommit } from "./words.ts"

export type Decided = NumberedEntry & { readonly entry: DecidedEntry }

/** What came of a write by hand has rows of its own, but where it was refused. */
export function isTold(entry: DecidedEntry): boolean {
	return entry.kind !== "decision" || entry.decision !== "write" || entry.refused !== undefined
}

export function objectOf(entry: DecidedEntry): ObjectKey | undefined {
	return entry.kind === "decision" ? entry.object : entry.key
}

/** The table of what was decided, written by hand, and put back: newest first. */
export function decisionsTable(rows: readonly Decided[], { now, paint, noHeaders }: TableOptions): string {
	return formatTable(
		["AGE", "WHAT", "OBJECT", "BY", "RESULT", "DETAILS"],
		rows.map(({ entry, ...row }) => {
			const { what, by, result, details } = sayEntry(entry)
			const bad = result === "refused" || result === "reported"
			const cells: readonly Cell[] = [
				ageAt(entry.at, now),
				what,
				placeOf({ entry, ...row }),
				by,
				bad ? { text: result, paint: paint.red } : result,
				details,
			]
			return cells
		}),
		{ noHeaders },
	)
}

export function decisionJson({ number, wall, entry }: Decided): JsonObject {
	const members = Object.entries(entry).filter(([name]) => !["key", "object", "at", "fields"].includes(name))
	const key = entry.kind === "decision" ? entry.object : entry.key
	const fields = entry.kind === "decision" ? {} : { fields: entry.fields.map(fieldJson) }
	return {
		number,
		decidedAt: formatInstant(entry.at),
		decidedWall: formatInstant(wall),
		...(key === undefined ? {} : { object: objectJson(key) }),
		...(Object.fromEntries(members) as { [name: string]: Json }),
		...fields,
	}
}

type Said = { readonly what: string; readonly by: string; readonly result: string; readonly details: string }

function sayEntry(entry: DecidedEntry): Said {
	if (entry.kind === "decision") {
		const { decision, rule, who = "rollcall", refused, message } = entry
		const what = rule === "by-hand" ? decision : `${decision}: ${rule}`
		if (refused === undefined) return { what, by: who, result: "done", details: message }
		return { what, by: who, result: "refused", details: refused.message }
	}
	const fields = entry.fields.map(sayField).join(", ")
	if (entry.kind === "write") return { what: entry.action, by: entry.client, result: "done", details: fields }
	const details = [fields, entry.reason ?? ""].filter((text) => text !== "").join("; ")
	return { what: `drift: ${entry.action}`, by: entry.client, result: entry.response, details }
}

function sayField({ path, before, after }: FieldChange): string {
	const text = (value: Json | undefined): string => (value === undefined ? "none" : JSON.stringify(value))
	return `${path} ${text(before)} → ${text(after)}`
}

function placeOf({ entry }: Decided): string {
	const key = objectOf(entry)
	if (key !== undefined) return sayKey(key)
	return entry.kind === "decision" && entry.commit !== undefined ? `commit ${shortCommit(entry.commit)}` : "<none>"
}
