import type { JsonObject } from "../../base/index.ts"
import { type Finding, sayKey } from "../../kube/index.ts"
import { envelope } from "../output/document.ts"
import type { Paint } from "../output/paint.ts"
import { oneLine } from "../output/visible.ts"

/** `agents/fluentd.yaml:12:5: error: … [unknown-field]`, one line each: the form that editors jump to. */
export function findingsText(findings: readonly Finding[], paint: Paint): string {
	return findings.map((finding) => `${findingLine(finding, paint)}\n`).join("")
}

export function findingLine(finding: Finding, paint: Paint): string {
	const { file, line, column, severity, message, object, code } = finding
	const place = line > 0 ? `${oneLine(file)}:${line}:${column}` : oneLine(file)
	const colour = severity === "error" ? paint.red : severity === "warning" ? paint.yellow : paint.cyan
	const name = object === undefined ? "" : sayKey(object)
	const subject = name === "" || message.includes(name) ? "" : ` (${oneLine(name)})`
	return `${paint.bold(place)}: ${colour(severity)}: ${oneLine(message)}${subject} ${paint.dim(`[${oneLine(code)}]`)}`
}

export type FindingCounts = { readonly error: number; readonly warning: number; readonly info: number }

export function countFindings(findings: readonly Finding[]): FindingCounts {
	const of = (severity: Finding["severity"]) => findings.filter((finding) => finding.severity === severity).length
	return { error: of("error"), warning: of("warning"), info: of("info") }
}

/** `12 files, 31 objects: 2 errors, 1 warning`. */
export function findingsSummary(findings: readonly Finding[], files: number, objects: number): string {
	const { error, warning, info } = countFindings(findings)
	const problems = [
		...(error > 0 ? [plural(error, "error")] : []),
		...(warning > 0 ? [plural(warning, "warning")] : []),
		...(info > 0 ? [plural(info, "note")] : []),
	]
	return `${plural(files, "file")}, ${plural(objects, "object")}: ${problems.join(", ") || "no findings"}`
}

export function findingsJson(findings: readonly Finding[], files: number, objects: number): JsonObject {
	const items = findings.map((finding) => ({ ...finding }))
	return envelope("FindingList", items, { files, objects, ...countFindings(findings) })
}

function plural(count: number, noun: string): string {
	return `${count} ${noun}${count === 1 ? "" : "s"}`
}
