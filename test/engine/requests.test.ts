import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { type OpenedEngine, openLedger } from "../../src/cli/compose/index.ts"
import type { Answer, Order, Request } from "../../src/engine/index.ts"
import { type DaemonSet, pauseOf } from "../../src/kube/index.ts"
import { leaveRequest } from "../../src/store/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"

const AGENT = "apps/DaemonSet/kube-system/agent"
const forEver = new AbortController().signal
let count = 0
const asks = (order: Order, over: Partial<Request> = {}): Request =>
	({ id: `request-${++count}`, by: "ada", ...order, ...over }) as Request

const image = (version: number): object => ({ image: `registry.example/agent:${version}` })

async function running(repo: Repository = repository()): Promise<{ repo: Repository; rollcall: Rollcall }> {
	repo.commit("one", { "agent.yaml": [daemonSet(image(1))], "nodes.yaml": [nodePool("workers", 12)] })
	const rollcall = rollcallOn(repo)
	await rollcall.once()
	return { repo, rollcall }
}

/** Opens it, does something, and closes it; what was asked is answered in between. */
async function during<T>(rollcall: Rollcall, work: (opened: OpenedEngine) => Promise<T>): Promise<T> {
	const opened = await rollcall.open()
	try {
		return await work(opened)
	} finally {
		opened.engine.stop()
		await opened.close()
	}
}

const ask = (rollcall: Rollcall, request: Request): Promise<Answer> =>
	during(rollcall, async ({ engine }) => {
		const answer = engine.ask(request)
		engine.stop()
		return answer
	})

function live(rollcall: Rollcall): DaemonSet {
	const ledger = openLedger(rollcall.state)
	try {
		return ledger.recorded()?.cluster.read(AGENT) as DaemonSet
	} finally {
		ledger.close()
	}
}

const decisions = (rollcall: Rollcall): string[] =>
	rowsOf(rollcall.entries, "decision").map(({ message, refused }) =>
		refused ? `${message} ✗ ${refused.message}` : message,
	)
const started = (rollcall: Rollcall): unknown[] =>
	rowsOf(rollcall.entries, "rollout-started").map(({ trigger, to }) => [trigger, to.images])

describe("a paused rollout", () => {
	test("applies a new commit but rolls no node, over a restart, until it is resumed", async () => {
		const { repo, rollcall } = await running()
		expect(await ask(rollcall, asks({ kind: "pause", daemonSet: AGENT }, { reason: "waits for INC-7" }))).toMatchObject(
			{
				message: "pause of kube-system/agent by ada: waits for INC-7",
			},
		)
		repo.commit("two", { "agent.yaml": [daemonSet(image(2))] })
		await rollcall.once()
		expect(rowsOf(rollcall.entries, "commit").map(({ verdict }) => verdict)).toEqual(["applied", "applied"])
		expect(live(rollcall).status).toMatchObject({ observedGeneration: 2, numberAvailable: 12 })
		expect(live(rollcall).status?.updatedNumberScheduled).toBeUndefined()
		expect(pauseOf(live(rollcall))).toMatchObject({ by: "ada", reason: "waits for INC-7" })
		// Nobody calls it stuck: it waits for who paused it.
		expect(rowsOf(rollcall.entries, "rollout-ended").map(({ verdict }) => verdict)).toEqual(["complete"])
		await ask(rollcall, asks({ kind: "resume", daemonSet: AGENT }))
		await rollcall.once()
		expect(live(rollcall).status).toMatchObject({ updatedNumberScheduled: 12, numberAvailable: 12 })
		expect(pauseOf(live(rollcall))).toBeUndefined()
		const rollouts = started(rollcall)
		expect(rollouts).toHaveLength(2)
		expect(rollouts[1]).toMatchObject([{ kind: "commit" }, ["registry.example/agent:2"]])
	})

	test.each<{ readonly given: readonly Order["kind"][]; readonly want: string }>([
		{ given: ["pause", "pause"], want: 'daemonsets.apps "agent" is already paused' },
		{ given: ["resume"], want: 'daemonsets.apps "agent" is not paused' },
		{
			given: ["pause", "restart"],
			want: `daemonsets.apps "agent" can't restart paused daemonset (run rollout resume first)`,
		},
		{
			given: ["restart", "restart"],
			want: "if restart has already been triggered within the past second, please wait before attempting to trigger another",
		},
	])("is told in kubectl's words: $want", async ({ given, want }) => {
		const { rollcall } = await running()
		let answer: Answer | undefined
		for (const kind of given) answer = await ask(rollcall, asks({ kind, daemonSet: AGENT } as Order))
		expect(answer?.refusal?.message).toBe(want)
		expect(decisions(rollcall).at(-1)).toMatch(`✗ ${want}`)
	})

	test("of a DaemonSet that is not there is refused", async () => {
		const { rollcall } = await running()
		const answer = await ask(rollcall, asks({ kind: "pause", daemonSet: "apps/DaemonSet/default/none" }))
		expect(answer.refusal).toMatchObject({ reason: "NotFound", message: 'daemonsets.apps "none" not found' })
	})
})

test("a restart is a rollout of its own, and no commit takes it back", async () => {
	const { repo, rollcall } = await running()
	await ask(rollcall, asks({ kind: "restart", daemonSet: AGENT }))
	await rollcall.once()
	repo.commit("labels", { "agent.yaml": [daemonSet({ ...image(1), annotations: { team: "logs" } })] })
	await rollcall.once()
	expect(started(rollcall)).toEqual([
		[{ kind: "commit", commit: expect.any(String) }, ["registry.example/agent:1"]],
		[{ kind: "client", client: "ada" }, ["registry.example/agent:1"]],
	])
	expect(rowsOf(rollcall.entries, "rollout-ended").map(({ verdict }) => verdict)).toEqual(["complete", "complete"])
})

