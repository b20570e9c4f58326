import type { Fact, PodFact } from "../../src/cluster/index.ts"
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
