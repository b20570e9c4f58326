import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { csvLines } from "../../src/cli/ledger/csv.ts"
import { realWorld } from "../../src/cli/real-world.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn } from "../builders/rollcall.ts"
import { tamper } from "../builders/tamper.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"
import { ledgerOf } from "./ledger-of.ts"
import { type Ran, ran } from "./test-shell.ts"

const image = (version: number): string => `registry.example/agent:${version}`

type Recorded = { readonly repo: Repository; readonly rollcall: Rollcall; readonly commits: readonly string[] }

/** Commits a minute apart from 2026-01-01T00:00:00Z on, each of another image, replayed. */
async function recorded(versions = 3): Promise<Recorded> {
	const repo = repository()
	const first = repo.commit("v1", { "agent.yaml": [daemonSet({ image: image(1) })], "nodes.yaml": [nodePool("w", 3)] })
	const commits = [first]
	for (let version = 2; version <= versions; version++)
		commits.push(repo.commit(`v${version}`, { "agent.yaml": [daemonSet({ image: image(version) })] }))
	const rollcall = rollcallOn(repo)
	await rollcall.replay()
	return { repo, rollcall, commits }
}

const asked = (state: string, ...words: readonly string[]): Promise<Ran> =>
	ran([...words, "--state", state], { world: realWorld })

async function exported(state: string): Promise<{ readonly path: string; readonly lines: readonly string[] }> {
	const path = join(temporaryDirectory(), "ledger.jsonl")
	const { out } = await asked(state, "ledger", "export")
	writeFileSync(path, out)
	return { path, lines: out.trimEnd().split("\n") }
}

