import { structuredPatch } from "diff"
import { type Json, jsonEqual } from "../../base/index.ts"
import type { FieldChange } from "../../plan/index.ts"
import type { Paint } from "../output/paint.ts"
import { oneLine, visible } from "../output/visible.ts"

const LONGEST = 400

/** One field's change: on one line where both values are short, before and after below each other where they are not. */
export function fieldLines(field: FieldChange, paint: Paint, indent: string): readonly string[] {
	const path = oneLine(field.path)
	if (isText(field.before) && isText(field.after)) return textLines(path, field.before, field.after, paint, indent)
	const scripts = changedTexts(field)
	if (scripts.length > 0) return scripts.flatMap((script) => fieldLines(script, paint, indent))
	const before = field.before === undefined ? undefined : valueText(field.before)
	const after = field.after === undefined ? undefined : valueText(field.after)
	if (before === undefined) return [`${indent}${paint.green(`+ ${path}: ${after ?? ""}`)}`]
	if (after === undefined) return [`${indent}${paint.red(`- ${path}: ${before}`)}`]
	if (before.length + after.length <= 80) {
		return [`${indent}${paint.yellow("~")} ${path}: ${paint.red(before)} → ${paint.green(after)}`]
	}
	return [
		`${indent}${paint.yellow("~")} ${path}:`,
		`${indent}    ${paint.red(`- ${before}`)}`,
		`${indent}    ${paint.green(`+ ${after}`)}`,
	]
}

/** A list in which only texts of several lines changed, such as `command: ["sh", "-c", SCRIPT]`: each of them alone. */
function changedTexts({ path, before, after }: FieldChange): readonly FieldChange[] {
	if (!Array.isArray(before) || !Array.isArray(after) || before.length !== after.length) return []
	const changed: FieldChange[] = []
	for (const [index, old] of before.entries()) {
		const now = after[index]
		if (now === undefined || jsonEqual(old, now)) continue
		if (!isText(old) || !isText(now)) return []
		changed.push({ path: `${path}[${index}]`, before: old, after: now })
	}
	return changed
}

function isText(value: Json | undefined): value is string {
	return typeof value === "string" && value.trimEnd().includes("\n")
}

/** Files within a field, such as a ConfigMap's: the lines that differ, and two around them. */
function textLines(path: string, before: string, after: string, paint: Paint, indent: string): readonly string[] {
	const { hunks } = structuredPatch("", "", visible(before), visible(after), "", "", { context: 2 })
	const lines = hunks.flatMap((hunk, index) => [...(index > 0 ? ["…"] : []), ...hunk.lines])
	const painted = lines.map((line) =>
		line.startsWith("+") ? paint.green(line) : line.startsWith("-") ? paint.red(line) : line,
	)
	return [`${indent}${paint.yellow("~")} ${path}:`, ...painted.map((line) => `${indent}    ${line}`)]
}

/** A value as one line of JSON, strings without quotes where nothing is lost, cut where it is long. */
export function valueText(value: Json): string {
	const text = typeof value === "string" && /^[\w./:@%+-]+$/.test(value) ? value : visible(JSON.stringify(value))
	return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length - LONGEST} more characters)`
}
