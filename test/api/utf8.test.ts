import fc from "fast-check"
import { expect, test } from "vitest"
import { Utf8 } from "../../src/api/utf8.ts"

test("texts side by side are the bytes of the whole text, however little was expected", () => {
	fc.assert(
		fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 40 })), fc.nat(50), (texts, size) => {
			const bytes = new Utf8(size)
			for (const text of texts) bytes.add(text)
			expect(Buffer.from(bytes.bytes())).toEqual(Buffer.from(texts.join("")))
			expect(bytes.length).toBe(Buffer.byteLength(texts.join("")))
		}),
	)
})
