import { execFileSync } from "node:child_process"
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { GRACE, version } from "../builders/agent-versions.ts"
import { writeExecutable } from "../builders/hostile.ts"
import { nodePool } from "../builders/objects.ts"
import { program } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const GIT = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim()

/** A folder whose `git` kills Rollcall when it moves the branch: just before, or just after. */
function killing(when: "before" | "after"): string {
	const folder = temporaryDirectory()
	const move = when === "after" ? `${GIT} "$@"` : ":"
	const script = `#!/bin/sh\ncase "$1" in update-ref) ${move}; kill -9 $PPID; sleep 5;; *) exec ${GIT} "$@";; esac\n`
	writeExecutable(join(folder, "git"), script)
	return folder
}

async function killed(when: "before" | "after") {
	const repo = repository()
	const state = temporaryDirectory()
	const undo = (env: Readonly<Record<string, string>> = {}) =>
		program(["rollout", "undo", "ds/agent", "--state", state], { env: { ...GRACE, ...env } })
	const once = () => program(["run", repo.path, "--once", "--state", state])
	repo.commit("one", { ...version(1), "nodes.yaml": [nodePool("workers", 3)] })
	await once()
	const two = repo.commit("two", version(2))
	await once()
	const dead = await undo({ PATH: `${killing(when)}:${process.env["PATH"]}` })
	expect(dead.code).toBe(null)
	const file = join(repo.path, "agent.yaml")
	const image = () => /agent:\d/.exec(readFileSync(file, "utf8"))?.[0]
	const leftovers = () =>
		[...readdirSync(repo.path), ...readdirSync(join(repo.path, ".git"))].filter((name) => /rollcall|\.lock/.test(name))
	expect(existsSync(join(repo.path, ".git/index.lock"))).toBe(true)
	return { repo, two, undo, file, image, leftovers, status: () => repo.git("status", "--porcelain") }
}

describe("an undo that is killed", () => {
	test("before the branch moved leaves nothing that the next one does not clear away", async () => {
		const { repo, two, undo, image, leftovers, status } = await killed("before")
		expect([repo.git("rev-parse", "main"), image()]).toEqual([two, "agent:2"])
		expect((await undo()).out).toBe("daemonset.apps/agent rolled back\n")
		expect([repo.git("rev-parse", "main^"), image(), status(), leftovers()]).toEqual([two, "agent:1", "", []])
	})

	test("after the branch moved is finished by the next one, which does nothing else", async () => {
		const { repo, two, undo, image, leftovers, status } = await killed("after")
		const back = repo.git("rev-parse", "main")
		expect([repo.git("rev-parse", "main^"), image()]).toEqual([two, "agent:2"])
		const next = await undo()
		expect([next.code, next.err]).toEqual([
			0,
			expect.stringMatching(/^[0-9a-f]{8} on main: kube-system\/agent: roll back/),
		])
		expect(next.err).toContain("a commit that was cut off is finished, and nothing else was done")
		expect([repo.git("rev-parse", "main"), image(), status(), leftovers()]).toEqual([back, "agent:1", "", []])
		// From there on it goes further back.
		expect((await undo()).err).toContain("no last revision to roll back to")
	})

	test("with one of two renames done is finished all the same", async () => {
		const { repo, undo, file, image, leftovers, status } = await killed("after")
		const waiting = readdirSync(repo.path).find((name) => name.includes(".rollcall-")) ?? ""
		renameSync(join(repo.path, waiting), file)
		expect((await undo()).code).toBe(0)
		expect([image(), status(), leftovers()]).toEqual(["agent:1", "", []])
	})

	test("touches no file that was edited since, and still gives the index free", async () => {
		const { undo, file, leftovers, status } = await killed("after")
		writeFileSync(file, "mine\n")
		expect((await undo()).code).toBe(0)
		expect([readFileSync(file, "utf8"), status(), leftovers()]).toEqual(["mine\n", "M agent.yaml", []])
	})

	test("leaves alone what somebody went on with after removing the lock", async () => {
		const { repo, undo, image, leftovers, status } = await killed("after")
		rmSync(join(repo.path, ".git/index.lock"))
		repo.git("reset", "--quiet", "--hard")
		expect([image(), status()]).toEqual(["agent:1", expect.stringMatching(/^\?\? \.agent\.yaml\.rollcall-\d+$/)])
		expect((await undo()).err).toContain("no last revision to roll back to")
		expect([image(), status(), leftovers()]).toEqual(["agent:1", "", []])
	})

	test("is not disturbed while it lives: the lock says whose it is", async () => {
		const { repo, undo, image } = await killed("after")
		const lock = join(repo.path, ".git/index.lock")
		writeFileSync(lock, readFileSync(lock, "utf8").replace(/ \d+ /, ` ${process.pid} `))
		const { code, err } = await undo()
		expect([code, err]).toEqual([1, expect.stringContaining("another rollcall is at work there")])
		expect(image()).toBe("agent:2")
	})
})
