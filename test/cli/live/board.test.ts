import { expect, test } from "vitest"
import { LiveBoard } from "../../../src/cli/live/board.ts"
import { daemonSet, nodePool } from "../../builders/objects.ts"
import { repository } from "../../builders/repository.ts"
import { rollcallOn } from "../../builders/rollcall.ts"

const BROKEN = {
	apiVersion: "simulation.rollcall.dev/v1alpha1",
	kind: "PodBehavior",
	metadata: { name: "broken" },
	spec: { match: { image: "*:9" }, failures: [{ kind: "CrashLoop" }] },
}

test("the live view says who keeps a DaemonSet in the words of rollout status, and nothing of one that goes on", async () => {
	const repo = repository()
	const rollcall = rollcallOn(repo)
	const kept = async () => {
		const { engine, state, close } = await rollcall.open()
		const facts = { repository: repo.path, branch: "main", speed: 1 }
		const { daemonSets } = new LiveBoard(facts, state.ledger, engine.recorded).model(engine.recorded)
		await close()
		return daemonSets.map((daemonSet) => daemonSet.kept)
	}
	repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [nodePool("workers", 3)], "broken.yaml": [BROKEN] })
	await rollcall.once()
	expect(await kept()).toEqual([undefined])
	repo.commit("nine", { "agent.yaml": [daemonSet({ image: "registry.example/agent:9" })] })
	await rollcall.once()
	expect(await kept()).toEqual([
		expect.stringMatching(/^failing: workers-\d .*; take it back with rollcall rollout undo/),
	])
})
