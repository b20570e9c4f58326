import type { JsonObject } from "../../base/index.ts"
import type { Change } from "../../plan/index.ts"
import { objectName } from "../get/kinds.ts"
import { fieldJson, objectJson } from "../ledger/json.ts"
import { placeOf } from "../ledger/words.ts"
import { envelope } from "../output/document.ts"
import type { Paint } from "../output/paint.ts"
import { oneLine } from "../output/visible.ts"
import { fieldLines } from "./fields.ts"

/** What a change does, as a line and its fields: `~ daemonset.apps logging/fluentd  agents/fluentd.yaml:12`. */
export function diffText(changes: readonly Change[], paint: Paint): string {
	return changes.map((change) => `${changeLines(change, paint).join("\n")}\n`).join("")
}

export function changeLines(
	change: Pick<Change, "key" | "action" | "fields" | "path" | "line">,
	paint: Paint,
): readonly string[] {
	const mark = { create: paint.green("+"), update: paint.yellow("~"), delete: paint.red("-") }[change.action]
	const type = objectName(change.key).split("/")[0] ?? ""
	const where = change.path ? paint.dim(`  ${oneLine(change.path)}${change.line ? `:${change.line}` : ""}`) : ""
	const head = `${mark} ${oneLine(type)} ${paint.bold(placeOf(change.key))}${where}`
	// A new or removed object is told by its name alone: all of its fields would bury the rest.
	return change.action === "update"
		? [head, ...change.fields.flatMap((field) => fieldLines(field, paint, "    "))]
		: [head]
}

/** `2 created, 1 changed, 0 deleted`. */
export function diffSummary(changes: readonly Change[]): string {
	const of = (action: Change["action"]) => changes.filter((change) => change.action === action).length
	return `${of("create")} created, ${of("update")} changed, ${of("delete")} deleted`
}

export function diffJson(
	changes: readonly Change[],
	range: { readonly from: string; readonly to: string },
): JsonObject {
	const items = changes.map((change) => ({
		object: objectJson(change.key),
		action: change.action,
		...(change.path === undefined ? {} : { path: change.path }),
		...(change.line === undefined ? {} : { line: change.line }),
		fields: change.fields.map(fieldJson),
	}))
	return envelope("ChangeList", items, range)
}
