import { userInfo } from "node:os"
import { describe, expect, test } from "vitest"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { program, started } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const BROKEN = {
	apiVersion: "simulation.rollcall.dev/v1alpha1",
	kind: "PodBehavior",
	metadata: { name: "broken" },
	spec: { match: { image: "*/agent:9" }, failures: [{ kind: "CrashLoop" }] },
}
const agent = (tag: number, cause: string) =>
	daemonSet({ image: `registry.example/agent:${tag}`, annotations: { "kubernetes.io/change-cause": cause } })

function story() {
	const repo = repository()
	const state = temporaryDirectory()
	const nodes = { "nodes.yaml": [nodePool("workers", 4)], "broken.yaml": [BROKEN] }
	repo.commit("agent 1", { "agent.yaml": [agent(1, "the first")], ...nodes })
	const once = () => program(["run", repo.path, "--once", "--state", state])
	const rollout = (verb: string, ...words: readonly string[]) =>
		program(["rollout", verb, "ds/agent", "--state", state, ...words])
	return { repo, state, once, rollout }
}

describe("rollcall rollout status", () => {
	test("says in kubectl's words that it is done, and ends with 0", async () => {
		const { once, rollout } = story()
		await once()
		expect(await rollout("status")).toEqual({
			code: 0,
			out: 'daemon set "agent" successfully rolled out\n',
			err: "",
		})
	})

	test("ends with 1 where it is stuck, and says why", async () => {
		const { repo, once, rollout } = story()
		await once()
		repo.commit("agent 9", { "agent.yaml": [agent(9, "broken")] })
		await once()
		const { code, out, err } = await rollout("status")
		expect(code).toBe(1)
		expect(out).toMatch(
			/^Waiting for daemon set "agent" rollout to finish: \d out of 4 new pods have been updated...\nfailing: workers-0 \(container main: .*, exit code 1, \d restarts\).*; the new version is healthy on 0 nodes; .*\n$/,
		)
		expect(err).toMatch(/^error: rollout 2 is stuck: .*crash-loop/)
		const json = await rollout("status", "-o", "json")
		expect([json.code, JSON.parse(json.out)]).toMatchObject([
			1,
			{ kind: "RolloutStatus", verdict: "failed", why: { state: "failing", version: { failing: 2, healthy: 0 } } },
		])
	})

	test("ends with 4 after --timeout, with 0 at once with --watch=false, with 5 where another rollout began", async () => {
		const { repo, state, once, rollout } = story()
		await once()
		repo.commit("agent 2", { "agent.yaml": [agent(2, "the second")] })
		// Slow enough to stay under way, whatever the machine.
		const running = started(["run", repo.path, "--speed", "0.01", "--state", state])
		await expect
			.poll(async () => (await rollout("status", "--watch=false")).out, { timeout: 60_000 })
			.toMatch(/^Waiting/)
		expect((await rollout("status", "--watch=false")).code).toBe(0)
		const said = async (...words: readonly string[]) => (await program([...words, "--state", state])).out
		const sentence = /(going on|waiting): \d of 1 unavailable (is|are) used by workers-0/
		expect(await said("show", "2")).toMatch(
			/\nNow: +going on: [\s\S]*\nNodes, in the order they went, so far:\nNODE .*\nworkers-0 /,
		)
		expect(await said("history", "ds/agent")).toMatch(sentence)
		expect(await said("describe", "ds/agent", "-n", "kube-system")).toMatch(sentence)
		expect(JSON.parse(await said("history", "-o", "json")).items[0]).toMatchObject({
			verdict: "running",
			why: { rollout: 2, budget: { of: "maxUnavailable", size: 1 } },
		})
		const late = await rollout("status", "--timeout", "1s")
		expect([late.code, late.err]).toEqual([4, "error: timed out waiting for the condition\n"])
		const watching = started(["rollout", "status", "ds/agent", "--state", state])
		await watching.prints(/Waiting/)
		repo.commit("agent 3", { "agent.yaml": [agent(3, "the third")] })
		const end = await watching.ended
		expect([end.code, end.err]).toEqual([5, "rollout 2 was superseded by rollout 3\n"])
		running.process.kill("SIGTERM")
		await running.ended
	})
})

test("rollcall rollout history lists the revisions as kubectl does, and with -o wide where they came from", async () => {
	const { repo, once, rollout } = story()
	await once()
	const two = repo.commit("agent 2", { "agent.yaml": [agent(2, "the second")] })
	await once()
	expect((await rollout("history")).out).toBe(
		"daemonset.apps/agent \nREVISION  CHANGE-CAUSE\n1         the first\n2         the second\n\n",
	)
	expect((await rollout("history", "-o", "wide")).out).toMatch(new RegExp(`\n2 +${two.slice(0, 8)} +Ada +complete `))
})

