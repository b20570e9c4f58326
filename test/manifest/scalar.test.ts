import { expect, test } from "vitest"
import { NOT_JSON, plainValue } from "../../src/manifest/scalar.ts"

test.each([
	["yes", true],
	["On", true],
	["y", true],
	["N", false],
	["off", false],
	["yEs", "yEs"],
	["", null],
	["~", null],
	["Null", null],
	["0600", 384],
	["0o17", 15],
	["017", 15],
	["08", 8],
	["0x1F", 31],
	["-0x1F", -31],
	["0b101", 5],
	["1_000", 1000],
	["+5", 5],
	["-0", 0],
	["1.", 1],
	[".5", 0.5],
	["1e3", 1000],
	["1e400", "1e400"],
	["12:30:45", "12:30:45"],
	["2001-12-14", "2001-12-14"],
	["1.2.3", "1.2.3"],
	["0x", "0x"],
	["-", "-"],
	["18446744073709551615", 18446744073709552000],
	[".inf", NOT_JSON],
	[".NaN", NOT_JSON],
	["100m", "100m"],
] as const)("plainValue reads %j as Kubernetes does", (text, want) => {
	expect(plainValue(text)).toBe(want)
})

test("plainValue takes time in proportion to a scalar's length", () => {
	const digits = "9".repeat(200_000)
	expect(plainValue(`${digits}x`)).toBe(`${digits}x`)
	expect(plainValue(`0x${"f".repeat(200_000)}`)).toBe(`0x${"f".repeat(200_000)}`)
})
