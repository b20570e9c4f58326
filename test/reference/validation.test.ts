import type { JsonObject } from "../../src/base/index.ts"
import {
	decode,
	decodingError,
	type FieldError,
	type KubeObject,
	prepareCreate,
	validateCreate,
	warningsOf,
} from "../../src/kube/index.ts"
import { difference } from "../conformance/cases.ts"
import { causesOf, comparable, type Recording, recordingSuite, typed } from "./recordings.ts"

type Create = Recording & { readonly manifest?: JsonObject; readonly raw?: string }

function causes(errors: readonly FieldError[]): readonly string[] {
	return [...new Set(errors.map(({ type, field }) => `FieldValue${type} ${field}`))].sort()
}

function withoutGeneratedName(object: KubeObject): KubeObject {
	const { name, generateName, ...metadata } = object.metadata
	return generateName === undefined ? object : ({ ...object, metadata: { ...metadata, generateName } } as KubeObject)
}

recordingSuite<Create>(
	"validation",
	"[A2] [A3] [A4] [A11] new objects are taken or refused as a real server did",
	(given) => {
		const object = typed(given.resource, given.manifest ?? (JSON.parse(given.raw ?? "{}") as JsonObject))
		const { problems } = decode(object)
		if (given.code === 400) return difference(decodingError(object.kind, "v1", problems), given.status?.message)
		if (problems.length > 0) return difference(problems, [])
		const stored = prepareCreate(object)
		const refused = difference(causes(validateCreate(stored)), causesOf(given.status))
		if (refused !== undefined || given.object === undefined) return refused
		const got = { object: withoutGeneratedName(comparable(stored)), warnings: warningsOf(stored) }
		return difference(got, { object: withoutGeneratedName(comparable(given.object)), warnings: given.warnings })
	},
)
