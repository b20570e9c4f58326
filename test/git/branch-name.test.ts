import { spawnSync } from "node:child_process"
import fc from "fast-check"
import { expect, it } from "vitest"
import { isBranchName, nearNames } from "../../src/git/branch-name.ts"

function gitTakes(name: string): boolean {
	return spawnSync("git", ["check-ref-format", "--branch", "--", name]).status === 0 && gitTakesRef(name)
}

function gitTakesRef(name: string): boolean {
	return spawnSync("git", ["check-ref-format", `refs/heads/${name}`]).status === 0
}

it.each(["main", "feature/x", "v1.2", "a-b_c", "ünï/çode", "a.b/c", "x@y"])(
	"isBranchName takes %j, as git does",
	(name) => {
		expect([isBranchName(name), gitTakesRef(name)]).toEqual([true, true])
	},
)

it("isBranchName takes no name that git refuses", () => {
	const parts = [
		"a",
		"B",
		"/",
		".",
		"..",
		".lock",
		"@",
		"{",
		"@{",
		"~",
		"^",
		":",
		"?",
		"*",
		"[",
		"\\",
		" ",
		"\x07",
		"-",
		"HEAD",
		"é",
	]
	fc.assert(
		fc.property(fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 5 }), (some) => {
			const name = some.join("")
			if (isBranchName(name)) expect([name, gitTakesRef(name)]).toEqual([name, true])
			else if (!name.startsWith("-") && name !== "@") expect([name, gitTakes(name)]).toEqual([name, false])
		}),
		{ numRuns: 150 },
	)
})

it.each([
	["mian", ["dev", "main", "x/y"], ["main", "dev", "x/y"]],
	["login", ["feature/login", "main", "zzz"], ["feature/login", "main", "zzz"]],
	["prod", ["a", "b", "c", "d", "production", "master"], ["master", "a", "b"]],
	["main", [], []],
])("nearNames of %j among %j are %j", (asked, names, want) => {
	expect(nearNames(asked, names)).toEqual(want)
})
