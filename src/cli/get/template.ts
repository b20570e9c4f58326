import type { Json, JsonObject } from "../../base/index.ts"
import { type JsonPath, parseJsonPath } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { sortMembers } from "../output/document.ts"
import { escapeJson, visible } from "../output/visible.ts"

type Part =
	| { readonly kind: "text"; readonly text: string }
	| { readonly kind: "path"; readonly path: JsonPath }
	| { readonly kind: "range"; readonly path: JsonPath; readonly parts: Part[] }

const PIECE = /([^{]+)|\{((?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^{}"'])*)\}/y
const ESCAPES: { readonly [letter: string]: string } = { n: "\n", t: "\t", r: "\r" }

/**
 * What `-o jsonpath=TEMPLATE` prints of an object: text as it is, `{.path}` replaced by what is there, `{range .path}…{end}`
 * once for each, `{"\n"}` as the text that it quotes. Throws a CliError where it cannot be read.
 */
export function jsonPathTemplate(template: string): (object: JsonObject) => string {
	const whole: Part[] = []
	const open: Part[][] = [whole]
	for (let at = 0; at < template.length; ) {
		PIECE.lastIndex = at
		const [piece = "", text, inside = ""] = PIECE.exec(template) ?? []
		if (piece === "") throw unreadable(template, `a "{" that nothing closes, or closes twice`)
		at += piece.length
		const parts = open.at(-1) ?? whole
		if (text !== undefined) parts.push({ kind: "text", text })
		else if (inside.trim() === "end") {
			if (open.length === 1) throw unreadable(template, "{end} without {range}")
			open.pop()
		} else {
			const part = partOf(inside.trim(), template)
			parts.push(part)
			if (part.kind === "range") open.push(part.parts)
		}
	}
	if (open.length > 1) throw unreadable(template, "{range} without {end}")
	return (object) => printed(whole, object)
}

function partOf(inside: string, template: string): Part {
	const [, quoted] = /^["'](.*)["']$/s.exec(inside) ?? []
	if (quoted !== undefined) {
		return { kind: "text", text: quoted.replace(/\\(.)/gs, (_, letter: string) => ESCAPES[letter] ?? letter) }
	}
	const [, range] = /^range\s+(.*)$/s.exec(inside) ?? []
	const text = range ?? inside
	// What is meant is where one is, and that is where a path begins.
	const path = /^[.[$@]/.test(text) ? parseJsonPath(text.replace(/^@/, "").replace(/^\.$/, "")) : undefined
	if (path === undefined) throw unreadable(template, `the path "${text}"`)
	return range === undefined ? { kind: "path", path } : { kind: "range", path, parts: [] }
}

function printed(parts: readonly Part[], of: Json): string {
	// A path leads from an object; what is no object has nothing below it but itself.
	const at = of as JsonObject
	return parts
		.map((part) => {
			if (part.kind === "text") return part.text
			const found = part.path(at)
			return part.kind === "path" ? found.map(plain).join(" ") : found.map((item) => printed(part.parts, item)).join("")
		})
		.join("")
}

function plain(value: Json): string {
	return typeof value === "string" ? visible(value) : escapeJson(JSON.stringify(sortMembers(value)))
}

function unreadable(template: string, why: string): CliError {
	const next = `write such as jsonpath='{range .items[*]}{.metadata.name}{"\\n"}{end}'`
	return new CliError(`Cannot read the template ${template}: ${why}`, { next })
}
