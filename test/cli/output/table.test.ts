import { describe, expect, it } from "vitest"
import { progressLine } from "../../../src/cli/output/progress.ts"
import { alignTabs, formatTable } from "../../../src/cli/output/table.ts"
import { textWidth, truncate } from "../../../src/cli/output/width.ts"

describe("formatTable", () => {
	it("puts three blanks between columns and none after the last, as kubectl does", () => {
		const text = formatTable(["NAME", "DESIRED", "NODE SELECTOR", "AGE"], [["log-agent", "5", "<none>", "3s"]])
		expect(text).toBe("NAME        DESIRED   NODE SELECTOR   AGE\nlog-agent   5         <none>          3s\n")
	})

	it("keeps columns at least six wide without headers", () => {
		expect(formatTable(["A", "B"], [["5", "x"]], { noHeaders: true })).toBe("5     x\n")
	})

	it("counts what a terminal shows: wide characters twice, colours not at all", () => {
		const red = { text: "no", paint: (text: string) => `\u001b[31m${text}\u001b[0m` }
		const text = formatTable(
			["AUTHOR", "OK"],
			[
				["山田太郎", red],
				["Zoë", "yes"],
			],
		)
		expect(text).toBe("AUTHOR     OK\n山田太郎   \u001b[31mno\u001b[0m\nZoë        yes\n")
	})

	it("makes foreign text harmless even in a coloured cell (THREATS 57)", () => {
		const cell = { text: "a\u001b]0;x\u0007\nb", paint: (text: string) => `<${text}>` }
		expect(formatTable(["X"], [[cell]])).toBe("X\n<a b>\n")
	})
})

describe("alignTabs", () => {
	it("ends a column where a line does not have it, as describe does", () => {
		expect(alignTabs("Name:\tx\nLabels:\ta=b\n\tc=d\nDesired: 5\nPods Status:\t5 Running")).toBe(
			"Name:    x\nLabels:  a=b\n         c=d\nDesired: 5\nPods Status:  5 Running\n",
		)
	})
})

describe("width", () => {
	it.each([
		["abc", 3],
		["e\u0301", 1],
		["日本", 4],
		["🚀", 2],
	])("textWidth(%j) is %d", (text, width) => {
		expect(textWidth(text)).toBe(width)
	})

	it("truncate never cuts a wide character in half", () => {
		expect(truncate("日本語", 4)).toBe("日…")
		expect(truncate("abc", 3)).toBe("abc")
	})

	it("progressLine fits the terminal", () => {
		const line = progressLine(50, 100, "4f2c1e9 a very long subject that does not fit", 60)
		expect(line).toBe("[##########··········]  50%  50/100  4f2c1e9 a very long s…")
		expect(textWidth(line)).toBeLessThan(60)
	})
})
