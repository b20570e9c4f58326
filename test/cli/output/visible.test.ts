import { describe, expect, it } from "vitest"
import { formatDocument } from "../../../src/cli/output/document.ts"
import { escapeJson, oneLine, visible } from "../../../src/cli/output/visible.ts"

const ESC = "\u001b"

describe("visible", () => {
	it.each([
		["plain text stays as it is", "fluentd: 1.16 → 1.17 · 日本 é", "fluentd: 1.16 → 1.17 · 日本 é"],
		["colours go", `${ESC}[31mred${ESC}[0m`, "red"],
		["a window title goes with its text", `a${ESC}]0;owned\u0007b`, "ab"],
		["a hyperlink goes, its label stays", `${ESC}]8;;http://evil${ESC}\\label${ESC}]8;;${ESC}\\`, "label"],
		["a clipboard write goes", `${ESC}]52;c;cm0gLXJm\u0007`, ""],
		["a device control string goes", `a${ESC}Pq#0;2${ESC}\\b`, "ab"],
		["8-bit control sequences go", "a\u009b31mb\u009d0;x\u009cc", "abc"],
		["a cursor move goes", `done${ESC}[2K${ESC}[1Gfake`, "donefake"],
		["half a sequence goes", `a${ESC}[`, "a"],
		["nested escapes leave none behind", `${ESC}${ESC}[31m[31m`, "[31m"],
		["backspace, bell, NUL and DEL go", "a\b\u0007\0\u007fb", "ab"],
		["a carriage return cannot overwrite the line", "safe\revil", "safeevil"],
		["line breaks and tabs stay", "a\r\nb\tc\n", "a\nb\tc\n"],
		["characters that reorder text are spelled out", "a\u202etxt.yaml", "a\\u202etxt.yaml"],
		["characters that cannot be seen are spelled out", "a\u200bb\ufeff", "a\\u200bb\\ufeff"],
	])("%s (THREATS 57, 34)", (_, given, want) => {
		expect(visible(given)).toBe(want)
	})

	it("keeps a table row on one line", () => {
		expect(oneLine("subject\n\n  body\tmore\r\nend ")).toBe("subject body more end")
	})

	it("leaves the value of JSON alone", () => {
		const value = { author: "a\u009b31m\u202e\u0007" }
		const json = escapeJson(JSON.stringify(value))
		expect(json).not.toMatch(/[\u007f-\u009f\u202e]/)
		expect(JSON.parse(json)).toEqual(value)
	})

	it("YAML output holds no control characters", () => {
		const yaml = formatDocument({ author: `${ESC}[31mx`, subject: "\u009b2K\u0007", plain: "a: b" }, "yaml")
		expect(yaml).toBe('author: "\\e[31mx"\nsubject: "\\u009b2K\\a"\nplain: "a: b"\n')
	})
})
