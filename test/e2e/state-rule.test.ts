import { execFileSync } from "node:child_process"
import { copyFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { describe, expect, test } from "vitest"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { PROGRAM, program, started } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const ROOT = dirname(dirname(PROGRAM))

/** The program as it lies in a clone of Rollcall (or, without `.git`, where a package manager put it). */
function installation(options: { readonly clone: boolean }): { readonly root: string; readonly program: string } {
	const root = temporaryDirectory()
	cpSync(dirname(PROGRAM), join(root, "dist"), { recursive: true })
	copyFileSync(join(ROOT, "package.json"), join(root, "package.json"))
	for (const shared of ["node_modules", "examples"]) symlinkSync(join(ROOT, shared), join(root, shared))
	if (options.clone) mkdirSync(join(root, ".git"))
	return { root, program: join(root, "dist", "rollcall.js") }
}

function fleet(name: string): Repository {
	const repo = repository()
	repo.commit(`${name} is here`, { "agent.yaml": [daemonSet({ name })], "nodes.yaml": [nodePool("workers", 3)] })
	return repo
}

describe("the state directory", () => {
	test("is by repository in the clone's state/, and what only reads finds the one around it, or the last one", async () => {
		const { root, program: own } = installation({ clone: true })
		const [red, blue] = [fleet("red"), fleet("blue")]
		const at = (cwd: string, ...words: readonly string[]) => program(words, { cwd, program: own })
		const daemonSets = async (cwd: string, ...more: readonly string[]) =>
			(await at(cwd, "get", "ds", "-A", "-o", "name", ...more)).out.trim().replace("daemonset.apps/", "")

		const nothing = await at(root, "history")
		expect([nothing.code, nothing.err]).toEqual([1, expect.stringContaining("next: ")])
		expect((await at(red.path, "run", "--once")).code).toBe(0)
		expect(await daemonSets(root)).toBe("red")
		expect((await at(root, "run", "--once", blue.path)).code).toBe(0)
		expect(await daemonSets(root)).toBe("blue")
		expect(await daemonSets(red.path)).toBe("red")
		expect(await daemonSets("/", "--repo", red.path)).toBe("red")
		mkdirSync(join(red.path, "deep", "down"), { recursive: true })
		expect(await daemonSets(join(red.path, "deep", "down"))).toBe("red")
		const elsewhere = temporaryDirectory()
		expect((await at(red.path, "run", "--once", "--state", elsewhere)).code).toBe(0)
		expect(await daemonSets(root)).toBe("blue")
		expect((await at(root, "diff")).code).toBe(0)
		expect(readFileSync(join(root, "state", "current"), "utf8")).toMatch(/^rollcall-test-\w+-[0-9a-f]{12}\n$/)
	})

	test("is below the XDG state folder where the program is in no clone", async () => {
		const { program: own } = installation({ clone: false })
		const state = temporaryDirectory()
		const env = { XDG_STATE_HOME: state }
		const red = fleet("red")
		expect((await program(["run", "--once"], { cwd: red.path, program: own, env })).code).toBe(0)
		expect((await program(["history", "-o", "name"], { cwd: "/", program: own, env })).out).toBe("rollout/1\n")
		expect(readFileSync(join(state, "rollcall", "current"), "utf8")).not.toBe("")
	})

	test("of npm start never meets that of a repository of one's own", async () => {
		const { root, program: own } = installation({ clone: true })
		const demo = started(["start", "--speed", "5000"], { cwd: root, program: own })
		await demo.prints(/rollout 1 complete/)
		demo.process.kill("SIGINT")
		expect((await demo.ended).code).toBe(130)
		const mine = fleet("mine")
		const run = started(["start", mine.path, "--speed", "max"], { cwd: root, program: own })
		await run.prints(/rollout 1 complete/)
		run.process.kill("SIGINT")
		expect((await run.ended).err).toBe("")
		const names = async (cwd: string) => (await program(["get", "ds", "-A", "-o", "name"], { cwd, program: own })).out
		expect(await names(root)).toBe("daemonset.apps/mine\n")
		expect(await names(join(root, "state", "repositories", "demo"))).toContain("daemonset.apps/calico-node\n")
	})
})

describe("rollcall start", () => {
	test("tells the demo's story, waits, says how to commit, sees a commit at once, and goes on after Ctrl-C", async () => {
		const state = temporaryDirectory()
		const words = ["start", "--state", state, "--speed", "2000"]
		const run = started(words)
		await run.prints(/rollout 11 complete/)
		const demo = join(state, "repositories", "demo")
		const commits = run.out().match(/"event":"commit-applied"/g) ?? []
		expect(commits.length).toBeGreaterThanOrEqual(10)
		const before = Date.now()
		changeFluentd(demo, "1.18.1", "1.18.2")
		await run.prints(/rollout 12 to revision 5, fluentd 1.18.1 → 1.18.2/)
		expect(Date.now() - before).toBeLessThan(5_000)
		run.process.kill("SIGINT")
		const { code, err } = await run.ended
		expect(code).toBe(130)
		expect(err).toContain(`A repository to play with: ${demo}`)
		changeFluentd(demo, "1.18.2", "1.18.3")
		const again = started(words)
		await again.prints(/rollout 13 to revision 6, fluentd 1.18.2 → 1.18.3/)
		expect(again.out()).not.toContain("rollout 11 ")
		again.process.kill("SIGINT")
		await again.ended
		const nodes = await program(["get", "nodes", "-o", "name", "--state", state])
		expect(nodes.out.trim().split("\n").length).toBeGreaterThan(50)
	})

	test("runs an example's folder as its story", async () => {
		const run = started([
			"start",
			join(ROOT, "examples", "pod-priority"),
			"--state",
			temporaryDirectory(),
			"--speed",
			"max",
		])
		await run.prints(/rollout 1 to revision 1/)
		run.process.kill("SIGINT")
		expect((await run.ended).code).toBe(130)
	})
})

function changeFluentd(repo: string, before: string, after: string): void {
	const file = join(repo, "agents", "logging", "fluentd.yaml")
	writeFileSync(file, readFileSync(file, "utf8").replaceAll(before, after))
	const who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
	execFileSync("git", [...who, "-C", repo, "commit", "--quiet", "--all", "--message", `fluentd ${after}`])
}
