import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import type { DaemonSet } from "../../src/kube/index.ts"
import { leaveRequest } from "../../src/store/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Ended, program, type Started, started } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

type Place = {
	readonly repo: Repository
	readonly state: string
	readonly commit: (version: number) => string
	readonly rollcall: (...words: readonly string[]) => Promise<Ended>
	/** A `rollcall run` that has read the branch. */
	readonly running: () => Promise<Started>
}

function place(): Place {
	const repo = repository()
	const state = temporaryDirectory()
	const commit = (version: number): string =>
		repo.commit(`version ${version}`, {
			"agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })],
			"nodes.yaml": [nodePool("workers", 6)],
		})
	commit(1)
	const rollcall = (...words: readonly string[]): Promise<Ended> => program([...words, "--state", state])
	const running = async (): Promise<Started> => {
		const run = started(["run", repo.path, "--state", state, "--speed", "max"])
		await run.prints(/applied|unchanged|held/)
		return run
	}
	return { repo, state, commit, rollcall, running }
}

const OK = { code: 0, err: "" }

async function daemonSetOf({ rollcall }: Place): Promise<DaemonSet> {
	return JSON.parse((await rollcall("get", "ds/agent", "-n", "kube-system", "-o", "json")).out)
}

describe.each([["beside a running rollcall"], ["where none runs"]])("%s", (where) => {
	const begun = async (): Promise<Place> => {
		const at = place()
		await at.rollcall("run", at.repo.path, "--once")
		if (where === "beside a running rollcall") {
			at.commit(2)
			await at.running()
		}
		return at
	}

	test("rollout pause, resume and restart say what kubectl says, and do it", async () => {
		const at = await begun()
		expect(await at.rollcall("rollout", "resume", "ds/agent")).toEqual({
			code: 1,
			out: "",
			err: 'error: daemonsets.apps "agent" is not paused\n',
		})
		expect(await at.rollcall("rollout", "restart", "ds/agent")).toEqual({
			...OK,
			out: "daemonset.apps/agent restarted\n",
		})
		expect(await at.rollcall("rollout", "pause", "ds/agent", "--reason", "tea")).toEqual({
			...OK,
			out: "daemonset.apps/agent paused\n",
		})
		expect((await at.rollcall("rollout", "pause", "ds/agent")).err).toBe(
			'error: daemonsets.apps "agent" is already paused\n',
		)
		const { metadata, spec } = await daemonSetOf(at)
		expect(metadata.annotations?.["rollcall.dev/paused"]).toMatch(/"reason":"tea"/)
		expect(spec.template.metadata?.annotations?.["kubectl.kubernetes.io/restartedAt"]).toMatch(/Z$/)
		expect(await at.rollcall("rollout", "resume", "ds/agent")).toEqual({ ...OK, out: "daemonset.apps/agent resumed\n" })
		expect(readdirSync(join(at.state, "inbox"))).toEqual([])
	})

	test("cordon, drain, label, annotate and delete say what kubectl says, and are recorded", async () => {
		const at = await begun()
		const says = async (...words: readonly string[]): Promise<string> => {
			const { out, err } = await at.rollcall(...words)
			return err + out
		}
		expect(await says("cordon", "workers-0", "workers-1")).toBe("node/workers-0 cordoned\nnode/workers-1 cordoned\n")
		expect(await says("uncordon", "node/workers-0", "workers-2")).toBe(
			"node/workers-0 uncordoned\nnode/workers-2 already uncordoned\n",
		)
		const pods = "kube-system/agent-\\w{5}"
		expect(await says("drain", "workers-1")).toMatch(
			`error: unable to drain node "workers-1" due to error: cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): kube-system/agent-`,
		)
		expect(await says("drain", "workers-1", "--ignore-daemonsets")).toMatch(
			new RegExp(
				`^Warning: ignoring DaemonSet-managed Pods: ${pods}\nnode/workers-1 already cordoned\nnode/workers-1 drained\n$`,
			),
		)
		expect(await says("label", "node/workers-2", "site=north")).toBe("node/workers-2 labeled\n")
		expect(await says("label", "node/workers-2", "site=south")).toBe(
			"error: 'site' already has a value (north), and --overwrite is false\n",
		)
		expect(await says("annotate", "ds/agent", "-n", "kube-system", "note=by hand")).toBe(
			"daemonset.apps/agent annotated\n",
		)
		expect(await says("delete", "ds/agent", "-n", "kube-system")).toBe(
			'daemonset.apps "agent" deleted from kube-system namespace\n',
		)
		expect(await says("delete", "pod/none")).toBe('Error from server (NotFound): pods "none" not found\n')
		const cordoned = await at.rollcall("history", "--decisions")
		expect(cordoned.out).toMatch(/ Node workers-0 +\w+ +done +spec.unschedulable none → true *\n/)
		const rows = (await at.rollcall("ledger", "export")).out
		expect(rows.match(/"kind":"write"/g)).toHaveLength(6)
		expect(rows).toContain('"response":"healed"')
		const { out } = await at.rollcall("history", "--decisions", "ds/agent")
		expect(
			out
				.replace(/^\S+ +/gm, "")
				.replace(/ +/g, " ")
				.split("\n")
				.slice(1),
		).toEqual([
			expect.stringMatching(/^drift: deleted DaemonSet kube-system\/agent \w+ healed/),
			expect.stringMatching(/^delete DaemonSet kube-system\/agent \w+ done/),
			expect.stringMatching(
				/^update DaemonSet kube-system\/agent \w+ done metadata.annotations.note none → "by hand"$/,
			),
			"",
		])
	})

	test("-o name, json and yaml say what was asked, by whom, and what became of it", async () => {
		const at = await begun()
		expect((await at.rollcall("rollout", "restart", "ds/agent", "-o", "name")).out).toBe("daemonset.apps/agent\n")
		const paused = await at.rollcall("rollout", "pause", "ds/agent", "-o", "json", "--reason", "INC-7")
		expect(JSON.parse(paused.out)).toMatchObject({
			apiVersion: "rollcall.dev/v1",
			kind: "Decision",
			number: expect.any(Number),
			decision: "pause",
			object: { kind: "DaemonSet", name: "agent" },
			who: expect.any(String),
			message: expect.stringContaining("INC-7"),
		})
		const again = await at.rollcall("rollout", "pause", "ds/agent", "-o", "json")
		expect([again.code, again.err]).toEqual([1, 'error: daemonsets.apps "agent" is already paused\n'])
		expect(JSON.parse(again.out).refused).toMatchObject({ message: 'daemonsets.apps "agent" is already paused' })
		expect((await at.rollcall("rollout", "pause", "ds/agent", "-o", "name")).out).toBe("")
		expect((await at.rollcall("suspend", "-o", "yaml")).out).toMatch(/^---\napiVersion: .*\nkind: Decision\n/)
		expect((await at.rollcall("resume", "-o", "name")).out).toBe("source\n")
		const sync = await at.rollcall("sync", "-o", "wide")
		expect([sync.code, sync.out, sync.err]).toEqual([1, "", expect.stringContaining("use -o name, json or yaml")])
	})

	test("suspend and resume hold and release what the branch says", async () => {
		const at = await begun()
		expect(await at.rollcall("suspend")).toEqual({ ...OK, out: "source suspended\n" })
		const status = JSON.parse((await at.rollcall("status", "-o", "json")).out)
		expect(status).toMatchObject({
			kind: "Status",
			drift: "heal",
			paused: [],
			suspended: { since: expect.any(String) },
		})
		expect("running" in status).toBe(where === "beside a running rollcall")
		expect((await at.rollcall("status")).out).toMatch(
			/^Source: +suspended by \w+ since 2026.*Z$(.|\n)*^Drift: +told, and left until: rollcall resume$/m,
		)
		expect((await at.rollcall("suspend")).err).toMatch(/^error: the source is already suspended by \w+ since /)
		expect(await at.rollcall("resume")).toEqual({ ...OK, out: "source resumed\n" })
		expect(await at.rollcall("sync")).toEqual({ ...OK, out: "sync requested\n" })
	})
})

