import { isObject, type JsonObject } from "../../../base/index.ts"
import { readProtobuf } from "../../../kube/index.ts"
import { DEFAULT_LIMITS, readYaml } from "../../../manifest/index.ts"
import type { Answer, Ask } from "../../ask.ts"
import { badRequest, refused } from "../../refused.ts"

type Text = { readonly text: string } | { readonly refusal: Answer }

/** An object's JSON, whichever of the server's formats it comes in. */
export function jsonOf({ contentType, body }: Ask): Text {
	const text = textOf(body)
	if (contentType === "" || contentType === "application/json") return { text }
	if (contentType === "application/yaml") return fromYaml(text)
	if (contentType !== "application/vnd.kubernetes.protobuf") return { refusal: unknownFormat(OBJECT_TYPES) }
	const object = readProtobuf(body)
	return object === undefined ? { refusal: unknownFormat(OBJECT_TYPES.slice(0, 2)) } : { text: JSON.stringify(object) }
}

/** Options that may be left away. */
export function optionsOf(ask: Ask): { readonly object: JsonObject } | { readonly refusal: Answer } {
	if (ask.body.length === 0) return { object: {} }
	const read = jsonOf(ask)
	if ("refusal" in read) return read
	try {
		const object: unknown = JSON.parse(read.text)
		return isObject(object) ? { object } : { refusal: badRequest("the body is no object") }
	} catch (error) {
		return { refusal: badRequest(`the body is no JSON: ${(error as Error).message}`) }
	}
}

/** Clients send JSON, but for what a person wrote by hand; and nobody else is answered while YAML is read. */
const MOST_YAML = 256 * 1024

/** YAML, of which JSON is a part. */
export function fromYaml(text: string): Text {
	if (text.trimStart().startsWith("{")) return { text }
	if (text.length > MOST_YAML) {
		const message = `Request entity too large: limit is ${MOST_YAML} for YAML; JSON may be larger`
		return { refusal: refused(413, "RequestEntityTooLarge", message) }
	}
	const read = readYaml(text, DEFAULT_LIMITS)
	if (read.kind === "error") return { refusal: unreadable(read.message, read.place.line) }
	const [twice] = read.duplicates
	if (twice !== undefined) return { refusal: unreadable(`key "${twice.key}" already set in map`, twice.second.line) }
	return { text: JSON.stringify(read.value) }
}

function unreadable(message: string, line: number): Answer {
	return badRequest(`error converting YAML to JSON: yaml: line ${line}: ${message}`)
}

export function textOf(body: Uint8Array): string {
	return new TextDecoder().decode(body)
}

const OBJECT_TYPES = ["application/json", "application/yaml", "application/vnd.kubernetes.protobuf"]

export function unknownFormat(accepted: readonly string[]): Answer {
	const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(", ")}`
	return refused(415, "UnsupportedMediaType", message)
}