describe("rollcall ledger import", () => {
	test("gives the same chain in an empty directory, which shows the same history", async () => {
		const { rollcall } = await recorded()
		const { path } = await exported(rollcall.state)
		const copy = temporaryDirectory()
		const head = (await asked(rollcall.state, "ledger", "head")).out
		expect(await asked(copy, "ledger", "import", path, "--head", head.split(" ")[1]?.trim() ?? "")).toEqual({
			code: 0,
			out: `imported: head ${head}`,
			err: "",
		})
		expect((await exported(copy)).lines).toEqual((await exported(rollcall.state)).lines)
		expect((await asked(copy, "ledger", "verify")).out).toContain("sound: ")
		for (const words of [
			["history", "--commits"],
			["history", "ds/agent", "-o", "wide"],
			["show", "2"],
		])
			expect((await asked(copy, ...words)).out).toBe((await asked(rollcall.state, ...words)).out)
		expect((await asked(copy, "get", "nodes")).err).toContain("it has a ledger alone")
	})

	test("is gone on with: times and rollout numbers follow those on record", async () => {
		const { repo, rollcall } = await recorded()
		const copy = temporaryDirectory()
		await asked(copy, "ledger", "import", (await exported(rollcall.state)).path)
		await rollcallOn(repo, { state: copy }).once()
		const rollouts = JSON.parse((await asked(copy, "history", "-o", "json")).out).items
		expect(rollouts.map(({ rollout }: { rollout: number }) => rollout)).toEqual([4, 3, 2, 1])
		expect(rollouts[0].startedAt >= rollouts[1].startedAt).toBe(true)
		expect((await asked(copy, "ledger", "verify")).code).toBe(0)
	})

	const line = (number: number, edit: (text: string) => string) => (lines: readonly string[]) =>
		lines.map((text, index) => (index === number ? edit(text) : text))
	test.each([
		["changed", line(1, (text) => text.replace("Ada", "Eve")), "line 2: entry 1 was changed"],
		["missing", (lines: readonly string[]) => lines.filter((_, index) => index !== 2), "line 3: entry 2 is missing"],
		[
			"in another order",
			(lines: readonly string[]) => [...lines.slice(0, 2), lines[3] ?? "", lines[2] ?? "", ...lines.slice(4)],
			"line 3: entry 2 is missing: here stands 3",
		],
		["without its steps", line(4, (text) => text.replace(/"block":"[^"]*",/, "")), "changed node steps"],
		["no JSON", line(3, () => "{"), "line 4: it is no line of an export"],
		["begun elsewhere", line(0, (text) => text.replace('"after":0', '"after":7')), "line 2: entry 8 is missing"],
		["of another program", line(0, () => "[]"), "line 1: it is no line of an export"],
		["empty", () => [], "line 1: there is nothing in it"],
	])("refuses an export with a row that is %s, names it, and writes nothing", async (_, edit, message) => {
		const { rollcall } = await recorded()
		const { path, lines } = await exported(rollcall.state)
		writeFileSync(path, edit(lines).join("\n"))
		const copy = temporaryDirectory()
		const got = await asked(copy, "ledger", "import", path)
		expect([got.code, got.err]).toEqual([1, expect.stringContaining(message)])
		expect((await asked(copy, "history")).err).toContain("nothing is recorded there yet")
	})

	test("refuses an export that was cut off before a head that was noted, and a directory with a history", async () => {
		const { rollcall } = await recorded()
		const head = (await asked(rollcall.state, "ledger", "head")).out.trim().split(" ")[1] ?? ""
		const { path, lines } = await exported(rollcall.state)
		expect((await asked(rollcall.state, "ledger", "import", path)).err).toContain("it holds a history already")
		writeFileSync(path, lines.slice(0, -1).join("\n"))
		expect((await asked(temporaryDirectory(), "ledger", "import", path, "--head", head)).err).toContain(
			`is missing: no entry has the hash ${head}`,
		)
	})
})

test("rollcall ledger head and verify -o json say the same as documents", async () => {
	const { rollcall } = await recorded(1)
	const [number, hash] = (await asked(rollcall.state, "ledger", "head")).out.trim().split(" ")
	const head = { number: Number(number), hash }
	const documents = await Promise.all(
		["head", "verify"].map(async (what) => JSON.parse((await asked(rollcall.state, "ledger", what, "-o", "json")).out)),
	)
	expect(documents).toMatchObject([
		{ kind: "LedgerHead", ...head },
		{ kind: "LedgerVerification", sound: true, entries: head.number, head },
	])
	tamper(rollcall.state, "DELETE FROM entries WHERE number = 2")
	expect(JSON.parse((await asked(rollcall.state, "ledger", "verify", "-o", "json")).out)).toMatchObject({
		sound: false,
		number: 2,
		problem: "is missing",
	})
})

describe("rollcall ledger prune", () => {
	test("removes what was before a commit; the rest verifies, and every kept time can still be looked at", async () => {
		const { repo, rollcall, commits } = await recorded(4)
		const { state } = rollcall
		const [, , third = "", fourth = ""] = commits
		const noted = (await asked(state, "ledger", "head")).out.trim().split(" ")[1] ?? ""
		const before = await asked(state, "get", "pods", "-A", "-o", "yaml", "--at", third)
		const dry = await asked(state, "ledger", "prune", "--before", third, "--dry-run")
		expect(dry.out).toMatch(/^would prune \d+ entr(?:y|ies), up to (\d+) [0-9a-f]{64} \(dry run\)\n$/)
		const pruned = await asked(state, "ledger", "prune", "--before", third)
		expect(pruned.out).toBe(dry.out.replace("would prune", "pruned").replace(" (dry run)", ""))

		expect((await asked(state, "ledger", "verify", "--head", noted)).code).toBe(0)
		expect((await asked(state, "ledger", "verify", "--head", `7 ${noted}`)).code).toBe(0)
		expect((await asked(state, "ledger", "verify", "--head", noted.slice(0, 12))).err).toMatch(
			/^error: Cannot read --head "[0-9a-f]{12}"\n {2}next: give the whole hash/,
		)
		expect((await asked(state, "get", "pods", "-A", "-o", "yaml", "--at", third)).out).toBe(before.out)
		expect((await asked(state, "get", "nodes", "--at", "2026-01-01T00:01:30Z")).err).toMatch(
			/nothing that old is on record\n {2}next: what was recorded before 2026-01-01T00:02:00Z was pruned/,
		)
		for (const words of [
			["get", "nodes", "--at", commits[0] ?? ""],
			["show", commits[0] ?? ""],
			["show", "1"],
		])
			expect((await asked(state, ...words)).err).toMatch(
				/Cannot find .*\n {2}next: what was recorded before .* was pruned/,
			)
		expect((await asked(state, "show", "2")).out).toContain("Changes: pruned from the ledger")
		// The rollout that ran then is still told, with what is known of it.
		expect((await asked(state, "history", "--no-headers")).out.trim().split("\n")).toHaveLength(3)

		repo.commit("v5", { "agent.yaml": [daemonSet({ image: image(5) })] })
		await rollcallOn(repo, { state }).once()
		expect((await asked(state, "ledger", "verify", "--head", noted)).code).toBe(0)
		expect((await asked(state, "ledger", "prune", "--before", fourth)).out).toMatch(/^pruned /)
		expect((await asked(state, "ledger", "verify")).code).toBe(0)
		expect((await asked(state, "ledger", "prune", "--before", fourth)).out).toBe(
			`nothing is recorded before ${fourth}\n`,
		)
		const copy = temporaryDirectory()
		await asked(copy, "ledger", "import", (await exported(state)).path)
		expect((await exported(copy)).lines).toEqual((await exported(state)).lines)
	})

	test.each([
		["whose beginning was cut off", "DELETE FROM entries WHERE number < 3", "entry 1 is missing"],
		[
			"whose beginning was cut off, with a checkpoint made up for it",
			"INSERT INTO checkpoints SELECT number, hash, 0 FROM entries WHERE number = 2; DELETE FROM entries WHERE number < 3",
			"entry 2 is missing, and no entry says that it was pruned",
		],
		[
			"whose list was changed",
			"UPDATE commits SET row = replace(row, 'Ada', 'Eve') WHERE entry = 1",
			"entry 1 is whole, but the list of commits shows something else",
		],
		["whose columns were changed", "UPDATE entries SET at = at + 1 WHERE number = 4", "entry 4 was changed"],
	])("verify finds a ledger %s", async (_, sql, message) => {
		const { rollcall } = await recorded()
		tamper(rollcall.state, sql)
		expect(await asked(rollcall.state, "ledger", "verify")).toEqual({
			code: 1,
			out: "",
			err: `not sound: ${message}\n`,
		})
	})
})

describe("rollcall ledger export --format csv", () => {
	test("has the documented columns, an entry a line", async () => {
		const { rollcall, commits } = await recorded(1)
		const lines = (await asked(rollcall.state, "ledger", "export", "--format", "csv")).out.split("\r\n")
		const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8")
		expect(readme).toContain(lines[0])
		expect(lines[1]?.replace(/[0-9a-f]{64}$/, "HASH")).toBe(
			`1,2026-01-01T00:00:00Z,commit,,,,${commits[0]},Ada,applied,,v1,,,,HASH`,
		)
		expect(lines.map((text) => text.split(",")[2])).toEqual([
			"kind",
			"commit",
			"revision",
			"rollout-started",
			"rollout-ended",
			undefined,
		])
	})

	test.each([
		["=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"],
		["+1", "'+1"],
		["-1", "'-1"],
		["@SUM(A1)", "'@SUM(A1)"],
		["  =1", "'  =1"],
		["\t=1", "'\t=1"],
		['a "quoted", one', '"a ""quoted"", one"'],
		["two\nlines", '"two\nlines"'],
	])("the cell %j is no formula and one cell", (message, cell) => {
		const entry = { kind: "decision", at: 0, decision: "hold", rule: "r", message } as const
		const ledger = { ...ledgerOf({}), entries: () => [{ number: 1, wall: 0, hash: "h", entry }] }
		expect([...csvLines(ledger)][1]).toBe(`1,1970-01-01T00:00:00Z,decision,,,,,,hold,r,${cell},,,,h`)
	})
})
