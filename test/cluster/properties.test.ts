import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { type Cluster, loadCluster } from "../../src/cluster/index.ts"
import { apply, behavior, cluster, daemonSet, pool, remove, send, settle } from "../builders/cluster.ts"

const IMAGES = ["fluentd:v1", "fluentd:v2", "fluentd:v3"]
const SPAN_MS = 900_000

type Act = { readonly afterMs: number; readonly kind: number; readonly pick: number }
const acts = fc.array(
	fc.record({ afterMs: fc.integer({ min: 0, max: 90_000 }), kind: fc.integer({ min: 0, max: 6 }), pick: fc.nat(99) }),
	{ minLength: 1, maxLength: 6 },
)

function act(on: Cluster, { kind, pick }: Act): void {
	if (kind === 0) apply(on, daemonSet({ image: IMAGES[pick % 3] as string, spec: { updateStrategy: strategy(pick) } }))
	else if (kind === 1) apply(on, pool({ replicas: 3 + (pick % 9) }))
	else if (kind === 2) send(on, { verb: "fault", fault: { kind: "node-down", node: `pool-${pick % 8}` } })
	else if (kind === 3) send(on, { verb: "fault", fault: { kind: "node-up", node: `pool-${pick % 8}` } })
	else if (kind === 4)
		apply(on, behavior({ failures: [{ kind: pick % 2 ? "CrashLoop" : "ImagePull", share: "30%" }] }, "bad"))
	else if (kind === 5) remove(on, "apps/DaemonSet/kube-system/fluentd", pick % 2 ? "Background" : "Foreground")
	else apply(on, pool({ replicas: 8, template: { metadata: { labels: { pick: String(pick % 2) } } } }))
}

function strategy(pick: number): object {
	if (pick % 3 === 0) return { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 + (pick % 2) } }
	return pick % 3 === 1 ? { rollingUpdate: { maxUnavailable: "50%" } } : { type: "OnDelete" }
}

/** Plays the acts; between them `move` brings the cluster from one instant to the next. */
function play(story: readonly Act[], qps: number, move: (on: Cluster, to: number) => Cluster): string {
	let running = cluster(8, { controlPlaneQps: qps })
	apply(running, behavior())
	apply(running, daemonSet())
	for (const each of story) {
		running = move(running, running.now() + each.afterMs)
		act(running, each)
	}
	running = move(running, running.now() + SPAN_MS)
	return `${running.digest()} ${running.sequence()} ${Buffer.from(running.save()).toString("base64")}`
}

const whole = (on: Cluster, to: number) => {
	on.advance(to)
	return on
}

describe("the cluster", () => {
	it("comes to the same in any slices, and with a save and a load in between", () => {
		fc.assert(
			fc.property(acts, fc.constantFrom(0, 20), fc.integer({ min: 700, max: 40_000 }), (story, qps, sliceMs) => {
				const expected = play(story, qps, whole)
				const sliced = play(story, qps, (on, to) => {
					for (let at = on.now() + sliceMs; at < to; at += sliceMs) on.advance(at, 5)
					while (on.now() < to) on.advance(to, 7)
					return whole(on, to)
				})
				const reloaded = play(story, qps, (on, to) => {
					on.advance(on.now() + Math.floor((to - on.now()) / 3))
					const loaded = loadCluster(on.save())
					loaded.advance(to)
					return loaded
				})
				expect(sliced).toBe(expected)
				expect(reloaded).toBe(expected)
			}),
			{ numRuns: 30, seed: 7 },
		)
	}, 120_000)

	it("forks into a copy that shares nothing", () => {
		const running = cluster(10)
		apply(running, behavior())
		apply(running, daemonSet())
		running.advance(running.now() + 2_500)
		const before = Buffer.from(running.save())
		const copy = running.fork()
		apply(copy, daemonSet({ image: "fluentd:v2" }))
		settle(copy)
		expect(Buffer.from(running.save()).equals(before)).toBe(true)
		const again = running.fork()
		settle(running)
		settle(again)
		expect(again.digest()).toBe(running.digest())
	})
})
