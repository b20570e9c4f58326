import { expect, onTestFinished, test } from "vitest"
import type { Call } from "../../src/api/handlers/handler.ts"
import { perform } from "../../src/api/handlers/write/perform.ts"
import type { Edited, HandWrite, Request } from "../../src/engine/index.ts"
import { configMap, daemonSet, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { rollcallOn } from "../builders/rollcall.ts"

test("a bug in working out an edit fails the one request, and the engine goes on", async () => {
	const repo = repository()
	repo.commit("one", { "agent.yaml": [daemonSet(), nodePool("workers", 1)] })
	const rollcall = rollcallOn(repo)
	await rollcall.once()
	const { engine, close } = await rollcall.open()
	onTestFinished(close)
	const ask = (request: Request) => {
		const answer = engine.ask(request)
		engine.stop()
		return answer
	}
	const call = { parts: { ask } } as unknown as Call
	const key = "/ConfigMap/default/a"
	const performed = (edit: () => Edited) => {
		const write: HandWrite = { verb: "edit", key, as: "create", edit }
		return perform(call, write, { dryRun: false, by: "kubectl" })
	}
	const bug = (): never => {
		throw new RangeError("a bug")
	}
	await expect(performed(bug)).rejects.toThrow("a bug")
	const { verdict } = await performed(() => ({ write: { verb: "create", key, object: configMap("a") } }))
	expect(verdict).toMatchObject({ accepted: true, changed: true })
})
