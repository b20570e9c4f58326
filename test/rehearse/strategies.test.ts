import { describe, expect, test } from "vitest"
import type { Input } from "../../src/cluster/index.ts"
import { type DaemonSet, keyOf } from "../../src/kube/index.ts"
import { parseStrategy, type Strategy, withStrategy } from "../../src/rehearse/index.ts"
import { daemonSet, pool } from "../builders/cluster.ts"

const apply = (object: ReturnType<typeof daemonSet>) =>
	({ verb: "apply", key: keyOf(object), manager: "rollcall", object }) as const

describe("a strategy to compare", () => {
	test.each([
		["maxUnavailable=1", { field: "maxUnavailable", value: 1 }],
		["maxUnavailable=10%", { field: "maxUnavailable", value: "10%" }],
		["maxSurge=5%", { field: "maxSurge", value: "5%" }],
	])("%s is read", (text, strategy) => expect(parseStrategy(text)).toEqual({ text, ...strategy }))

	test.each(["maxSurge", "maxsurge=1", "maxUnavailable=-1", "maxUnavailable=0%", "maxSurge=0"])(
		"%s is refused",
		(text) => expect(parseStrategy(text)).toHaveProperty("problem"),
	)

	test("replaces the one of each DaemonSet, and touches nothing else", () => {
		const fleet = apply(pool({ replicas: 1 }))
		const input: Input = { source: { kind: "commit", commit: "c" }, writes: [apply(daemonSet()), fleet] }
		const [changed] = withStrategy([input], parseStrategy("maxSurge=2") as Strategy)
		const [write, other] = changed?.writes ?? []
		expect(other).toBe(fleet)
		expect((write as { readonly object?: DaemonSet } | undefined)?.object?.spec.updateStrategy).toEqual({
			type: "RollingUpdate",
			rollingUpdate: { maxUnavailable: 0, maxSurge: 2 },
		})
	})
})
