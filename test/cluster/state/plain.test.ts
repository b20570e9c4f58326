import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { copyPlain, decodePlain, encodePlain } from "../../../src/cluster/state/plain.ts"

const columns = fc.oneof(
	fc.uint8Array({ maxLength: 13 }),
	fc.array(fc.constantFrom(0, 0, 0, -1, 7), { maxLength: 9 }).map((numbers) => Int32Array.from(numbers)),
	fc.array(fc.constantFrom(0, 0, -0, 0.5, 2 ** 52), { maxLength: 9 }).map((numbers) => Float64Array.from(numbers)),
	fc.nat(3).map((size) => new Uint32Array(size * 50_000).fill(size, 0, size * 10_000)),
)
const plain = fc.letrec((tie) => ({
	value: fc.oneof(
		fc.constantFrom(undefined, null, true, false, "", "a text", "ä😀", -0, 1.5, Number.POSITIVE_INFINITY),
		columns,
		fc.array(tie("value"), { maxLength: 4 }),
		fc.dictionary(fc.constantFrom("a", "b", "rows"), tie("value"), { maxKeys: 3, noNullPrototype: true }),
		fc.array(fc.tuple(fc.nat(9), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
		fc.constant(Object.freeze({ frozen: "json" })),
	),
})).value

describe("plain data", () => {
	test("comes back from its bytes as it was, and equal data gives equal bytes", () => {
		fc.assert(
			fc.property(plain, (value) => {
				const bytes = encodePlain(value)
				expect(decodePlain(bytes)).toStrictEqual(value)
				expect(encodePlain(decodePlain(bytes))).toStrictEqual(bytes)
				expect(encodePlain(copyPlain(value))).toStrictEqual(bytes)
			}),
			{ numRuns: 200 },
		)
	})

	test("a copy shares no column", () => {
		const value = { column: Int32Array.of(1, 0, 0), lists: [Uint8Array.of(5)] }
		const copy = copyPlain(value)
		copy.column[2] = 9
		copy.lists[0]?.fill(6)
		expect(value).toStrictEqual({ column: Int32Array.of(1, 0, 0), lists: [Uint8Array.of(5)] })
	})

	test("bytes that end too early are no snapshot", () => {
		const bytes = encodePlain({ column: Int32Array.of(1, 2, 3) })
		for (let size = 0; size < bytes.length; size++) expect(() => decodePlain(bytes.subarray(0, size))).toThrow()
	})
})
