import { expect, test } from "vitest"
import { createCluster, type Write } from "../../src/cluster/index.ts"
import { createHistory, decodeSteps, fold, type LedgerEntry, noteInput, settle } from "../../src/history/index.ts"
import { type KubeObject, keyOf } from "../../src/kube/index.ts"
import { START } from "../builders/ledger.ts"

const SIMULATION = "simulation.rollcall.dev/v1alpha1"
const NAMESPACE: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "default" } }
const CRASHES: KubeObject = {
	apiVersion: SIMULATION,
	kind: "PodBehavior",
	metadata: { name: "crashes" },
	spec: { match: { image: "*bad*" }, failures: [{ kind: "CrashLoop", after: "0s" }] },
}

function pool(replicas: number): KubeObject {
	return { apiVersion: SIMULATION, kind: "NodePool", metadata: { name: "a" }, spec: { replicas } }
}

function agent(image: string): KubeObject {
	const labels = { app: "agent" }
	return {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "agent", namespace: "default" },
		spec: {
			selector: { matchLabels: labels },
			updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 2 } },
			template: { metadata: { labels }, spec: { containers: [{ name: "agent", image }] } },
		},
	}
}

/** What the history of a real cluster says; each commit is settled before the next. */
function historyOf(commits: readonly (readonly Write[])[]): { entries: LedgerEntry[]; nodes: Map<string, string[]> } {
	const cluster = createCluster({ seed: "history", start: START })
	const history = createHistory()
	const entries: LedgerEntry[] = []
	const nodes = new Map<string, string[]>()
	const facts = cluster.readFacts(0)
	const collect = ({ entries: told, steps }: ReturnType<typeof fold>) => {
		entries.push(...told)
		for (const [hash, block] of steps)
			nodes.set(
				hash,
				[...decodeSteps(block)].map(({ node }) => node),
			)
	}
	commits.forEach((writes, index) => {
		const source = { kind: "commit", commit: `c${index + 1}` } as const
		noteInput(
			history,
			source,
			writes.flatMap((write) => (write.verb === "fault" ? [] : [write.key])),
		)
		expect(cluster.input({ source, writes }).filter(({ accepted }) => !accepted)).toEqual([])
		for (;;) {
			collect(fold(history, facts, cluster))
			const next = cluster.nextAt()
			if (cluster.settled() || next === undefined) break
			cluster.advance(next)
		}
		collect(settle(history, cluster.now()))
	})
	return { entries, nodes }
}

function apply(object: KubeObject): Write {
	return { verb: "apply", key: keyOf(object), manager: "rollcall", object }
}

test("a cluster's life reads as rollouts: created, updated, stuck on a bad image, mended, grown, deleted", () => {
	const { entries, nodes } = historyOf([
		[NAMESPACE, pool(10), CRASHES, agent("agent:1")].map(apply),
		[apply(agent("agent:2"))],
		[apply(agent("agent:bad"))],
		[apply(agent("agent:2"))],
		[apply(pool(12))],
		[{ verb: "delete", key: keyOf(agent("")) }],
	])
	const told = entries.flatMap((entry) => {
		if (entry.kind === "rollout-started") return [`${entry.rollout} by ${JSON.stringify(entry.trigger)}`]
		if (entry.kind === "rollout-tail") return [`${entry.rollout} on ${nodes.get(entry.steps.hash)?.join(" ")}`]
		if (entry.kind !== "rollout-ended") return []
		const causes = entry.causes.map(({ cause, nodes: count }) => `, ${cause} ${count}`).join("")
		return [
			`${entry.rollout} ${entry.verdict}: ${entry.nodes.mostUnavailable} down, ${entry.steps.nodes} told${causes}`,
		]
	})
	const by = (commit: string) => `by {"kind":"commit","commit":"${commit}"}`
	expect(told).toEqual([
		`1 ${by("c1")}`,
		"1 complete: 10 down, 10 told",
		`2 ${by("c2")}`,
		"2 complete: 2 down, 10 told",
		`3 ${by("c3")}`,
		"3 stuck: 2 down, 2 told, crash-loop 2",
		"3 superseded: 2 down, 2 told, crash-loop 2",
		`4 ${by("c4")}`,
		"4 complete: 2 down, 2 told",
		"4 on a-10 a-11",
	])
})
