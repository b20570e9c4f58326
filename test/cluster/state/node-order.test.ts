import { describe, expect, it } from "vitest"
import { byCodeUnit } from "../../../src/base/index.ts"
import type { KubeObject } from "../../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, FLUENTD, settle, status } from "../../builders/cluster.ts"

const node = (name: string) => ({ apiVersion: "v1", kind: "Node", metadata: { name } }) as KubeObject

describe("the order of nodes", () => {
	it.each([
		["in front of all", (index: number) => `a-${index}`],
		["between two", (index: number) => `pool-1-${index}`],
		["behind all", (index: number) => `z-${index}`],
	])("holds however many join in one place: %s", (_, nameOf) => {
		const running = cluster(120)
		apply(running, behavior())
		apply(running, daemonSet())
		settle(running)
		const before = running.sequence()
		for (let index = 0; index < 90; index++) apply(running, node(nameOf(index)))
		const names = [...running.list({ group: "", kind: "Node" })].map(({ metadata }) => metadata.name)
		expect(names).toHaveLength(210)
		expect(names).toEqual([...names].sort(byCodeUnit))
		settle(running)
		expect(status(running, FLUENTD)).toMatchObject({ desiredNumberScheduled: 210, numberAvailable: 210 })
		const made = [...running.facts(before)].flatMap((fact) =>
			fact.kind === "pod" && fact.step === "created" ? [fact.node] : [],
		)
		// One pass makes them all, by name.
		expect(made).toEqual([...made].sort(byCodeUnit))
	})
})
