import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
	type Census,
	controllerOf,
	type Entry,
	Flag,
	oldSide,
	onSide,
	SidedFlag,
	type TakenCensus,
	takeCensus,
} from "../../../src/cluster/daemonset/index.ts"
import { runningCensus } from "../../../src/cluster/daemonset/running-census.ts"
import type { Cluster, Write } from "../../../src/cluster/index.ts"
import type { DaemonSetRow } from "../../../src/cluster/state/daemon-sets.ts"
import { decodePlain } from "../../../src/cluster/state/plain.ts"
import type { State } from "../../../src/cluster/state/state.ts"
import { textOf } from "../../../src/cluster/state/strings.ts"
import type { DaemonSet, KubeObject, Node, Pod } from "../../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, FLUENTD, nodeKey, pods, remove, send } from "../../builders/cluster.ts"

/** Something from outside; `pick` chooses among what there is. */
type Deed =
	| { readonly deed: "wait"; readonly ms: number }
	| { readonly deed: "template"; readonly image: string }
	| { readonly deed: "spec"; readonly spec: object }
	| { readonly deed: "taint"; readonly pick: number; readonly effect: string | undefined }
	| { readonly deed: "remove-node" | "add-node" | "down" | "up" | "delete-pod" | "release-pod"; readonly pick: number }
	| { readonly deed: "bare-pod"; readonly pick: number; readonly bound: boolean }
	| { readonly deed: "behave"; readonly failure: string | undefined }
	| { readonly deed: "orphan" }

const picks = fc.nat(7)
const strategies = fc.constantFrom<object>(
	{ rollingUpdate: { maxUnavailable: 2, maxSurge: 0 } },
	{ rollingUpdate: { maxUnavailable: 0, maxSurge: 2 } },
	{ type: "OnDelete" },
)
const deeds: fc.Arbitrary<Deed> = fc.oneof(
	{
		weight: 6,
		arbitrary: fc.record({ deed: fc.constant("wait" as const), ms: fc.constantFrom(1, 500, 3000, 60_000) }),
	},
	{
		weight: 3,
		arbitrary: fc.record({ deed: fc.constant("template" as const), image: fc.constantFrom("a:1", "a:2", "a:3") }),
	},
	fc.record({
		deed: fc.constant("spec" as const),
		spec: fc.record({ updateStrategy: strategies, minReadySeconds: fc.constantFrom(0, 2, 40) }),
	}),
	fc.record({
		deed: fc.constant("taint" as const),
		pick: picks,
		effect: fc.constantFrom(undefined, "NoSchedule", "NoExecute"),
	}),
	fc.record({
		deed: fc.constantFrom("remove-node", "add-node", "down", "up", "delete-pod", "release-pod"),
		pick: picks,
	}),
	fc.record({ deed: fc.constant("bare-pod" as const), pick: picks, bound: fc.boolean() }),
	fc.record({ deed: fc.constant("behave" as const), failure: fc.constantFrom(undefined, "CrashLoop", "NeverReady") }),
	fc.record({ deed: fc.constant("orphan" as const) }),
)

describe("the running census", () => {
	test("is at every moment the one taken from scratch", () => {
		fc.assert(
			fc.property(fc.array(deeds, { minLength: 4, maxLength: 24 }), (story) => {
				const running = cluster(5)
				apply(running, behavior({ failures: [{ kind: "CrashLoop", share: 0.2, after: "4s", times: 2 }] }))
				apply(running, daemonSet({ image: "a:1" }))
				for (const [index, deed] of story.entries()) {
					act(running, deed, index)
					expectSame(running)
					for (let moment = 0; moment < 3; moment++) {
						running.advance(running.nextAt() ?? running.now())
						expectSame(running)
					}
				}
			}),
			{ numRuns: 25 },
		)
	})
})

function act(running: Cluster, deed: Deed, index: number): void {
	const daemonSetNow = running.read(FLUENTD)
	const nodes = [...running.list({ group: "", kind: "Node" })]
	const chosen = "pick" in deed ? nodes[deed.pick % Math.max(1, nodes.length)]?.metadata.name : undefined
	switch (deed.deed) {
		case "wait":
			running.advance(running.now() + deed.ms)
			return
		case "template":
			apply(running, daemonSet({ image: deed.image }))
			return
		case "spec":
			if (daemonSetNow === undefined) return
			update(running, { ...daemonSetNow, spec: { ...(daemonSetNow as DaemonSet).spec, ...deed.spec } } as KubeObject)
			return
		case "add-node":
			apply(running, { apiVersion: "v1", kind: "Node", metadata: { name: `extra-${deed.pick}` } })
			return
		case "behave":
			apply(running, behavior(deed.failure === undefined ? {} : { failures: [{ kind: deed.failure, share: 0.5 }] }))
			return
		case "orphan":
			remove(running, FLUENTD, "Orphan")
			return
		case "bare-pod":
			send(running, barePod(`bare-${index}`, chosen ?? "nowhere", deed.bound))
			return
		case "delete-pod":
		case "release-pod":
			actOnPod(running, deed)
			return
		default:
			if (chosen !== undefined) actOnNode(running, deed, chosen)
	}
}

