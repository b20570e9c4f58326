import { readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, test } from "vitest"
import { GRACE, version } from "../builders/agent-versions.ts"
import { backend, gitServer, httpServer } from "../builders/git-server.ts"
import { writeExecutable } from "../builders/hostile.ts"
import { configMap, nodePool } from "../builders/objects.ts"
import { type Ended, program } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

type Server = { readonly bare: string; readonly repo: Repository; push(): void }

/** A bare repository that people push to, from a clone. */
function server(): Server {
	const repo = repository()
	const bare = join(temporaryDirectory(), "fleet.git")
	repo.commit("one", { ...version(1), "nodes.yaml": [nodePool("workers", 3)] })
	repo.git("clone", "--quiet", "--bare", repo.path, bare)
	return { bare, repo, push: () => void repo.git("push", "--quiet", bare, "main") }
}

/** Two versions, both rolled out from the URL. */
async function story({ bare, repo, push }: Server, url: string) {
	const state = temporaryDirectory()
	const reach = ["--allow-local", "--allow-loopback"]
	const once = () => program(["run", url, "--once", "--state", state, ...reach])
	const undo = (...words: readonly string[]): Promise<Ended> =>
		program(["rollout", "undo", "ds/agent", "--state", state, ...reach, ...words], { env: GRACE })
	expect(await once()).toMatchObject({ code: 0 })
	repo.commit("two", version(2))
	push()
	expect(await once()).toMatchObject({ code: 0 })
	const show = (what: string) => repo.git("--git-dir", bare, "show", what)
	return { once, undo, show, tip: (branch = "main") => repo.git("--git-dir", bare, "rev-parse", branch) }
}

const AWAY = ["http", "file"] as const

async function urlOf(how: (typeof AWAY)[number], { bare }: Server): Promise<string> {
	return how === "file" ? `file://${bare}` : `${(await gitServer(dirname(bare))).url}/fleet.git`
}

describe.each(AWAY)("rollcall rollout undo of a repository that is followed by %s", (how) => {
	test("is pushed as a plain fast-forward, and rolled out from there", async () => {
		const made = server()
		const proof = join(temporaryDirectory(), "proof")
		// On a server its own hooks are its own affair; on this machine none runs.
		if (how === "file")
			for (const hook of ["pre-receive", "update", "post-receive", "post-update", "reference-transaction"])
				writeExecutable(join(made.bare, "hooks", hook), `#!/bin/sh\necho ${hook} >> ${proof}\n`)
		const { once, undo, show, tip } = await story(made, await urlOf(how, made))
		const before = tip()
		writeFileSync(proof, "")
		const done = await undo("--push")
		expect([done.code, done.out]).toEqual([0, "daemonset.apps/agent rolled back\n"])
		expect(made.repo.git("--git-dir", made.bare, "rev-parse", "main^")).toBe(before)
		expect(show("main:agent.yaml")).toContain("agent:1")
		expect(readFileSync(proof, "utf8")).toBe("")
		expect((await once()).err).toContain("1 commit, 1 rollout: done")
	})

	test("sends nothing unasked, nor with --dry-run", async () => {
		const made = server()
		const { undo, tip } = await story(made, await urlOf(how, made))
		const before = tip()
		const unasked = await undo()
		expect([unasked.code, unasked.err]).toEqual([1, expect.stringContaining("next: add --push")])
		expect((await undo("--dry-run")).out).toContain("+          image: registry.example/agent:1")
		expect(tip()).toBe(before)
	})

	test("pushes a branch for review, and never moves one that is there", async () => {
		const made = server()
		const { undo, tip } = await story(made, await urlOf(how, made))
		const before = tip()
		expect((await undo("--push", "--to-branch", "undo-agent")).code).toBe(0)
		expect([tip(), made.repo.git("--git-dir", made.bare, "rev-parse", "undo-agent^")]).toEqual([before, before])
		// An older branch could be fast-forwarded.
		made.repo.git("--git-dir", made.bare, "branch", "old", "main^")
		for (const name of ["undo-agent", "old"]) {
			const at = tip(name)
			expect((await undo("--push", "--to-branch", name, "--message", "again")).err).toContain("it is there already")
			expect(tip(name)).toBe(at)
		}
	})
})

/** Somebody else pushes while a push of ours is on its way, this many times. */
async function raced(made: Server, times: number, files: Parameters<Repository["commit"]>[1]): Promise<string> {
	let left = times
	const { url } = await httpServer((request, response) => {
		const isPush = request.method === "POST" && request.url?.endsWith("git-receive-pack")
		if (isPush && left > 0) {
			left--
			made.repo.commit(`meanwhile ${left}`, files)
			made.push()
		}
		backend(dirname(made.bare), request, response)
	})
	return `${url}/fleet.git`
}

describe("a push that comes too late", () => {
	test("is fetched, built anew on the new tip, and tried once more", async () => {
		const made = server()
		const { undo, show } = await story(made, await raced(made, 1, { "config.yaml": [configMap("fresh")] }))
		expect(await undo("--push")).toMatchObject({ code: 0 })
		expect(show("main:agent.yaml")).toContain("agent:1")
		expect(show("main:config.yaml")).toContain("fresh")
		expect(made.repo.git("--git-dir", made.bare, "log", "-2", "--format=%s", "main")).toMatch(
			/roll back.*\nmeanwhile 0$/,
		)
	})

	test("is given up the second time, with nothing sent", async () => {
		const made = server()
		const { undo, show } = await story(made, await raced(made, 2, { "config.yaml": [configMap("fresh")] }))
		const { code, err } = await undo("--push")
		expect([code, err]).toEqual([1, expect.stringContaining("it moves faster than this")])
		expect(show("main:agent.yaml")).toContain("agent:2")
	})

	test("is not built anew on another version of the DaemonSet", async () => {
		const made = server()
		const { undo, show } = await story(made, await raced(made, 1, version(3)))
		const { code, err } = await undo("--push")
		expect([code, err]).toEqual([1, expect.stringContaining("changed meanwhile")])
		expect(show("main:agent.yaml")).toContain("agent:3")
	})
})

test("a server that does not take the commit is quoted", async () => {
	const made = server()
	writeExecutable(join(made.bare, "hooks/pre-receive"), "#!/bin/sh\necho 'main is protected'\nexit 1\n")
	const { url } = await gitServer(dirname(made.bare))
	const state = temporaryDirectory()
	const reach = ["--state", state, "--allow-loopback"]
	await program(["run", `${url}/fleet.git`, "--once", ...reach])
	made.repo.commit("two", version(2))
	made.repo.git("--git-dir", made.bare, "fetch", "--quiet", made.repo.path, "main:main")
	await program(["run", `${url}/fleet.git`, "--once", ...reach])
	const { code, err } = await program(["rollout", "undo", "ds/agent", "--push", ...reach], { env: GRACE })
	expect([code, err]).toEqual([1, expect.stringContaining("(pre-receive hook declined; main is protected)")])
	expect(err).toContain("--to-branch")
})
