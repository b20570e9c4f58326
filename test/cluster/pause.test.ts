import { describe, expect, test } from "vitest"
import type { Cluster } from "../../src/cluster/index.ts"
import { type KubeObject, keyOf, PAUSED_ANNOTATION, type Pod } from "../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, pods, pool, remove, send, settle, status } from "../builders/cluster.ts"

const OLD = "fluentd:v1"
const NEW = "fluentd:v2"

/** What `rollcall rollout pause` writes, and takes back. */
const annotated = (value?: string): KubeObject => {
	const annotations = value === undefined ? {} : { [PAUSED_ANNOTATION]: value }
	const metadata = { name: "fluentd", namespace: "kube-system", ...(value === undefined ? {} : { annotations }) }
	return { apiVersion: "apps/v1", kind: "DaemonSet", metadata }
}
const pause = (running: Cluster): void => void apply(running, annotated("{}"))
const resume = (running: Cluster): void => void apply(running, annotated(), annotated("{}"))

/** Twenty nodes with the old version, and the new one applied. */
function rolling(strategy: object, options: Parameters<typeof cluster>[1] = {}): Cluster {
	const running = cluster(20, options)
	apply(running, behavior())
	const spec = { updateStrategy: { rollingUpdate: strategy } }
	const before = daemonSet({ image: OLD, spec })
	apply(running, before)
	settle(running)
	apply(running, daemonSet({ image: NEW, spec }), before)
	return running
}

const count = (running: Cluster, image: string): number =>
	(pods(running) as Pod[]).filter(({ spec }) => spec.containers[0]?.image === image).length
const deleted = (running: Cluster, after: number): number =>
	[...running.facts(after)].filter((fact) => fact.kind === "pod" && fact.step === "terminating").length

describe("[R10] a paused DaemonSet", () => {
	test("begins no further node, finishes those that were begun, and goes on when it is resumed", () => {
		const running = rolling({ maxUnavailable: 3 })
		running.advance(running.now() + 2_000)
		const begun = deleted(running, 0)
		expect(begun).toBeGreaterThan(0)
		pause(running)
		settle(running)
		expect([deleted(running, 0), count(running, NEW), count(running, OLD)]).toEqual([begun, begun, 20 - begun])
		resume(running)
		settle(running)
		expect(status(running)).toMatchObject({ updatedNumberScheduled: 20, numberAvailable: 20 })
	})

	test("replaces pods that are killed and places pods on new nodes, with the newest template", () => {
		const running = rolling({ maxUnavailable: 1 })
		pause(running)
		settle(running)
		expect(count(running, NEW)).toBe(0)
		const [victim] = pods(running)
		if (victim !== undefined) remove(running, keyOf(victim))
		apply(running, pool({ name: "late", replicas: 2 }))
		settle(running)
		expect([count(running, OLD), count(running, NEW)]).toEqual([19, 3])
		expect(status(running)).toMatchObject({ numberAvailable: 22, updatedNumberScheduled: 3 })
	})

	test("stops within a pass that the client limit stretches, and is not held up afterwards [S4] [N16]", () => {
		const running = rolling({ maxUnavailable: "100%" }, { controlPlaneQps: 1, controlPlaneBurst: 8 })
		running.advance(running.now() + 10_000)
		const begun = deleted(running, 0)
		expect(begun).toBeGreaterThan(0)
		expect(begun).toBeLessThan(20)
		pause(running)
		settle(running)
		expect([deleted(running, 0), count(running, OLD)]).toEqual([begun, 20 - begun])
		resume(running)
		const from = running.now()
		settle(running)
		expect(status(running)).toMatchObject({ updatedNumberScheduled: 20, numberAvailable: 20 })
		expect(running.now() - from).toBeLessThan(120_000)
	})

	test("with surge still lets the old pod go where the new one is available, and creates no other", () => {
		const running = rolling({ maxSurge: 4, maxUnavailable: 0 })
		running.advance(running.now() + 1_000)
		const begun = count(running, NEW)
		expect(begun).toBe(4)
		pause(running)
		settle(running)
		expect([count(running, NEW), count(running, OLD)]).toEqual([4, 16])
		resume(running)
		settle(running)
		expect([count(running, NEW), count(running, OLD)]).toEqual([20, 0])
	})

	test("is paused by whatever word stands in the annotation, but for false", () => {
		const running = rolling({ maxUnavailable: 1 })
		const write = (value: string): void => {
			const live = running.read("apps/DaemonSet/kube-system/fluentd") as KubeObject
			const metadata = { ...live.metadata, annotations: { ...live.metadata.annotations, [PAUSED_ANNOTATION]: value } }
			send(running, { verb: "update", key: keyOf(live), object: { ...live, metadata } })
		}
		write("until monday")
		settle(running)
		expect(count(running, NEW)).toBe(0)
		write("false")
		settle(running)
		expect(count(running, NEW)).toBe(20)
	})
})
