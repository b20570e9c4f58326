import { stringify } from "yaml"
import type { Json } from "../base/index.ts"
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

/** As the server lays it out; ends with a line break. */
export function yamlOf(value: Json): string {
	return stringify(value, OPTIONS)
}

/** The answer in YAML where it is JSON, and the client wishes for that first. */
export function asWished(reply: Reply, { accept }: Ask): Reply {
	const isJson = "body" in reply && reply.headers["content-type"] === "application/json" && reply.body.length > 0
	return isJson && acceptedOf(accept)?.isYaml === true ? toYaml(reply) : reply
}

function toYaml({ status, headers, body }: Answer): Answer {
	const object: Json = JSON.parse(typeof body === "string" ? body : Buffer.from(body).toString())
	return { status, headers: { ...headers, "content-type": YAML }, body: yamlOf(object) }
}
