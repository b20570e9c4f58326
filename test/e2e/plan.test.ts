import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { program } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

function fluentd(image: string) {
	return daemonSet({ image, spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } } })
}

/** Nodes with fluentd, and a second commit that changes its image. */
function twoCommits(replicas = 12): Repository {
	const made = repository()
	const nodes = pool({ replicas, zones: ["a", "b", "c"] })
	made.commit("fluentd", { "fleet.yaml": [nodes, behavior()], "fluentd.yaml": [fluentd("fluentd:v1")] })
	made.commit("fluentd v2", { "fluentd.yaml": [fluentd("fluentd:v2")] })
	return made
}

describe("rollcall plan", () => {
	test("with nothing but a repository, plans the newest commit after the one before", async () => {
		const { path } = twoCommits()
		const { code, out } = await program(["plan", "--state", temporaryDirectory()], { cwd: path })
		expect(code).toBe(1)
		expect(out).toContain("restarts kube-system/fluentd on 12 of 12 nodes, ")
		expect(out).toContain("at most 3 down at once")
	})

	test("beside a history, plans on what the cluster runs, and 0 says that nothing changes", async () => {
		const { path } = twoCommits()
		const state = temporaryDirectory()
		await program(["run", "--once", "--state", state], { cwd: path })
		const { code, out } = await program(["plan", "--state", state], { cwd: path })
		expect(out).toContain("after what the cluster runs")
		expect(out).toContain("changes nothing")
		expect(code).toBe(0)
	})

	test("ends with 3 where a gate fails, and says by how much", async () => {
		const { path } = twoCommits()
		const gates = ["--fail-on", "unavailable > 10%", "--fail-on", "preempted"]
		const { code, out } = await program(["plan", ...gates, "--state", temporaryDirectory()], { cwd: path })
		expect(code).toBe(3)
		expect(out).toContain("unavailable > 10%: it is 3 of 12 (25%) for fluentd")
	})

	test("gives the measures of its gates as JSON", async () => {
		const { path } = twoCommits()
		const { out } = await program(["plan", "-o", "json", "--state", temporaryDirectory()], { cwd: path })
		const plan = JSON.parse(out)
		expect(plan).toMatchObject({ kind: "Plan", verdict: "applied", settled: true })
		expect(plan.measures).toMatchObject({ unavailable: 3, restarts: 12, preempted: 0, changed: 1 })
		expect(plan.rollouts[0].order).toHaveLength(12)
	})

	test("says what the time rests on, how much of it the control plane takes, and how to take it back", async () => {
		const { path, git } = twoCommits()
		const { out } = await program(["plan", "--state", temporaryDirectory()], { cwd: path })
		expect(out).toContain("rests on PodBehavior all: a node takes 1s to stop, 4s to be ready, 0ms more to be available")
		expect(out).toContain("and on a control plane of 20 requests a second, 30 at once, which takes none of it")
		expect(out).toContain("restarts: pool: a 4, b 4, c 4")
		expect(out).toContain(`To take it back: rollcall rollout undo --commit ${git("rev-parse", "HEAD").slice(0, 8)}`)
		const lifted = ["plan", "--control-plane-qps", "0", "-o", "json", "--state", temporaryDirectory()]
		const plan = JSON.parse((await program(lifted, { cwd: path })).out)
		expect(plan.pace).toEqual({ qps: 0, burst: 30 })
		expect(plan.rollouts[0].restsOn).not.toHaveProperty("paceMs")
		const limited = ["plan", "--control-plane-qps", "1", "-o", "json", "--state", temporaryDirectory()]
		const { paceMs } = JSON.parse((await program(limited, { cwd: twoCommits(60).path })).out).rollouts[0].restsOn
		expect(paceMs).toBeGreaterThan(10_000)
	})

	test("--behavior learned rests on what rollouts on record took, says so, and needs some", async () => {
		const { path } = twoCommits()
		const none = await program(["plan", "--behavior", "learned", "--state", temporaryDirectory()], { cwd: path })
		expect([none.code, none.err]).toEqual([2, expect.stringContaining("Cannot learn how long pods take")])
		const state = temporaryDirectory()
		await program(["run", "--once", "--state", state], { cwd: path })
		const draft = join(path, "fluentd.yaml")
		writeFileSync(draft, readFileSync(draft, "utf8").replace("fluentd:v2", "fluentd:v3"))
		const words = ["plan", "--work-tree", "--state", state]
		const { out } = await program([...words, "--behavior", "learned"], { cwd: path })
		expect(out).toContain("Learned:\n  learned-1: fluentd, from 12 nodes of rollout 1\n")
		expect(out).toContain("rests on PodBehavior learned-1, all: ")
		const durationOf = async (...more: readonly string[]): Promise<number> =>
			JSON.parse((await program([...words, ...more, "-o", "json"], { cwd: path })).out).measures.duration
		const [usual, learned] = [await durationOf(), await durationOf("--behavior", "learned")]
		expect(Math.abs(learned - usual)).toBeLessThan(usual / 10)
	})

	test.each([
		[["plan", "nosuch"], 'Cannot find the commit "nosuch"'],
		[["plan", "--fail-on", "speed > 3"], '"speed" is no measure'],
		[["plan", "-o", "pdf"], 'Cannot print as "pdf"'],
	])("%j ends with 2 and says why", async (words, problem) => {
		const { path } = twoCommits()
		const { code, err } = await program([...words, "--state", temporaryDirectory()], { cwd: path })
		expect(err).toContain(problem)
		expect(code).toBe(2)
	})
})

