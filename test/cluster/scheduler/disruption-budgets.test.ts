import { expect, test } from "vitest"
import type { KubeObject, Pod } from "../../../src/kube/index.ts"
import { apply, behavior, cluster, pods, send, settle } from "../../builders/cluster.ts"

const bare = (name: string, spec: object = {}): KubeObject =>
	({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, namespace: "default", labels: { app: name } },
		spec: { containers: [{ name: "c", image: "i:1", resources: { requests: { cpu: "2" } } }], ...spec },
	}) as unknown as KubeObject
const priority = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", metadata: { name: "high" }, value: 9 }
const budget = (spec: object): KubeObject =>
	({
		apiVersion: "policy/v1",
		kind: "PodDisruptionBudget",
		metadata: { name: "b", namespace: "default" },
		spec: { selector: { matchLabels: { app: "b" } }, ...spec },
	}) as unknown as KubeObject

/** Two pods fill a node; a daemon pod that is more important needs the room of one. */
function victims(...objects: readonly KubeObject[]): readonly string[] {
	const on = cluster(1)
	apply(on, behavior())
	apply(on, priority as unknown as KubeObject)
	for (const object of objects) apply(on, object)
	for (const name of ["a", "b"]) {
		send(on, { verb: "create", key: `/Pod/default/${name}`, object: bare(name) })
		on.advance(on.now() + 30_000)
	}
	const pin = {
		nodeAffinity: {
			requiredDuringSchedulingIgnoredDuringExecution: {
				nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["pool-0"] }] }],
			},
		},
	}
	send(on, {
		verb: "create",
		key: "/Pod/default/high",
		object: bare("high", { priorityClassName: "high", affinity: pin }),
	})
	settle(on)
	const left = new Set((pods(on) as Pod[]).map(({ metadata }) => metadata.name))
	return ["a", "b", "high"].filter((name) => !left.has(name))
}

test("[K12] the younger pod goes, unless a budget protects it and the other will do", () => {
	expect(victims()).toEqual(["b"])
	expect(victims(budget({ minAvailable: 1 }))).toEqual(["a"])
	expect(victims(budget({ minAvailable: 0 }))).toEqual(["b"])
	expect(victims(budget({ maxUnavailable: 1 }))).toEqual(["a"])
})
