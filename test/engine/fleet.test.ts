import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { stringify } from "yaml"
import type { KubeObject } from "../../src/kube/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

function on(fleet: string, state?: string): Rollcall {
	const repo = repository()
	repo.commit("one", { "agent.yaml": [daemonSet()] })
	return rollcallOn(repo, { fleet, ...(state === undefined ? {} : { state }) })
}

function fleetOf(objects: readonly KubeObject[]): string {
	const path = join(temporaryDirectory(), "fleet.yaml")
	writeFileSync(path, objects.map((object) => stringify(object)).join("---\n"))
	return path
}

const decisions = (rollcall: Rollcall): string[] =>
	rowsOf(rollcall.entries, "decision").map(({ decision, rule, message }) => `${decision} ${rule}: ${message}`)

test("a fleet with a bad pool goes on with the others, and says once what it left out and why", async () => {
	const path = fleetOf([nodePool("good", 3), nodePool("bad", -1)])
	const rollcall = on(path)
	await rollcall.once()
	await rollcall.once()
	expect(decisions(rollcall)).toEqual([
		expect.stringMatching(/^fleet left-out: .*fleet\.yaml:\d+: .*spec\.replicas.*-1/),
	])
	expect(rowsOf(rollcall.entries, "rollout-ended").map(({ nodes }) => nodes.available)).toEqual([3])
})

test("a fleet with many problems tells the first twenty and counts the rest", async () => {
	const rollcall = on(fleetOf([nodePool("good", 1), ...Array.from({ length: 25 }, (_, n) => nodePool(`bad-${n}`, -1))]))
	await rollcall.once()
	expect(decisions(rollcall)).toHaveLength(21)
	expect(decisions(rollcall).at(-1)).toBe("fleet left-out: and 5 more like these")
})

test("a fleet that is not there is refused with what to do, and its state directory is free again", async () => {
	const state = temporaryDirectory()
	await expect(on("/nowhere/fleet.yaml", state).once()).rejects.toMatchObject({
		message: expect.stringMatching(/^Cannot read the fleet \/nowhere\/fleet\.yaml: /),
		next: expect.stringContaining("NodePools"),
	})
	const rollcall = on(fleetOf([nodePool("good", 3)]), state)
	await rollcall.once()
	expect(decisions(rollcall)).toEqual([])
})
