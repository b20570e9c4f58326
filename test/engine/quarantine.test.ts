import { describe, expect, test } from "vitest"
import { openLedger } from "../../src/cli/compose/index.ts"
import { waitingBy } from "../../src/engine/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { configMap, daemonSet, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { rollcallOn, rowsOf } from "../builders/rollcall.ts"

const KEY = "apps/DaemonSet/kube-system/agent"
const agent = (tag: number) => ({ "agent.yaml": [daemonSet({ image: `registry.example/agent:${tag}` })] })
const undo = (...away: readonly string[]) =>
	`roll back\n\nDaemonSet: kube-system/agent\n${away.map((id) => `Rollback-Of: ${id}\n`).join("")}Restores: x`
const RELEASE = "let it in\n\nRelease: kube-system/agent"

type Rollcall = ReturnType<typeof rollcallOn>

function look(rollcall: Rollcall) {
	const ledger = openLedger(rollcall.state)
	try {
		const live = ledger.recorded()?.cluster.read(KEY) as DaemonSet | undefined
		const image = live?.spec.template.spec.containers[0]?.image?.split(":")[1]
		return { image, waits: [...waitingBy(ledger.state.rest()).keys()] }
	} finally {
		ledger.close()
	}
}
const verdict = (rollcall: Rollcall) => rowsOf(rollcall.entries, "commit").at(-1)?.verdict
const decisions = (rollcall: Rollcall) =>
	rowsOf(rollcall.entries, "decision").map(({ decision, rule, object }) => `${decision} ${rule} ${object}`)

/** Version 2 was rolled away from. */
function rolledBack(): { readonly repo: Repository; readonly bad: string } {
	const repo = repository()
	repo.commit("one", { ...agent(1), "nodes.yaml": [nodePool("workers", 3)] })
	const bad = repo.commit("two", agent(2))
	repo.commit(undo(bad), agent(1))
	return { repo, bad }
}

describe("a template that was rolled away from", () => {
	test("is held when a later commit brings it again, and its neighbours go on", async () => {
		const { repo } = rolledBack()
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("two again", { ...agent(2), "config.yaml": [configMap("fresh")] })
		await rollcall.once()
		expect([look(rollcall), verdict(rollcall)]).toEqual([{ image: "1", waits: [KEY] }, "applied"])
		expect(
			rowsOf(rollcall.entries, "commit")
				.at(-1)
				?.changes.map(({ key }) => key),
		).toEqual(["/ConfigMap/default/fresh"])
		expect(decisions(rollcall)).toEqual([`hold quarantine ${KEY}`])
		expect(rowsOf(rollcall.entries, "decision")[0]?.message).toMatch(
			/^kube-system\/agent waits: .* rollcall rollout release ds\/agent -n kube-system lets it in$/,
		)
	})

	test("waits through other commits and restarts, is told once, and comes in with a release", async () => {
		const { repo } = rolledBack()
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("two again", agent(2))
		await rollcall.once()
		repo.commit("neighbour", { "config.yaml": [configMap("fresh")] })
		await rollcall.once()
		await rollcall.once()
		expect([look(rollcall).image, decisions(rollcall).length]).toEqual(["1", 1])
		repo.commit(RELEASE, {})
		await rollcall.once()
		expect([look(rollcall), verdict(rollcall)]).toEqual([{ image: "2", waits: [] }, "applied"])
		expect(decisions(rollcall).at(-1)).toBe(`allow quarantine ${KEY}`)
		expect(rowsOf(rollcall.entries, "decision").at(-1)?.who).toBe("Ada")
	})

	test("does not keep another template, or the deletion, from coming", async () => {
		const { repo } = rolledBack()
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("two again", agent(2))
		await rollcall.once()
		repo.commit("three", agent(3))
		await rollcall.once()
		expect(look(rollcall)).toEqual({ image: "3", waits: [] })
		repo.commit("gone", { "agent.yaml": null, "config.yaml": [configMap("fresh")] })
		await rollcallOn(repo, { state: rollcall.state, allowedBy: "test" }).once()
		expect(look(rollcall)).toEqual({ image: undefined, waits: [] })
	})

	test("is the same whatever stands beside the template, or is a default", async () => {
		const { repo } = rolledBack()
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		const again = daemonSet({ image: "registry.example/agent:2" })
		const spec = { ...again.spec, template: { ...again.spec.template } }
		spec.template.spec = { ...spec.template.spec, restartPolicy: "Always" }
		repo.commit("two again", { "agent.yaml": [{ ...again, spec: { ...spec, minReadySeconds: 5 } }] })
		await rollcall.once()
		expect(look(rollcall)).toEqual({ image: "1", waits: [KEY] })
	})

	test("is held for a rebuild and a replay alike, and what ran before stands in for it", async () => {
		const { repo } = rolledBack()
		repo.commit("three", agent(3))
		repo.commit("two again", agent(2))
		repo.commit("neighbour", { "config.yaml": [configMap("fresh")] })
		const rebuilt = rollcallOn(repo)
		await rebuilt.once()
		const replayed = rollcallOn(repo, { allowedBy: "replay" })
		await replayed.replay()
		for (const rollcall of [rebuilt, replayed]) expect(look(rollcall)).toEqual({ image: "3", waits: [KEY] })
		repo.commit(RELEASE, {})
		for (const rollcall of [rebuilt, replayed]) {
			await rollcall.once()
			expect(look(rollcall)).toEqual({ image: "2", waits: [] })
		}
	})

	test("is known after the history was rewritten, and of a commit that is gone nothing is held", async () => {
		const { repo } = rolledBack()
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.git("reset", "--quiet", "--hard", "HEAD~2")
		const bad = repo.commit("two, as it is now", agent(2))
		repo.commit(undo(bad, "0123456789".repeat(4)), agent(1))
		repo.commit("two again", agent(2))
		await rollcall.once()
		expect(look(rollcall)).toEqual({ image: "1", waits: [KEY] })
	})

	test("may have been brought, and rolled away from, in a merge", async () => {
		const repo = repository()
		repo.commit("one", { ...agent(1), "nodes.yaml": [nodePool("workers", 3)] })
		repo.git("checkout", "--quiet", "-b", "side")
		const bad = repo.commit("two", agent(2))
		repo.git("checkout", "--quiet", "main")
		repo.git("merge", "--quiet", "--no-ff", "side", "-m", "merge two")
		repo.git("checkout", "--quiet", "-b", "back")
		repo.commit(undo(bad), agent(1))
		repo.git("checkout", "--quiet", "main")
		repo.git("merge", "--quiet", "--no-ff", "back", "-m", "merge the rollback")
		repo.commit("two again", agent(2))
		const rollcall = rollcallOn(repo)
		await rollcall.replay({ settle: true })
		expect(look(rollcall)).toEqual({ image: "1", waits: [KEY] })
	})
})
