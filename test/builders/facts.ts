import type { Fact, FactReader, NodeNumbers, PodFact } from "../../src/cluster/index.ts"
import type { Live } from "../../src/history/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { daemonSetKey, START } from "./ledger.ts"

type Kind<K extends Fact["kind"]> = Extract<Fact, { kind: K }>

/** Facts of one DaemonSet, numbered as they are made; `second` counts from START. */
export function factsOf(name = "agent", uid = "uid-1") {
	const daemonSet = daemonSetKey(name)
	let sequence = 0
	const place = (second: number) => ({ at: START + second * 1000, sequence: ++sequence })
	return {
		revision: (second: number, revision: number, hash: string): Kind<"revision"> => ({
			kind: "revision",
			...place(second),
			daemonSet,
			uid,
			revision,
			hash,
			name: `${name}-${hash}`,
			returned: false,
		}),
		status: (second: number, desired: number, updated: number, available: number): Kind<"status"> => ({
			kind: "status",
			...place(second),
			daemonSet,
			uid,
			observedGeneration: 1,
			desired,
			updated,
			available,
			ready: available,
			misscheduled: 0,
		}),
		pod: (second: number, step: PodFact["step"], node: string, hash: string, reason?: string): PodFact => ({
			kind: "pod",
			...place(second),
			step,
			namespace: "kube-system",
			pod: `${name}-${hash}${node}`,
			uid: `${node}-${hash}`,
			node,
			daemonSet,
			daemonSetUid: uid,
			hash,
			...(reason !== undefined && { reason }),
		}),
		node: (second: number, step: Kind<"node">["step"], node: string): Kind<"node"> => ({
			kind: "node",
			...place(second),
			step,
			node,
		}),
		deleted: (second: number): Kind<"object"> => ({
			kind: "object",
			...place(second),
			step: "deleted",
			key: daemonSet,
			spec: true,
		}),
	}
}

/** A cluster in which every DaemonSet looks like this. */
export function liveDaemonSet(over: { image?: string; strategy?: string; changeCause?: string } = {}): Live {
	const { image = "agent:1", strategy = "RollingUpdate", changeCause } = over
	const annotations = changeCause === undefined ? {} : { "kubernetes.io/change-cause": changeCause }
	const object: DaemonSet = {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "agent", namespace: "kube-system", generation: 7, annotations },
		spec: {
			selector: { matchLabels: { app: "agent" } },
			updateStrategy: { type: strategy },
			template: { metadata: { labels: { app: "agent" } }, spec: { containers: [{ name: "agent", image }] } },
		},
	}
	return { read: () => object }
}

/** Facts that were made by hand, read as a cluster's are. */
export function readerOf(facts: Iterable<Fact>): FactReader {
	const left = facts[Symbol.iterator]()
	let fact: Fact | undefined
	const now = (): Fact => {
		if (fact === undefined) throw new Error("next() comes first")
		return fact
	}
	return {
		next: () => {
			fact = left.next().value
			return fact !== undefined
		},
		get kind() {
			return now().kind
		},
		get pod() {
			const pod = now() as PodFact
			return { ...pod, ...numbersOf(pod.node), podBase: pod.pod, podSuffix: -1 }
		},
		get node() {
			const node = now() as Kind<"node">
			return { ...node, ...numbersOf(node.node) }
		},
		made: now,
	}
}

/** One name in two has a number of its own behind a base that all have in common. */
function numbersOf(node: string): NodeNumbers {
	if (node === "") return { nodeBase: 0, nodeNumber: -1 }
	let place = NODES.indexOf(node)
	if (place === -1) place = NODES.push(node) - 1
	return place % 2 === 0 ? { nodeBase: 1, nodeNumber: place * 9 } : { nodeBase: place + 2, nodeNumber: -1 }
}
const NODES: string[] = []
