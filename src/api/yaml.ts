import { stringify } from "yaml"
import type { Answer, Ask, Reply } from "./ask.ts"
import { acceptedOf } from "./route/accept.ts"

export const YAML = "application/yaml"

const OPTIONS = {
	indentSeq: false,
	lineWidth: 0,
	aliasDuplicateObjects: false,
	sortMapEntries: true,
	version: "1.1",
} as const

/** Nobody else is answered while something is laid out. */
const LONGEST = 256 * 1024

/** JSON as the server lays out YAML; ends with a line break. What is too long or too deep for that is YAML as it is. */
export function yamlOf(text: string): string {
	return laidOut(text) ?? `${text.trimEnd()}\n`
}

/** The same as an item of a list. */
export function yamlItem(text: string): string {
	return laidOut(`[${text}]`) ?? `- ${text}\n`
}

function laidOut(text: string): string | undefined {
	if (text.length > LONGEST) return undefined
	try {
		return stringify(JSON.parse(text), OPTIONS)
	} catch (failure) {
		if (failure instanceof RangeError) return undefined
		throw failure
	}
}

/** The answer in YAML where it is JSON, and the client wishes for that first. */
export function asWished(reply: Reply, { accept }: Ask): Reply {
	const isJson = "body" in reply && reply.headers["content-type"] === "application/json" && reply.body.length > 0
	return isJson && acceptedOf(accept)?.isYaml === true ? toYaml(reply) : reply
}

function toYaml({ status, headers, body }: Answer): Answer {
	const text = typeof body === "string" ? body : Buffer.from(body).toString()
	return { status, headers: { ...headers, "content-type": YAML }, body: yamlOf(text) }
}