test("rollcall rollout history --revision shows the template of one revision, as text and as the object", async () => {
	const { repo, once, rollout } = story()
	await once()
	repo.commit("agent 2", { "agent.yaml": [agent(2, "the second")] })
	await once()
	expect((await rollout("history", "--revision=1")).out).toMatch(
		/^daemonset.apps\/agent with revision #1\nPod Template:\n {2}Labels: +app=agent\n {2}Containers:\n(.|\n)* Image: +registry.example\/agent:1\n/,
	)
	const one = JSON.parse((await rollout("history", "--revision=1", "-o", "json")).out)
	expect([one.kind, one.spec.template.spec.containers[0].image]).toEqual(["DaemonSet", "registry.example/agent:1"])
	expect((await rollout("history", "--revision=3")).err).toMatch(/^error: unable to find the specified revision\n/)
	const all = JSON.parse((await rollout("history", "-o", "json")).out)
	expect(all).toMatchObject({
		kind: "RevisionList",
		items: [
			{ revision: 1, changeCause: "the first", rollout: { rollout: 1 } },
			{ revision: 2, changeCause: "the second", rollout: { rollout: 2, verdict: "complete" } },
		],
	})
})

test("rollout commands take kubectl's spellings of a DaemonSet and of a flag, and no other kind", async () => {
	const { state, once } = story()
	await once()
	const said = async (...words: readonly string[]) => {
		const { code, out, err } = await program(["rollout", ...words, "--state", state])
		return `${code} ${out}${err}`
	}
	const done = '0 daemon set "agent" successfully rolled out\n'
	expect(await said("status", "-w", "ds", "agent")).toBe(done)
	expect(await said("status", "daemonset.apps", "agent", "--watch=false")).toBe(done)
	expect(await said("undo", "daemonset", "agent", "--dry-run=server")).toMatch(/^1 error: no last revision/)
	expect(await said("status", "ds")).toMatch(/^1 error: Cannot tell which DaemonSet is meant\n/)
	expect(await said("status", "ds", "agent", "other")).toMatch(/^1 error: Cannot take several DaemonSets at once\n/)
	for (const verb of ["status", "undo", "release", "pause", "restart", "history"])
		expect(await said(verb, "deploy/agent")).toMatch(/^1 error: Cannot find rollouts of deploy\/agent: only DaemonSets/)
	expect((await program(["trace", "pod/agent", "--state", state])).err).toMatch(/^error: Cannot trace pod\/agent\n/)
})

test("rollcall history of a namespace has its newest rollouts, whatever the others have, and only what waits there", async () => {
	const repo = repository()
	const state = temporaryDirectory()
	const run = (...words: readonly string[]) => program([...words, "--state", state])
	const two = (x: number, y: number) => ({
		"x.yaml": [daemonSet({ namespace: "north", image: `registry.example/agent:${x}` })],
		"y.yaml": [daemonSet({ namespace: "south", image: `registry.example/agent:${y}` })],
	})
	const commits: readonly (readonly [number, number])[] = [
		[1, 1],
		[1, 2],
	]
	for (const [x, y] of commits) {
		repo.commit(`${x} and ${y}`, { ...two(x, y), "nodes.yaml": [nodePool("workers", 2)] })
		await run("run", repo.path, "--once")
	}
	expect((await run("history", "-n", "north", "--limit", "1", "-o", "name")).out).toBe("rollout/1\n")
	const away = repo.git("rev-parse", "HEAD")
	repo.commit(`south back\n\nDaemonSet: south/agent\nRollback-Of: ${away}\nRestores: ${away}~1`, two(1, 1))
	await run("run", repo.path, "--once")
	repo.commit("south again", two(1, 2))
	await run("run", repo.path, "--once")
	expect((await run("history")).out).toContain("south/agent waits: ")
	expect((await run("history", "-n", "north")).out).not.toContain("waits: ")
})

test("rollcall trace names who replaced a pod where that was no commit", async () => {
	const { state, once, rollout } = story()
	await once()
	await rollout("restart")
	await once()
	const { out } = await program(["trace", "node/workers-0", "--state", state, "-o", "json"])
	const by = userInfo().username
	expect(JSON.parse(out).items).toMatchObject([{ rollout: 2, trigger: { kind: "client", client: by } }])
	expect((await program(["trace", "node/workers-0", "--state", state])).out).toMatch(new RegExp(` <none> +${by} `))
})