describe("a suspended source", () => {
	test("sees and records commits, and applies none until it is resumed", async () => {
		const { repo, rollcall } = await running()
		await ask(rollcall, asks({ kind: "suspend" }, { reason: "freeze" }))
		repo.commit("two\n\nAllow-Disruption: yes", { "agent.yaml": [daemonSet(image(2))] })
		await rollcall.once()
		repo.commit("three", { "agent.yaml": [daemonSet(image(3))] })
		await rollcall.once()
		await rollcall.once()
		const verdicts = (): string[] =>
			rowsOf(rollcall.entries, "commit").map(({ commit, verdict }) => `${commit.subject}: ${verdict}`)
		expect(verdicts()).toEqual(["one: applied", "two: held", "three: held"])
		expect(rowsOf(rollcall.entries, "commit").at(-1)?.reason).toMatch(
			/^the source is suspended by ada since .*Z: freeze$/,
		)
		await ask(rollcall, asks({ kind: "resume-source" }))
		await rollcall.once()
		await rollcall.once()
		expect(verdicts().slice(3)).toEqual(["three: applied"])
		expect(live(rollcall).spec.template.spec.containers[0]?.image).toBe("registry.example/agent:3")
	})

	test("says who suspended it to whoever suspends, syncs or resumes it once too often", async () => {
		const { rollcall } = await running()
		expect((await ask(rollcall, asks({ kind: "resume-source" }))).refusal?.message).toBe("the source is not suspended")
		await ask(rollcall, asks({ kind: "suspend" }))
		expect((await ask(rollcall, asks({ kind: "suspend" }))).refusal?.message).toMatch(
			/^the source is already suspended by ada/,
		)
		expect((await ask(rollcall, asks({ kind: "sync" }))).refusal?.message).toMatch(/run rollcall resume first/)
	})
})

test("a sync compares everything anew, at the next look though it was killed before", async () => {
	const { rollcall } = await running()
	await ask(rollcall, asks({ kind: "sync" }))
	await rollcall.once()
	await rollcall.once()
	expect(rowsOf(rollcall.entries, "commit").map(({ verdict }) => verdict)).toEqual(["applied", "unchanged"])
})

describe("the inbox", () => {
	test("wakes a running engine, which answers in the ledger and takes the file away", async () => {
		const { rollcall } = await running()
		const over = new AbortController()
		const opened = await rollcall.open()
		const following = opened.engine.follow(over.signal)
		const request = asks({ kind: "pause", daemonSet: AGENT })
		leaveRequest(rollcall.state, request.id, JSON.stringify(request))
		while (opened.state.ledger.answer(request.id) === undefined) await new Promise((next) => setTimeout(next, 5))
		over.abort()
		await following
		await opened.close()
		expect(readdirSync(join(rollcall.state, "inbox"))).toEqual([])
		expect(pauseOf(live(rollcall))).toBeDefined()
	})

	test("is acted on once, though it was killed between the answer and the removal", async () => {
		const { rollcall } = await running()
		const request = asks({ kind: "restart", daemonSet: AGENT })
		for (const _ of [1, 2, 3]) {
			leaveRequest(rollcall.state, request.id, JSON.stringify(request))
			await rollcall.once()
		}
		expect(started(rollcall)).toHaveLength(2)
		expect(readdirSync(join(rollcall.state, "inbox"))).toEqual([])
	})

	test("puts aside what is no request, says so once, and goes on", async () => {
		const { rollcall } = await running()
		const inbox = join(rollcall.state, "inbox")
		mkdirSync(inbox, { recursive: true })
		writeFileSync(join(inbox, "a.json"), "{")
		writeFileSync(join(inbox, "b.json"), JSON.stringify({ id: "request-b", by: "ada", kind: "sync" }))
		writeFileSync(join(inbox, "c.json"), JSON.stringify({ id: "c", by: "ada", kind: "explode" }))
		writeFileSync(join(inbox, "d.json"), " ".repeat((1 << 20) + 1))
		mkdirSync(join(inbox, "e.json"))
		symlinkSync("/etc/hostname", join(inbox, "f.json"))
		const request = asks({ kind: "pause", daemonSet: AGENT })
		leaveRequest(rollcall.state, request.id, JSON.stringify(request))
		await rollcall.once()
		await rollcall.once()
		expect(readdirSync(inbox)).toEqual(["refused"])
		expect(readdirSync(join(inbox, "refused"))).toEqual(["a.json", "b.json", "c.json", "d.json", "e.json", "f.json"])
		const refused = rowsOf(rollcall.entries, "decision").flatMap(({ rule, refused }) =>
			rule === "unreadable" ? [refused?.message] : [],
		)
		expect(refused).toEqual([
			"it is not JSON",
			"its id is request-b",
			"it has no id of 8 to 64 letters, digits and dashes",
			"it is larger than 1048576 bytes",
			"it is no plain file",
			"ELOOP",
		])
		expect(pauseOf(live(rollcall))).toBeDefined()
	})
})

test("one id asked twice at once is one request", async () => {
	const { rollcall } = await running()
	const request = asks({ kind: "restart", daemonSet: AGENT })
	const answers = await during(rollcall, async ({ engine }) => {
		const both = [engine.ask(request), engine.ask(request)]
		await engine.settle(forEver)
		return Promise.all(both)
	})
	expect(answers[0]).toEqual(answers[1])
	expect(rowsOf(rollcall.entries, "decision")).toHaveLength(1)
})