test("a request that a killed rollcall left is acted on by the next command, once", async () => {
	const at = place()
	const run = await at.running()
	run.process.kill("SIGSTOP")
	const pause = at.rollcall("rollout", "pause", "ds/agent", "--timeout", "1s")
	expect(await pause).toMatchObject({
		code: 1,
		err: expect.stringMatching(/^error: timed out waiting for the answer\n/),
	})
	run.process.kill("SIGKILL")
	await run.ended
	expect(readdirSync(join(at.state, "inbox"))).toHaveLength(1)
	expect((await at.rollcall("rollout", "pause", "ds/agent")).err).toBe(
		'error: daemonsets.apps "agent" is already paused\n',
	)
	expect(readdirSync(join(at.state, "inbox"))).toEqual([])
})

test("a running rollcall holds what is committed while it is suspended, and applies it when it is resumed", async () => {
	const at = place()
	const run = await at.running()
	await at.rollcall("suspend")
	const second = at.commit(2).slice(0, 8)
	await run.prints(new RegExp(`held ${second} version 2 — Ada: the source is suspended by \\w+ since`))
	const status = await at.rollcall("rollout", "status", "ds/agent")
	expect([status.code, status.out]).toEqual([1, "Waiting for daemon set spec update to be observed...\n"])
	expect(status.err).toMatch(
		new RegExp(`^error: ${second} version 2 is held: the source is suspended by .*; it goes on with: rollcall resume`),
	)
	expect((await at.rollcall("resume", "-o", "name")).out).toBe("source\n")
	await run.prints(new RegExp(`applied ${second} version 2`))
})

test("every request is acted on once, however often who acts on it is killed", async () => {
	const at = place()
	await at.rollcall("run", at.repo.path, "--once")
	const ids: string[] = []
	for (const [round, delayMs] of [0, 15, 40, 80, 120, 160, 200, 260].entries()) {
		const run = started(["run", at.repo.path, "--state", at.state, "--speed", "max"])
		for (const kind of ["suspend", "resume-source", "sync"]) {
			const id = `${kind}-round-${round}`
			ids.push(id)
			leaveRequest(at.state, id, JSON.stringify({ id, by: "ada", kind }))
		}
		await new Promise((next) => setTimeout(next, delayMs + 100))
		run.process.kill("SIGKILL")
		await run.ended
	}
	await at.rollcall("run", at.repo.path, "--once")
	const rows = (await at.rollcall("ledger", "export")).out
	const answered = [...rows.matchAll(/"request":"([^"]+)"/g)].map(([, id]) => id)
	expect(answered.sort()).toEqual(ids.sort())
	expect(readdirSync(join(at.state, "inbox"))).toEqual([])
	expect((await at.rollcall("ledger", "verify")).code).toBe(0)
})

test("a state directory in which nothing is recorded is told as such", async () => {
	const at = place()
	expect((await at.rollcall("suspend")).err).toMatch(/^error: Cannot ask .*: nothing is recorded there yet\n {2}next: /)
})
