import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { Flag, onSide, SidedFlag, takeCensus } from "../../src/cluster/daemonset/index.ts"
import type { Cluster } from "../../src/cluster/index.ts"
import type { DaemonSet, Node, Pod } from "../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, FLUENTD, pool, send, settle, status } from "../builders/cluster.ts"

/** The status numbers that the rules give for the objects as they can be read, taken from scratch. */
function fromScratch(on: Cluster) {
	const object = on.read(FLUENTD) as DaemonSet
	const nodes = [...on.list({ group: "", kind: "Node" })] as Node[]
	const pods = ([...on.list({ group: "", kind: "Pod", namespace: "kube-system" })] as Pod[]).filter(
		({ metadata }) => metadata.ownerReferences?.[0]?.uid === object.metadata.uid,
	)
	const revisions = [...on.list({ group: "apps", kind: "ControllerRevision" })]
	const current = revisions.reduce((best, each) => (Number(each["revision"]) > Number(best["revision"]) ? each : best))
	const hash = current.metadata.labels?.["controller-revision-hash"] ?? ""
	const census = takeCensus({ daemonSet: object, nodes, pods, hash }, on.now())
	return {
		currentNumberScheduled: census.count(Flag.Current),
		numberMisscheduled: census.count(Flag.Misscheduled),
		desiredNumberScheduled: census.count(Flag.Desired),
		numberReady: census.count(Flag.Ready),
		numberAvailable: census.count(Flag.Available),
		updatedNumberScheduled: census.count(onSide(SidedFlag.Judged, census.settings.newSide)),
	}
}

const steps = fc.array(fc.record({ kind: fc.nat(4), pick: fc.nat(99), afterMs: fc.nat(30_000) }), { maxLength: 6 })

describe("the running census", () => {
	it("[S1] ends every story with the status that a census from scratch gives", () => {
		fc.assert(
			fc.property(steps, (story) => {
				const on = cluster(9)
				apply(on, behavior())
				apply(on, daemonSet())
				for (const { kind, pick, afterMs } of story) {
					on.advance(on.now() + afterMs)
					if (kind === 0) apply(on, daemonSet({ image: `fluentd:v${pick % 3}`, spec: { minReadySeconds: pick % 7 } }))
					else if (kind === 1) apply(on, pool({ replicas: 4 + (pick % 9) }))
					else if (kind === 2) send(on, { verb: "fault", fault: { kind: "node-down", node: `pool-${pick % 9}` } })
					else if (kind === 3) apply(on, daemonSet({ pod: { nodeSelector: { tier: String(pick % 2) } } }))
					else apply(on, pool({ replicas: 9, template: { metadata: { labels: { tier: String(pick % 2) } } } }))
				}
				settle(on)
				// N5, N6: what nobody is told of stays as it was until something else happens.
				apply(on, daemonSet({ spec: { revisionHistoryLimit: 7 } }))
				settle(on)
				expect(status(on)).toMatchObject(fromScratch(on))
			}),
			{ numRuns: 40, seed: 11 },
		)
	}, 120_000)
})
