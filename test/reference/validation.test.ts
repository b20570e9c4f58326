import { expect, test } from "vitest"
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
import { causesOf, comparable, type Recording, readRecordings, typed } from "./recordings.ts"

type Create = Recording & { readonly manifest?: JsonObject; readonly raw?: string }

/**
 * What is not about one object: bodies that are no JSON or repeat a member (the manifest reader's), names that the
 * cluster already has, and the namespace of the request.
 */
const ABOUT_MORE = new Set(["ds-not-json", "ds-dup-key", "ds-ns-mismatch", "pc-system-existing"])

function causes(errors: readonly FieldError[]): readonly string[] {
	return [...new Set(errors.map(({ type, field }) => `FieldValue${type} ${field}`))].sort()
}

function withoutGeneratedName(object: KubeObject): KubeObject {
	const { name, generateName, ...metadata } = object.metadata
	return generateName === undefined ? object : ({ ...object, metadata: { ...metadata, generateName } } as KubeObject)
}

const creates = readRecordings<Create>("validation").filter(({ id }) => !ABOUT_MORE.has(id))

test.each(creates.map((given) => [given.id, given] as const))(
	"[A2] [A3] [A4] [A11] a real server's word on %s",
	(_id, given) => {
		const body = given.manifest ?? (JSON.parse(given.raw ?? "{}") as JsonObject)
		const object = typed(given.resource, body)
		const { problems } = decode(object)
		if (given.code === 400) {
			expect(decodingError(object.kind, "v1", problems)).toBe(given.status?.message)
			return
		}
		expect(problems).toEqual([])
		const stored = prepareCreate(object)
		expect(causes(validateCreate(stored))).toEqual(causesOf(given.status))
		if (given.object === undefined) return
		expect(warningsOf(stored)).toEqual(given.warnings)
		expect(withoutGeneratedName(comparable(stored))).toEqual(withoutGeneratedName(comparable(given.object)))
	},
)
