import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { type Ended, program, started } from "../builders/program.ts"
import { type FileContent, type Repository, repository } from "../builders/repository.ts"
import { hasSshKeygen, sshSigner, trustFile } from "../builders/signers.ts"
import { tamper } from "../builders/tamper.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

type Place = {
	readonly made: Repository
	readonly state: string
	readonly rollcall: (...words: readonly string[]) => Promise<Ended>
}

const NODES = [pool({ replicas: 4 }), behavior()]

/** A repository with an agent on four nodes, rolled out. */
async function running(files: Readonly<Record<string, FileContent>> = {}): Promise<Place> {
	const made = repository()
	made.commit("first", { "fleet.yaml": NODES, "fluentd.yaml": [daemonSet()], ...files })
	const state = temporaryDirectory()
	const rollcall = (...words: readonly string[]) => program([...words, "--state", state], { cwd: made.path })
	await rollcall("run", "--once")
	return { made, state, rollcall }
}

const V2 = { "fluentd.yaml": [daemonSet({ image: "fluentd:v2" })] }

describe("rollcall plan answers", () => {
	test("with the history of another repository: a warning, and the commit after the one before", async () => {
		const { state } = await running()
		const other = repository()
		other.commit("theirs", { "fleet.yaml": NODES, "fluentd.yaml": [daemonSet()] })
		other.commit("theirs, v2", V2)
		const { code, out, err } = await program(["plan", "--repo", other.path, "--state", state])
		expect(err).toMatch(/^warning: \S+ is the history of \S+, which is another repository: planned after/)
		expect(out).toContain("(after ")
		expect(out).toContain("restarts kube-system/fluentd on 4 of 4 nodes")
		expect(code).toBe(1)
	})

	test("with a history that has nothing in common with the branch's", async () => {
		const { made, rollcall } = await running()
		made.git("checkout", "--quiet", "--orphan", "lone")
		made.commit("orphan", V2)
		for (const range of ["lone", "main..lone"])
			expect((await rollcall("plan", range)).out).toContain("restarts kube-system/fluentd on 4 of 4 nodes")
	})

	test("with nothing where two commits are one, and of a commit with nothing but findings what these are", async () => {
		const { made, rollcall } = await running()
		const same = await rollcall("plan", "HEAD..HEAD")
		expect([same.code, same.out]).toEqual([0, expect.stringContaining("changes nothing")])
		made.commit("broken", { "broken.yaml": "apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: x}\nspec: 3\n" })
		const broken = await rollcall("plan")
		expect([broken.code, broken.out]).toEqual([0, expect.stringContaining("changes nothing; 1 object is refused")])
		expect(broken.out).toContain("broken.yaml:1")
		expect((await rollcall("plan", "--fail-on", "refused")).code).toBe(3)
	})

	test("that a guard would hold it", async () => {
		const { made, rollcall } = await running()
		made.commit("no nodes", { "fleet.yaml": null })
		const { code, out } = await rollcall("plan")
		expect([code, out]).toEqual([1, expect.stringContaining("would be held: it would remove all 4 nodes")])
		expect((await rollcall("plan", "--fail-on", "held")).code).toBe(3)
	})

	test("that it would be held while the source is suspended, and by whom", async () => {
		const { made, rollcall } = await running()
		await rollcall("suspend", "--reason", "freeze")
		made.commit("v2", V2)
		const { out } = await rollcall("plan")
		expect(out).toMatch(/would be held: the source is suspended by .+: freeze/)
	})

	test("that a rollout which somebody paused moves no pod", async () => {
		const { made, rollcall } = await running()
		await rollcall("rollout", "pause", "ds/fluentd", "-n", "kube-system", "--reason", "INC-7")
		made.commit("v2", V2)
		const { out } = await rollcall("plan")
		expect(out).toMatch(/moves no pod of kube-system\/fluentd, as it is paused by .+ since .+: INC-7/)
	})

	test("that what was rolled away from waits", async () => {
		const { made, rollcall } = await running()
		const bad = made.commit("v2", V2)
		const trailers = `DaemonSet: kube-system/fluentd\nRollback-Of: ${bad}`
		made.commit(`Revert "v2"\n\n${trailers}`, { "fluentd.yaml": [daemonSet()] })
		await rollcall("run", "--once")
		made.commit("v2 again", V2)
		const { out } = await rollcall("plan")
		expect(out).toMatch(/would be held: .* rolled away from; rollcall rollout release/)
	})

	test.skipIf(!hasSshKeygen)("that it would be held for its signature, where it is asked to look", async () => {
		const { made, rollcall } = await running()
		const ada = sshSigner("ada@example.org")
		const keys = ["--verify", "every", "--allowed-signers", trustFile(ada)]
		made.commit("unsigned", V2)
		expect((await rollcall("plan", ...keys)).out).toMatch(/would be held: .*not signed/)
		made.git("reset", "--quiet", "--hard", "HEAD~1")
		made.commit("signed", V2, ada)
		expect((await rollcall("plan", ...keys)).out).toContain("restarts kube-system/fluentd on 4 of 4 nodes")
	})

	test.each<[string, (state: string) => void, RegExp]>([
		["a newer", (state) => tamper(state, "PRAGMA user_version = 99"), /schema version 99.*\n.*use the newer Rollcall/],
		["a damaged", (state) => writeFileSync(join(state, "ledger.db"), "garbage garbage"), /the file is damaged/],
	])("with 2 where there is %s state directory, and what to do", async (_, spoil, problem) => {
		const { state, rollcall } = await running()
		spoil(state)
		const { code, err } = await rollcall("plan")
		expect([code, err]).toEqual([2, expect.stringMatching(problem)])
	})

	test("on a folder of nodes, and where that has none", async () => {
		const { made, rollcall } = await running()
		made.commit("v2", V2)
		const folder = temporaryDirectory()
		expect((await rollcall("plan", "--fleet", folder)).err).toContain("there is no .yaml or .json file in it")
		mkdirSync(join(folder, "deeper.yaml.d"))
		writeFileSync(join(folder, "b.yaml"), stringify(pool({ name: "b", replicas: 2 })))
		writeFileSync(join(folder, "a.json"), JSON.stringify(pool({ name: "a", replicas: 1 })))
		writeFileSync(join(folder, "README.md"), "no nodes")
		const { out } = await rollcall("plan", "--fleet", folder)
		expect(out).toContain("restarts: a: 1; b: 2; pool: 4")
	})

	test("in a bare repository, of a detached HEAD, and of one by its URL", async () => {
		const { made, rollcall } = await running()
		made.commit("v2", V2)
		const bare = join(temporaryDirectory(), "fleet.git")
		made.git("clone", "--quiet", "--bare", made.path, bare)
		const expected = "restarts kube-system/fluentd on 4 of 4 nodes"
		const elsewhere = ["--state", join(temporaryDirectory(), "state")]
		expect((await program(["plan", ...elsewhere], { cwd: bare })).out).toContain(expected)
		const url = ["plan", "--repo", `file://${bare}`, "--allow-local", ...elsewhere]
		expect((await program(url)).out).toContain(expected)
		made.git("checkout", "--quiet", "--detach")
		expect((await rollcall("plan", "HEAD")).out).toContain(expected)
		const unnamed = await program(["plan", "--state", join(temporaryDirectory(), "none")], { cwd: made.path })
		expect([unnamed.code, unnamed.err]).toEqual([2, expect.stringContaining("name the branch with --branch")])
	})

	test("that a file outside of the work tree is none that a commit could have", async () => {
		const { rollcall } = await running()
		const outside = join(temporaryDirectory(), "agent.yaml")
		writeFileSync(outside, stringify(daemonSet()))
		const { code, err } = await rollcall("plan", "-f", outside)
		expect([code, err]).toEqual([2, expect.stringContaining("it is not in the work tree")])
	})

	test("beside a run that goes on, from what that has saved, and takes nothing from it", async () => {
		const { made, state, rollcall } = await running()
		made.git("checkout", "--quiet", "-b", "next")
		made.commit("v2", V2)
		const run = started(["run", made.path, "--state", state, "--speed", "max", "--branch", "main"])
		for (let asked = 0; asked < 3; asked++) {
			const { code, out, err } = await rollcall("plan", "next")
			expect([code, err]).toEqual([1, ""])
			expect(out).toContain("restarts kube-system/fluentd on 4 of 4 nodes")
		}
		expect((await rollcall("history", "-o", "name")).out).toBe("rollout/1\n")
		made.git("update-ref", "refs/heads/main", "next")
		await run.prints(/rollout 2/)
		run.process.kill("SIGINT")
		expect((await run.ended).code).toBe(130)
	})

	test("with no state directory, and makes none", async () => {
		const made = repository()
		made.commit("first", { "fleet.yaml": NODES, "fluentd.yaml": [daemonSet()] })
		const state = join(temporaryDirectory(), "none")
		const { out } = await program(["plan", "--state", state], { cwd: made.path })
		expect(out).toContain("(in an empty cluster)")
		expect(out).toContain("brings kube-system/fluentd to 4 nodes")
		expect(existsSync(state)).toBe(false)
	})
})
