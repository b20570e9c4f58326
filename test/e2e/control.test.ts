import { readdirSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import type { DaemonSet } from "../../src/kube/index.ts"
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

	test("suspend and resume hold and release what the branch says", async () => {
		const at = await begun()
		expect(await at.rollcall("suspend")).toEqual({ ...OK, out: "source suspended\n" })
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

test("a state directory in which nothing is recorded is told as such", async () => {
	const at = place()
	expect((await at.rollcall("suspend")).err).toMatch(/^error: Cannot ask .*: nothing is recorded there yet\n {2}next: /)
})
