import fc from "fast-check"
import { expect, test } from "vitest"
import type { Json, JsonObject } from "../../../src/base/index.ts"
import { definedKinds, fillIn, type KubeObject, prune, validateCustom } from "../../../src/kube/index.ts"

const KEYWORDS = [
	"type properties items additionalProperties required enum default nullable minimum maximum multipleOf minLength maxLength",
	"pattern format minItems maxItems minProperties maxProperties allOf anyOf oneOf not x-kubernetes-int-or-string",
	"x-kubernetes-preserve-unknown-fields x-kubernetes-embedded-resource x-kubernetes-list-type x-kubernetes-list-map-keys",
]
	.join(" ")
	.split(" ")
const WORDS = [
	"object",
	"array",
	"string",
	"integer",
	"map",
	"set",
	"name",
	"spec",
	"__proto__",
	"ipv6",
	"date-time",
	"(",
	"a+",
]

const value = fc.letrec<{ json: Json }>((tie) => ({
	json: fc.oneof(
		{ maxDepth: 5 },
		fc.constantFrom<Json>(...WORDS, null, true, false, 0, 1, -1, 1.5),
		fc.array(tie("json"), { maxLength: 4 }),
		fc.dictionary(fc.constantFrom(...KEYWORDS, ...WORDS), tie("json"), { maxKeys: 4 }),
	),
})).json
const object = fc.dictionary(fc.constantFrom(...KEYWORDS, ...WORDS), value, { maxKeys: 5 })
const patterns = () => (text: string) => text.length % 2 === 0

test("whatever schema meets whatever object, it is judged, and what was pruned or filled in stays as it is", () => {
	fc.assert(
		fc.property(object, object, object, (schema, given, before) => {
			for (const { message } of validateCustom(given, schema, patterns, before)) expect(message).not.toBe("")
			const pruned = prune(given as JsonObject, schema).object
			expect(prune(pruned, schema)).toEqual({ object: pruned, unknown: [] })
			const filled = fillIn(given as JsonObject, schema)
			expect(fillIn(filled, schema)).toEqual(filled)
		}),
		{ numRuns: 2_000, seed: 7 },
	)
})

test("whatever stands in a definition, reading it ends well", () => {
	fc.assert(
		fc.property(object, object, (names, version) => {
			const spec = {
				group: "g",
				scope: "Namespaced",
				names: { ...names, kind: "K", plural: "ks" },
				versions: [{ ...version, name: "v1", served: true }],
			}
			const metadata = { name: "ks.g" }
			const definition = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition", metadata, spec }
			const [kind] = definedKinds(definition as unknown as KubeObject)
			for (const { cell } of kind?.columns ?? []) cell({ apiVersion: "g/v1", kind: "K", metadata }, 0)
			expect(kind?.group).toBe("g")
		}),
		{ numRuns: 500, seed: 7 },
	)
})
