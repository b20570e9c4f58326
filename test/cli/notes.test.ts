import { chmodSync, existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { Notes } from "../../src/cli/notes/notes.ts"
import { realWorld } from "../../src/cli/real-world.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"
import { ledgerOf } from "./ledger-of.ts"
import { type Ran, ran } from "./test-shell.ts"

const agent = (image: string) => ({ "agent.yaml": [daemonSet({ image })] })

function twoCommits(): Repository {
	const repo = repository()
	repo.commit("one", { ...agent("agent:1"), "nodes.yaml": [nodePool("w", 3)] })
	repo.commit("two", agent("agent:2"))
	return repo
}

const rollcall = (state: string, ...words: readonly string[]): Promise<Ran> =>
	ran([...words, "--state", state, "--log-format", "json"], { world: realWorld })

const notesOf = (repo: Repository): string => repo.git("log", "--reverse", "--format=%s%n%N", "--notes=rollcall")

describe("--notes", () => {
	test("tells of each commit how it fared, and touches neither branch, index nor work tree", async () => {
		const repo = twoCommits()
		const state = temporaryDirectory()
		const ranAt = join(temporaryDirectory(), "ran")
		const hook = join(repo.path, ".git", "hooks", "reference-transaction")
		writeFileSync(hook, `#!/bin/sh\ntouch ${ranAt}\n`)
		chmodSync(hook, 0o755)
		const before = [repo.git("rev-parse", "HEAD"), repo.git("status", "--porcelain=v2", "--branch")]
		expect((await rollcall(state, "replay", repo.path, "--settle", "--notes")).code).toBe(0)
		expect(notesOf(repo)).toMatch(
			/^one\napplied 2026-01-01T00:00:00Z\nrollout 1 of kube-system\/agent, revision 1: complete, 3 of 3 nodes after \d+s\n\ntwo\napplied 2026-01-01T\S+Z\nrollout 2 of kube-system\/agent, revision 1 → 2: complete, 3 of 3 nodes after \d+s/,
		)
		expect([repo.git("rev-parse", "HEAD"), repo.git("status", "--porcelain=v2", "--branch")]).toEqual(before)
		expect(existsSync(ranAt)).toBe(false)
		expect(repo.git("log", "-1", "--format=%an <%ae>%n%B", "refs/notes/rollcall")).toMatch(
			/^Rollcall <rollcall@localhost>\nrollcall: how 2 commits fared\n\nRollcall-Entry: \d+$/,
		)
	})

	test("what is told already is not written again, what changed is, and a note of somebody else's stays", async () => {
		const repo = twoCommits()
		const state = temporaryDirectory()
		await rollcall(state, "run", repo.path, "--once", "--notes")
		const tip = repo.git("rev-parse", "refs/notes/rollcall")
		await rollcall(state, "run", repo.path, "--once", "--notes")
		expect(repo.git("rev-parse", "refs/notes/rollcall")).toBe(tip)
		repo.git("notes", "--ref=rollcall", "add", "-f", "-m", "by hand", "HEAD~1")
		repo.commit("three", agent("agent:3"))
		await rollcall(state, "run", repo.path, "--once", "--notes")
		expect(notesOf(repo)).toMatch(/^one\nby hand\n\ntwo\napplied [\s\S]*three\napplied /)
		expect(repo.git("rev-list", "--count", "refs/notes/rollcall")).toBe("3")
	})

	test("catches up with what was recorded without it, and says why a commit was held", async () => {
		const repo = twoCommits()
		const state = temporaryDirectory()
		await rollcall(state, "run", repo.path, "--once")
		repo.commit("empty", { "agent.yaml": null, "nodes.yaml": null })
		await rollcall(state, "run", repo.path, "--once", "--notes")
		expect(notesOf(repo)).toMatch(/two\napplied [\s\S]*empty\nheld \S+: it has no manifests at the watched paths/)
	})

	test("a repository that cannot be written is a warning, and the run goes on", async () => {
		const repo = twoCommits()
		const state = temporaryDirectory()
		// A ref of this very name leaves no room for ours.
		repo.git("update-ref", "refs/notes/rollcall/x", "HEAD")
		const got = await rollcall(state, "run", repo.path, "--once", "--notes")
		expect([got.code, got.out + got.err]).toEqual([0, expect.stringContaining("Cannot write notes to")])
		repo.git("update-ref", "-d", "refs/notes/rollcall/x")
		await rollcall(state, "run", repo.path, "--once", "--notes")
		expect(notesOf(repo)).toContain("two\napplied ")
	})

	test("a URL is refused, with what to do instead", async () => {
		const got = await rollcall(
			temporaryDirectory(),
			"run",
			`file://${twoCommits().path}`,
			"--allow-local",
			"--once",
			"--notes",
		)
		expect([got.code, got.err]).toEqual([1, expect.stringContaining("only in a repository on this machine")])
		expect(got.err).toContain("next: start it on a clone")
	})

	test("a kill between the writing and its mark writes the same again; a failure is told once and tried again", async () => {
		const told: string[] = []
		const warned: unknown[] = []
		let marked = 0
		let fails = true
		const state = {
			ledger: ledgerOf({}),
			head: () => ({ number: 5 }),
			notedTo: () => marked,
			noteTo: (entry: number) => {
				if (fails) throw new Error("killed")
				marked = entry
			},
			commitsOf: (after: number, to: number) => {
				told.push(`${after}..${to}`)
				return []
			},
		}
		const open = (): Notes => new Notes({ state, write: async () => 0, warn: (problem) => warned.push(problem) })
		const notes = open()
		notes.wake()
		await notes.close()
		fails = false
		await open().close()
		expect([told, warned.length, marked]).toEqual([["0..5", "0..5", "0..5"], 1, 5])
	})
})
