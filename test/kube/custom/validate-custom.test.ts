import { describe, expect, test } from "vitest"
import type { Json, JsonObject } from "../../../src/base/index.ts"
import { fillIn, prune, validateCustom } from "../../../src/kube/index.ts"

const patterns = (pattern: string) => (text: string) => new RegExp(pattern).test(text)
const inSpec = (schema: JsonObject): JsonObject => ({ type: "object", properties: { spec: schema } })

function errors(schema: JsonObject, value: Json, before?: Json): readonly string[] {
	const was = before === undefined ? undefined : { spec: before }
	return validateCustom({ spec: value }, inSpec(schema), patterns, was).map(
		({ field, message }) => `${field}: ${message}`,
	)
}

const named = { type: "object", required: ["name"], properties: { name: { type: "string" } } }
const STEPS = { type: "array", items: named, "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["name"] }

describe("validateCustom", () => {
	test.each<[JsonObject, Json, readonly string[]]>([
		[{ type: "string" }, 1, ['spec: Invalid value: "integer": spec in body must be of type string: "integer"']],
		[{ type: "integer" }, 1.5, ['spec: Invalid value: "number": spec in body must be of type integer: "number"']],
		[{ type: "number" }, 1, []],
		[{ type: "string", nullable: true }, null, []],
		[{ type: "string", minLength: 2 }, "é", ['spec: Invalid value: "é": spec in body should be at least 2 chars long']],
		[
			{ type: "integer", minimum: 1, exclusiveMinimum: true },
			1,
			["spec: Invalid value: 1: spec in body should be greater than 1"],
		],
		[
			{ type: "integer", maximum: 1, exclusiveMaximum: true },
			1,
			["spec: Invalid value: 1: spec in body should be less than 1"],
		],
		[{ type: "integer", multipleOf: 5 }, 7, ["spec: Invalid value: 7: spec in body should be a multiple of 5"]],
		[{ type: "array", minItems: 1 }, [], ["spec: Invalid value: 0: spec in body should have at least 1 items"]],
		[
			{ type: "object", minProperties: 1 },
			{},
			["spec: Invalid value: 0: spec in body should have at least 1 properties"],
		],
		[
			{ type: "object", maxProperties: 0, additionalProperties: true },
			{ a: 1 },
			["spec: Too many: 1: must have at most 0 items"],
		],
		[named, {}, ["spec.name: Required value"]],
		[{ type: "array", items: named }, [{ name: "a" }, {}], ["spec[1].name: Required value"]],
		[STEPS, [{ name: "a" }, { name: "a" }], ['spec[1]: Duplicate value: {"name":"a"}']],
		[{ enum: [1, "b"] }, "c", ['spec: Unsupported value: "c": supported values: "1", "b"']],
		[
			{ anyOf: [{ type: "integer" }, { required: ["a"], type: "object" }] },
			"x",
			[
				'<nil>: Invalid value: "": "spec" must validate at least one schema (anyOf)',
				'spec: Invalid value: "string": spec in body must be of type integer: "string"',
			],
		],
		[
			{ type: "object", oneOf: [{ required: ["a"] }, { required: ["b"] }], additionalProperties: true },
			{ a: 1, b: 1 },
			['<nil>: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives'],
		],
		[
			{ type: "string", not: { enum: ["x"] } },
			"x",
			['<nil>: Invalid value: "": "spec" must not validate the schema (not)'],
		],
		[
			{ type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
			{ kind: "A" },
			["spec.apiVersion: Required value: must not be empty"],
		],
	])("by %j finds in %j what the server finds", (schema, value, want) => {
		expect(errors(schema, value)).toEqual(want)
	})

	test.each([
		["ipv4", "1.2.3.4", "1.2.3.256"],
		["ipv6", "fd00::1", "fd00:::1"],
		["ipv6", "::ffff:1.2.3.4", "1.2.3.4"],
		["cidr", "10.0.0.0/8", "10.0.0.0/33"],
		["date-time", "2026-03-02T09:00:00.123456Z", "2026-03-02"],
		["date", "2026-03-02", "2026-13-02"],
		["duration", "1h30m", "soon"],
		["uuid", "123e4567-e89b-12d3-a456-426614174000", "123e4567"],
		["hostname", "a-b.example", "-a"],
		["email", "a@b.example", "a b@c"],
		["byte", "aGk=", "a"],
		["mac", "00:1a:2b:3c:4d:5e", "00:1a"],
		["uri", "https://a.example/b", "a b"],
	])("knows the format %s", (format, good, bad) => {
		expect(errors({ type: "string", format }, good)).toEqual([])
		expect(errors({ type: "string", format }, bad)).toEqual([
			`spec: Invalid value: "${bad}": spec in body must be of type ${format}: "${bad}"`,
		])
	})

	test("leaves alone what is as it was, items of a map by their keys", () => {
		const schema = { type: "object", properties: { color: { enum: ["red"] }, steps: STEPS }, required: ["size"] }
		const before = { color: "blue", steps: [{ name: "a", x: 1 }] }
		expect(errors(schema, before, before)).toEqual([])
		expect(errors(schema, { ...before, steps: [] }, before)).toEqual(["spec.size: Required value"])
		expect(errors(schema, { color: "pink", size: 1 }, before)).toHaveLength(1)
	})
})

describe("prune", () => {
	const schema = inSpec({
		type: "object",
		properties: {
			kept: { type: "object", "x-kubernetes-preserve-unknown-fields": true, properties: { a: { type: "object" } } },
			map: { type: "object", additionalProperties: named },
			list: { type: "array", items: named },
			embedded: { type: "object", "x-kubernetes-embedded-resource": true, properties: {} },
		},
	})

	test("takes away what the schema does not name, and says where it was", () => {
		const object = {
			apiVersion: "a/v1",
			kind: "A",
			metadata: { name: "x" },
			spec: {
				kept: { b: 1, a: { c: 1 } },
				map: { k: { name: "n", no: 1 } },
				list: [{ name: "n" }, { no: 1 }],
				embedded: { apiVersion: "v1", kind: "B", metadata: { name: "n" }, spec: {} },
			},
			extra: {},
		}
		expect(prune(object, schema)).toEqual({
			object: {
				apiVersion: "a/v1",
				kind: "A",
				metadata: { name: "x" },
				spec: {
					kept: { b: 1, a: {} },
					map: { k: { name: "n" } },
					list: [{ name: "n" }, {}],
					embedded: { apiVersion: "v1", kind: "B", metadata: { name: "n" } },
				},
			},
			unknown: ["extra", "spec.embedded.spec", "spec.kept.a.c", "spec.list[1].no", "spec.map.k.no"],
		})
	})
})

test("fillIn puts defaults where nothing stands, inside of defaults too, and drops null where it may not stand", () => {
	const schema = inSpec({
		type: "object",
		properties: {
			deep: { type: "object", default: {}, properties: { on: { type: "boolean", default: true } } },
			size: { type: "integer", default: 2 },
			plain: { type: "string" },
			open: { type: "string", nullable: true },
		},
	})
	expect(fillIn({ spec: { size: null, plain: null, open: null } }, schema)).toEqual({
		spec: { deep: { on: true }, size: 2, open: null },
	})
	expect(fillIn({ spec: { size: 7, deep: { on: false } } }, schema)).toEqual({ spec: { size: 7, deep: { on: false } } })
})
