import { spawnSync } from "node:child_process"
import { closeSync, existsSync, openSync, readdirSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { chainOf, exportOf, PROGRAM, program, started } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const agent = (version: number) => ({ "agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })] })

function fleet(): Repository {
	const repo = repository()
	repo.commit("agent 1", { ...agent(1), "nodes.yaml": [nodePool("workers", 5)] })
	return repo
}

const once = (repo: Repository, state: string, env: Readonly<Record<string, string>> = {}) =>
	program(["run", repo.path, "--once", "--log-level", "error", "--state", state], { env })

/** Another history in a new repository that stands where the old one stood. */
function replace(repo: Repository, other: Repository): void {
	rmSync(repo.path, { recursive: true })
	renameSync(other.path, repo.path)
}

describe("a clock that jumps back", () => {
	const hourBack = "const real = Date.now; Date.now = () => real() - 3_600_000"
	const midway = "const real = Date.now; Date.now = () => real() - (performance.now() > 300 ? 3_600_000 : 0)"

	test.each([
		["between two starts", hourBack],
		["in the middle of a run", midway],
	])("by an hour, %s, changes no entry and loses none", async (_when, script) => {
		const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(script)}` }
		const repo = fleet()
		const [jumped, steady] = [temporaryDirectory(), temporaryDirectory()]
		for (const state of [jumped, steady]) expect(await once(repo, state)).toMatchObject({ code: 0 })
		const before = chainOf(jumped).hashes
		repo.commit("agent 2", agent(2))
		expect(await once(repo, jumped, env)).toMatchObject({ code: 0, err: "1 commit, 1 rollout: done\n" })
		expect(await once(repo, steady)).toMatchObject({ code: 0 })
		expect(chainOf(jumped).sound).toBe(true)
		expect(chainOf(jumped).hashes.slice(0, before.length)).toEqual(before)
		// Wall time stands beside the entries; nothing follows from it.
		expect(exportOf(jumped)).toBe(exportOf(steady))
		const { code, out } = await program(["history", "--state", jumped], { env })
		expect([code, out]).toEqual([0, expect.not.stringContaining(" -")])
	})
})

describe("a repository that is replaced by another at the same path", () => {
	const decisions = (state: string): string[] =>
		exportOf(state)
			.split("\n")
			.slice(1)
			.map((line) => (JSON.parse(line) as { entry: { kind: string; rule?: string; message?: string } }).entry)
			.filter(({ kind }) => kind === "decision")
			.map(({ rule, message }) => `${rule}: ${message}`)

	test("is gone on with, and it is said that the known commit is in it no more", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		const known = repo.git("rev-parse", "HEAD")
		expect(await once(repo, state)).toMatchObject({ code: 0 })
		const before = chainOf(state).hashes
		const other = repository()
		const tip = other.commit("of another", { ...agent(7), "nodes.yaml": [nodePool("workers", 5)] })
		replace(repo, other)
		expect(await once(repo, state)).toMatchObject({ code: 0 })
		expect(decisions(state)).toEqual([
			`history-rewritten: the repository no longer has ${known}: its history was rewritten, or another has taken its place; going on from ${tip}`,
		])
		expect(chainOf(state)).toMatchObject({ sound: true })
		expect(chainOf(state).hashes.slice(0, before.length)).toEqual(before)
		const { out } = await program(["history", "ds/agent", "--state", state, "-o", "name"])
		expect(out).toBe("rollout/2\nrollout/1\n")
	})

	test("is held where it would take the nodes away, and the cluster keeps what it has", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		expect(await once(repo, state)).toMatchObject({ code: 0 })
		const other = repository()
		other.commit("the wrong one", { "else.yaml": [daemonSet({ name: "something-else" })] })
		replace(repo, other)
		const { code, err } = await once(repo, state)
		expect([code, err]).toEqual([1, expect.stringContaining("is held: ")])
		const { out } = await program(["get", "ds,nodes", "-A", "--state", state, "-o", "name"])
		expect(out).toContain("agent")
		expect(out.match(/workers-/g)).toHaveLength(5)
	})

	test("while Rollcall runs is seen, and gone on with", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		const run = started(["run", repo.path, "--state", state, "--speed", "max"])
		await run.prints(/rollout 1 complete/)
		const other = repository()
		other.commit("of another", { ...agent(7), "nodes.yaml": [nodePool("workers", 5)] })
		replace(repo, other)
		await run.prints(/rollout 2 complete/)
		run.process.kill("SIGINT")
		expect(await run.ended).toMatchObject({ code: 130, err: "" })
		expect(decisions(state).join("\n")).toContain("another has taken its place")
		expect(chainOf(state).sound).toBe(true)
	})
})

describe("a damaged state directory", () => {
	/** Page after page of nothing but one byte, from the second on. */
	function damage(path: string): void {
		const { length } = readFileSync(path)
		const file = openSync(path, "r+")
		for (let page = 1; page * 4096 < length; page++) writeSync(file, Buffer.alloc(4096, 0xee), 0, 4096, page * 4096)
		closeSync(file)
	}

	test("[30] a run on a damaged ledger ends at once, says what is damaged and what to do, and changes nothing", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		expect(await once(repo, state)).toMatchObject({ code: 0 })
		damage(join(state, "ledger.db"))
		const before = readFileSync(join(state, "ledger.db"))
		const { code, err } = await once(repo, state)
		expect(code).toBe(1)
		expect(err).toMatch(/^error: Cannot .*ledger\.db: the file is damaged .*\n {2}next: keep a copy .*\n$/)
		expect(readFileSync(join(state, "ledger.db")).subarray(100)).toEqual(before.subarray(100))
	})

	test("[30] a run with damaged snapshots puts them aside and goes on from the ledger", async () => {
		const repo = fleet()
		const [damaged, whole] = [temporaryDirectory(), temporaryDirectory()]
		for (const state of [damaged, whole]) expect(await once(repo, state)).toMatchObject({ code: 0 })
		damage(join(damaged, "snapshots.db"))
		repo.commit("agent 2", agent(2))
		for (const state of [damaged, whole]) expect(await once(repo, state)).toMatchObject({ code: 0 })
		expect(exportOf(damaged)).toBe(exportOf(whole))
	})
})

test.each([38, 40, 42, 46])(
	"[30] with %i open files and no more, what fails is told, and later it goes on",
	async (files) => {
		const repo = fleet()
		const state = temporaryDirectory()
		const words = ["run", repo.path, "--once", "--log-level", "error", "--state", state]
		const limited = ["-c", `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, PROGRAM, ...words]
		const { stdout, stderr, signal } = spawnSync("sh", limited, { encoding: "utf8", timeout: 60_000 })
		expect([signal, stdout]).toEqual([null, ""])
		// Node itself may not come as far as to say anything of ours.
		if (!stderr.includes("chunk-")) expect(stderr).toMatch(/^(error: .*\n {2}next: .*|1 commit, 1 rollout: done)\n$/)
		expect(await once(repo, state)).toMatchObject({ code: 0 })
		expect(chainOf(state).sound).toBe(true)
	},
)

test.skipIf(!existsSync("/proc/self"))("--state below /proc is refused, at once", async () => {
	const { code, err } = await once(fleet(), "/proc/rollcall/state")
	expect([code, err]).toEqual([
		1,
		"error: Cannot make the state directory /proc/rollcall: /proc takes no folders\n  next: give another one with --state DIR\n",
	])
	expect(readdirSync("/proc")).not.toContain("rollcall")
})