function actOnNode(running: Cluster, deed: Deed, node: string): void {
	if (deed.deed === "remove-node") remove(running, nodeKey(node))
	if (deed.deed === "down") send(running, { verb: "fault", fault: { kind: "node-down", node } })
	if (deed.deed === "up") send(running, { verb: "fault", fault: { kind: "node-up", node } })
	if (deed.deed !== "taint") return
	const live = running.read(nodeKey(node)) as Node
	const taints = deed.effect === undefined ? [] : [{ key: "k", effect: deed.effect }]
	update(running, { ...live, spec: { ...live.spec, taints } } as KubeObject)
}

function actOnPod(running: Cluster, deed: { readonly deed: string; readonly pick: number }): void {
	const all = pods(running)
	const pod = all[deed.pick % Math.max(1, all.length)]
	if (pod === undefined) return
	const key = `/Pod/kube-system/${pod.metadata.name}`
	if (deed.deed === "delete-pod") remove(running, key)
	else update(running, { ...pod, metadata: { ...pod.metadata, labels: { app: "another" } } } as KubeObject)
}

function update(running: Cluster, object: KubeObject): void {
	const { namespace = "", name } = object.metadata
	const group = object.kind === "DaemonSet" ? "apps" : ""
	send(running, { verb: "update", key: `${group}/${object.kind}/${namespace}/${name}`, object })
}

function barePod(name: string, node: string, bound: boolean): Write {
	const terms = [{ matchFields: [{ key: "metadata.name", operator: "In", values: [node] }] }]
	const pin = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } }
	const object = {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, namespace: "kube-system", labels: { app: "fluentd" } },
		spec: { containers: [{ name: "agent", image: "a:1" }], ...(bound ? { nodeName: node } : { affinity: pin }) },
	} as unknown as KubeObject
	return { verb: "create", key: `/Pod/kube-system/${name}`, object }
}

function expectSame(running: Cluster): void {
	const owner = running.read(FLUENTD) as DaemonSet | undefined
	if (owner === undefined) return
	const state = decodePlain(running.save()) as State
	const slot = state.slots.get(FLUENTD) as number
	const row = state.daemonSets[slot] as DaemonSetRow
	// Roles follow a new template with its first sync.
	if (!row.planned) return
	const taken = takeCensus(
		{
			daemonSet: owner,
			nodes: [...running.list({ group: "", kind: "Node" })] as Node[],
			pods: (pods(running) as Pod[]).filter((pod) => controllerOf(pod)?.uid === owner.metadata.uid),
			hash: textOf(state.strings, row.hash),
		},
		running.now(),
	)
	const kept = runningCensus(state, row)
	expect(summary(kept)).toEqual(summary(taken))
	expect(entries(kept)).toEqual(entries(taken))
	expect(kept.settings).toMatchObject({ surge: taken.settings.surge, minReadySeconds: taken.settings.minReadySeconds })
}

const { Create, Excess, Failed, Surged, Mixed, ...COUNTED } = Flag
const ORDERED = { Create, Excess, Failed, Surged, Mixed }
const { Judged, ...LONE } = SidedFlag

/** Counts and names by role, so that it does not matter which side is new. */
function summary(census: Census): object {
	const sides = { old: oldSide(census.settings), new: census.settings.newSide }
	const flags = [
		...Object.entries({ ...COUNTED, ...ORDERED }),
		...Object.entries(sides).flatMap(([role, side]) =>
			Object.entries({ Judged, ...LONE }).map(([flag, bit]) => [`${role} ${flag}`, onSide(bit, side)] as const),
		),
	]
	const ordered = [
		...Object.entries(ORDERED),
		...Object.entries(sides).flatMap(([role, side]) =>
			Object.entries(LONE).map(([flag, bit]) => [`${role} ${flag}`, onSide(bit, side)] as const),
		),
	]
	return {
		counts: Object.fromEntries(flags.map(([flag, bit]) => [flag, census.count(bit)])),
		names: Object.fromEntries(ordered.map(([flag, bit]) => [flag, [...census.inOrder(bit)].map(census.nodeName)])),
	}
}

/** What stands on the nodes that rules ask for one by one, handles and sides aside. */
function entries(census: Census | TakenCensus): object[] {
	const asked = Flag.Create | Flag.Excess | Flag.Failed | Flag.Surged | Flag.Mixed
	return [...census.inOrder(asked)].map((node) => {
		const { pods: facets, ...entry }: Entry = census.entry(node)
		const seen = facets.map(({ assigned, phase, terminating, hashIsCurrent, side, ready, readySince }) => ({
			...{ assigned, phase, terminating, hashIsCurrent, ready },
			updated: side === census.settings.newSide,
			since: ready ? readySince : undefined,
		}))
		return { node: census.nodeName(node), ...entry, pods: seen }
	})
}
