import type { JsonObject } from "../base/index.ts"
import { shapeOf } from "./schema/facts-reader.ts"
import { type FieldProblem, type Reading, readObject, readUntyped } from "./schema/read-typed.ts"

export type Decoded = {
	/** The object without what the server would not store: unknown members, nulls, empty members. */
	readonly object: JsonObject
	readonly problems: readonly FieldProblem[]
}

/** A2: reads an object as the server's strict decoding does; without a schema for its kind, only its metadata. */
export function decode(object: JsonObject): Decoded {
	const reading: Reading = { path: [], problems: [] }
	const { apiVersion, kind } = object
	const shape = typeof apiVersion === "string" && typeof kind === "string" ? shapeOf(apiVersion, kind) : undefined
	const read = shape === undefined ? readUntyped(object, reading) : readObject(shape, object, reading)
	return { object: read, problems: reading.problems }
}

/**
 * A2: the message of the BadRequest that strict decoding ends in, undefined where there is none: an ill-typed member
 * alone, else all unknown ones.
 */
export function decodingError(kind: string, version: string, problems: readonly FieldProblem[]): string | undefined {
	const first = problems.find((problem) => problem.kind === "type") ?? problems[0]
	if (first === undefined) return undefined
	const unknown = `strict decoding error: ${problems.map((problem) => problem.message).join(", ")}`
	return `${kind} in version "${version}" cannot be handled as a ${kind}: ${first.kind === "type" ? first.message : unknown}`
}
