import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { beforeEach, expect, test, vi } from "vitest"
import { openRollbacks } from "../../../src/cli/compose/index.ts"
import type { Rollback, RollbackWriter } from "../../../src/engine/index.ts"
import { daemonSet, nodePool } from "../../builders/objects.ts"
import { type Repository, repository } from "../../builders/repository.ts"
import { rollcallOn } from "../../builders/rollcall.ts"

const AGENT = "apps/DaemonSet/kube-system/agent"
const version = (tag: number) => ({ "agent.yaml": [daemonSet({ image: `registry.example/agent:${tag}` })] })
const BROKEN = {
	"broken.yaml": [
		{
			apiVersion: "simulation.rollcall.dev/v1alpha1",
			kind: "PodBehavior",
			metadata: { name: "broken" },
			spec: { match: { image: "*/agent:1" }, failures: [{ kind: "CrashLoop" }] },
		},
	],
}
const image = (repo: Repository) => /agent:\d/.exec(readFileSync(join(repo.path, "agent.yaml"), "utf8"))?.[0]
const FAILED: Rollback = { id: "rollout-2-a1", daemonSet: AGENT, rollout: 2, reason: "3 of 3 nodes fail" }

beforeEach(() => {
	for (const role of ["AUTHOR", "COMMITTER"]) {
		vi.stubEnv(`GIT_${role}_NAME`, "Grace")
		vi.stubEnv(`GIT_${role}_EMAIL`, "grace@example.org")
	}
	return () => vi.unstubAllEnvs()
})

/** Version 2 is rolled out after version 1; `ask` is given what writes rollbacks of it. */
async function story(first: "healthy" | "stuck" = "healthy") {
	const repo = repository()
	const rollcall = rollcallOn(repo)
	repo.commit("one", { ...version(1), "nodes.yaml": [nodePool("workers", 3)], ...(first === "stuck" ? BROKEN : {}) })
	await rollcall.once()
	const bad = repo.commit("two", version(2))
	await rollcall.once()
	const ask = async <T>(work: (rollbacks: RollbackWriter) => Promise<T>): Promise<T> => {
		const opened = await rollcall.open()
		const rollbacks = await openRollbacks(rollcall.request, opened)
		try {
			return await work(rollbacks)
		} finally {
			await rollbacks.close()
			await opened.close()
		}
	}
	return { repo, bad, rollcall, ask }
}

test("a rollback is written once, however often it is asked for, over restarts too", async () => {
	const { repo, bad, ask } = await story()
	const first = await ask(({ rollBack }) => rollBack(FAILED))
	expect([first.kind, image(repo), repo.git("status", "--porcelain")]).toEqual(["written", "agent:1", ""])
	expect(repo.git("log", "-1", "--format=%an%n%B")).toBe(
		[
			"Grace",
			"kube-system/agent: roll back to revision 1, agent 2 → 1",
			"",
			`Takes back ${bad.slice(0, 8)} ("two") by Ada.`,
			"Rollcall does so by itself: 3 of 3 nodes fail.",
			`In agent.yaml the document is again as it stood at ${repo.git("rev-parse", "--short=8", "HEAD~2")} ("one").`,
			"",
			"DaemonSet: kube-system/agent",
			`Rollback-Of: ${bad}`,
			`Restores: ${repo.git("rev-parse", "HEAD~2")}`,
			"Rollout: 2",
			"Rollcall-Id: rollout-2-a1",
		].join("\n"),
	)
	repo.commit("neighbour", { "other.yaml": "" })
	expect(await ask(({ rollBack }) => rollBack(FAILED))).toEqual(first)
	expect(repo.git("rev-list", "--count", "main")).toBe("4")
})

test("a rollback is overtaken by a newer version, rolled out or not, and by one of another hand", async () => {
	for (const isRolledOut of [true, false]) {
		const { repo, rollcall, ask } = await story()
		repo.commit("three", version(3))
		if (isRolledOut) await rollcall.once()
		expect(await ask(({ rollBack }) => rollBack(FAILED))).toMatchObject({ kind: "overtaken" })
		expect(image(repo)).toBe("agent:3")
	}
})

test("a rollback is refused, with what to do, where the file has uncommitted changes, and passes later", async () => {
	const { repo, ask } = await story()
	const committed = readFileSync(join(repo.path, "agent.yaml"), "utf8")
	writeFileSync(join(repo.path, "agent.yaml"), `${committed}# mine\n`)
	expect(await ask(({ rollBack }) => rollBack(FAILED))).toMatchObject({
		kind: "refused",
		message: expect.stringContaining("agent.yaml: it has uncommitted changes"),
		next: expect.stringContaining("git stash"),
	})
	writeFileSync(join(repo.path, "agent.yaml"), committed)
	expect(await ask(({ rollBack }) => rollBack(FAILED))).toMatchObject({ kind: "written" })
})

test("a rollback is refused where there is nothing healthy to go back to", async () => {
	const { repo, ask } = await story("stuck")
	expect(await ask(({ rollBack }) => rollBack(FAILED))).toMatchObject({
		kind: "refused",
		message: expect.stringContaining("no last revision to roll back to"),
	})
	expect(image(repo)).toBe("agent:2")
})
