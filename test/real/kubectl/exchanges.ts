import { isObject, type Json } from "../../../src/base/index.ts"
import { AGE, BODIES, FREE_ITEMS, FREE_MEMBERS, PARAMETERS, REQUESTS } from "./freedoms.ts"
import { masked } from "./plain.ts"
import type { Exchange } from "./recording.ts"

/** What kubectl asked, each once, for it asks again while it waits; and of what kind the answers were. */
export function asked(exchanges: readonly Exchange[], command: string): readonly string[] {
	const lines = exchanges.map(({ responseHeaders, ...exchange }) =>
		`${nameOf(exchange)} -> ${exchange.status} ${typeOf(exchange)} ${responseHeaders["warning"] ?? ""}`.trimEnd(),
	)
	return [...new Set(lines)].filter((line) => !isFree(line, command)).sort()
}

function isFree(request: string, command: string): boolean {
	return REQUESTS.some(({ commands, pattern }) => commands.test(command) && pattern.test(request))
}

/** The first answer to each request, where both sides' have a body that says something. */
export function answers(
	ours: readonly Exchange[],
	recorded: readonly Exchange[],
	command: string,
): readonly { readonly request: string; readonly ours: readonly string[]; readonly recorded: readonly string[] }[] {
	const [own, theirs] = [byName(ours), byName(recorded)]
	return [...theirs].flatMap(([request, exchange]) => {
		const answer = own.get(request)
		// That it was asked, and answered so, is compared beside this.
		if (isFree(request, command) || answer?.status !== exchange.status) return []
		return [{ request, ours: linesOf(answer), recorded: linesOf(exchange) }]
	})
}

function byName(exchanges: readonly Exchange[]): ReadonlyMap<string, Exchange> {
	const told = exchanges.filter(({ path, responseBody, responseContentType }) => {
		const isJson = responseContentType.startsWith("application/json") || path.startsWith("/healthz")
		return isJson && responseBody && !BODIES.some(({ pattern }) => pattern.test(path))
	})
	return new Map(told.reverse().map((exchange) => [nameOf(exchange), exchange]))
}

function nameOf({ method, path }: Pick<Exchange, "method" | "path">): string {
	const [place = "", query = ""] = path.split("?")
	const words = [...new URLSearchParams(query)].map(([name, value]) => {
		if (name === "fieldSelector") return `${name}=${value.split(",").sort().join(",")}`
		return PARAMETERS.test(name) ? `${name}=N` : `${name}=${value}`
	})
	return masked([method, place, ...words.sort()].join(" "))
}

/** kubectl takes protobuf where there is some, and JSON elsewhere. */
function typeOf({ responseContentType }: Pick<Exchange, "responseContentType">): string {
	return responseContentType.replace("application/vnd.kubernetes.protobuf", "application/json")
}

function linesOf({ responseBody = "" }: Exchange): readonly string[] {
	const text = /^[[{]/.test(responseBody) ? textOf(JSON.parse(responseBody)) : responseBody
	return masked(text).split("\n")
}

function textOf(value: Json): string {
	return JSON.stringify(plainly(value, ""), undefined, " ")
}

/** Members in the order of their names, and objects of a list in that of what they say. */
function plainly(value: Json, member: string): Json {
	if (typeof value === "string") return AGE.test(value) ? "AGE" : value
	if (Array.isArray(value)) {
		const items = value
			.filter((item) => !FREE_ITEMS.some(({ list, is }) => list === member && isObject(item) && is.test(textOf(item))))
			.map((item) => plainly(item, ""))
		if (member !== "items" && member !== "rows") return items
		return items.sort((a, b) => (masked(textOf(a)) < masked(textOf(b)) ? -1 : 1))
	}
	if (!isObject(value)) return value
	const members = Object.entries(value).filter(([name]) => !FREE_MEMBERS.has(name))
	const plain = members.map(([name, each]): [string, Json] => [name, plainly(each as Json, name)])
	// Where nothing is left, the member may be missing as well.
	const said = plain.filter(([name, each]) => !EMPTIED.has(name) || Object.keys(each as object).length > 0)
	return Object.fromEntries(said.sort(([a], [b]) => (a < b ? -1 : 1)))
}
const EMPTIED = new Set(["annotations", "subresources"])
