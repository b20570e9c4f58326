import { type KubeObject, readBody } from "../../../kube/index.ts"
import type { Answer } from "../../ask.ts"
import { refusedBy } from "../../refused.ts"
import type { Call } from "../handler.ts"
import { decoded } from "./perform.ts"
import { jsonOf } from "./write-body.ts"
import { type WriteOptions, writeOptions } from "./write-options.ts"

export type WrittenObject = {
	readonly object: KubeObject
	readonly options: WriteOptions
	readonly warnings: readonly string[]
}

/** The whole object of a request's body with the options beside it, or what is wrong; `name` is what a refusal calls it. */
export function writtenObject(
	{ ask, target }: Call,
	kindOfOptions: "CreateOptions" | "UpdateOptions",
	name: string,
): WrittenObject | { readonly refusal: Answer } {
	const { resource, namespace } = target
	const options = writeOptions(ask, kindOfOptions)
	if ("refusal" in options) return options
	const text = jsonOf(ask)
	if ("refusal" in text) return text
	const { group, version, kind } = resource
	const asked = { apiVersion: group === "" ? version : `${group}/${version}`, kind, namespace }
	const body = readBody(text.text, asked, options.validation)
	if (body.refusal !== undefined) return { refusal: refusedBy(body.refusal, resource, name) }
	const warnings = [...body.warnings]
	const read = decoded(resource, body.object, options.validation, (message) => warnings.push(message))
	if ("refusal" in read) return { refusal: refusedBy(read.refusal, resource, name) }
	return { object: read.object, options, warnings }
}