describe("rollcall bisect", () => {
	test("finds the first commit that breaks the gate", async () => {
		const made = twoCommits()
		const good = made.git("rev-parse", "HEAD")
		for (const image of ["fluentd:v3", "fluentd:v4"]) made.commit(image, { "fluentd.yaml": [fluentd(image)] })
		const all = daemonSet({
			image: "fluentd:v4",
			spec: { updateStrategy: { rollingUpdate: { maxUnavailable: "100%" } } },
		})
		const first = made.commit("all at once", { "fluentd.yaml": [all] })
		made.commit("fluentd:v5", { "README.md": "five" })
		const words = ["bisect", "--good", good, "--bad", "HEAD", "--until", "unavailable > 30%"]
		const { code, out } = await program([...words, "--state", temporaryDirectory()], { cwd: made.path })
		expect(out).toContain(`${first} is the first that breaks it`)
		expect(out).toContain("unavailable > 30%: it is 12 of 12 (100%) for fluentd")
		expect(code).toBe(0)
	})

	test("as JSON; through merges, of which it tells the one on the branch; and beyond a thousand commits", async () => {
		const made = twoCommits()
		const good = made.git("rev-parse", "HEAD")
		made.git("checkout", "--quiet", "-b", "side")
		const wide = { updateStrategy: { rollingUpdate: { maxUnavailable: 12 } } }
		made.commit("wide", { "fluentd.yaml": [daemonSet({ image: "fluentd:v3", spec: wide })] })
		made.git("checkout", "--quiet", "main")
		for (let number = 0; number < 1_200; number++) made.git("commit", "--quiet", "--allow-empty", "-m", `n${number}`)
		made.git("merge", "--quiet", "--no-ff", "-m", "merge of side", "side")
		const merge = made.git("rev-parse", "HEAD")
		made.git("commit", "--quiet", "--allow-empty", "-m", "after")
		const state = join(temporaryDirectory(), "none")
		const words = ["bisect", "--good", good, "--bad", "HEAD", "--until", "unavailable > 30%", "-o", "json"]
		const { code, out, err } = await program([...words, "--state", state], { cwd: made.path })
		expect(JSON.parse(out)).toMatchObject({
			kind: "Bisection",
			commits: 1_202,
			first: { commit: merge, subject: "merge of side", message: expect.stringContaining("12 of 12") },
		})
		expect(err.split("\n").length).toBeLessThan(15)
		expect([code, existsSync(state)]).toEqual([0, false])
		const odd = await program(["bisect", "--good", good, "--bad", "HEAD", "--until", "stuck", "-o", "xml"], {
			cwd: made.path,
		})
		expect([odd.code, odd.err]).toEqual([2, expect.stringContaining('Cannot print as "xml"')])
	})

	test("says where no commit does, and where good is not before bad", async () => {
		const { path } = twoCommits()
		const bisect = (good: string, bad: string) =>
			program(["bisect", "--good", good, "--bad", bad, "--until", "pending", "--state", temporaryDirectory()], {
				cwd: path,
			})
		expect(await bisect("HEAD~1", "HEAD")).toMatchObject({ code: 1, out: "none of 1 commits breaks pending\n" })
		const turned = await bisect("HEAD", "HEAD~1")
		expect([turned.code, turned.err]).toEqual([2, expect.stringContaining("HEAD is not before HEAD~1")])
	})
})

describe("the policy of a repository", () => {
	const policy = (...gates: string[]): string => `version: 1\npolicy:\n  failOn: ${JSON.stringify(gates)}\n`

	test("is the one before the commit, so that no commit can waive it for itself; a change to it is told", async () => {
		const made = repository()
		const nodes = pool({ replicas: 12 })
		made.commit("first", {
			".rollcall.yaml": policy("unavailable > 10%", "no such gate"),
			"fleet.yaml": [nodes, behavior()],
			"fluentd.yaml": [fluentd("fluentd:v1")],
		})
		made.commit("waived", { ".rollcall.yaml": policy("stuck"), "fluentd.yaml": [fluentd("fluentd:v2")] })
		const { code, out, err } = await program(["plan", "--state", temporaryDirectory()], { cwd: made.path })
		expect(code).toBe(3)
		expect(out).toContain("unavailable > 10%: it is 3 of 12 (25%) for fluentd")
		expect(out).toContain("+ stuck\n")
		expect(err).toContain('warning: the policy in .rollcall.yaml: "no such gate" is no gate')
		made.commit("next", { "fluentd.yaml": [fluentd("fluentd:v3")] })
		expect((await program(["plan", "--state", temporaryDirectory()], { cwd: made.path })).code).toBe(1)
	})
})
