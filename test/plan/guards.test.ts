import { describe, expect, test } from "vitest"
import { type KubeObject, keyOf } from "../../src/kube/index.ts"
import { type Change, guard } from "../../src/plan/index.ts"
import { daemonSet, node, nodePool } from "../builders/objects.ts"

const settings = { largestShare: 0.5 }
const gone = (object: KubeObject): Change => ({ key: keyOf(object), action: "delete", before: object, fields: [] })
const resized = (before: KubeObject, after: KubeObject): Change => ({
	key: keyOf(before),
	action: "update",
	before,
	after,
	fields: [],
})
const four = [1, 2, 3, 4].map((index) => node(`n${index}`))
const pool = nodePool("workers", 10)

describe("guard", () => {
	test.each([
		{ title: "lets one node of four go", given: [gone(four[0] as KubeObject)], applied: four, want: [] },
		{ title: "lets half of the nodes go", given: four.slice(0, 2).map(gone), applied: four, want: [] },
		{
			title: "holds more than the share",
			given: four.slice(0, 3).map(gone),
			applied: four,
			want: ["removes-nodes 3/4"],
		},
		{ title: "holds the last node", given: [gone(node("only"))], applied: [node("only")], want: ["removes-nodes 1/1"] },
		{
			title: "counts the nodes of a pool one by one",
			given: [gone(nodePool("spare", 1))],
			applied: [pool, nodePool("spare", 1)],
			want: [],
		},
		{
			title: "counts the nodes that a smaller pool loses",
			given: [resized(pool, nodePool("workers", 4))],
			applied: [pool],
			want: ["removes-nodes 6/10"],
		},
		{ title: "lets a pool grow", given: [resized(pool, nodePool("workers", 40))], applied: [pool], want: [] },
		{
			title: "holds the last DaemonSet",
			given: [gone(daemonSet())],
			applied: [daemonSet(), ...four],
			want: ["removes-daemonsets 1/1"],
		},
		{
			title: "lets one DaemonSet of three go",
			given: [gone(daemonSet())],
			applied: [daemonSet(), daemonSet({ name: "b" }), daemonSet({ name: "c" })],
			want: [],
		},
	])("$title", ({ given, applied, want }) => {
		const holds = guard(given, new Map(applied.map((object) => [keyOf(object), object])), settings)
		expect(holds.map(({ rule, removed, of }) => `${rule} ${removed}/${of}`)).toEqual(want)
	})

	test("says how to let it through", () => {
		const [hold] = guard([gone(node("only"))], new Map([[keyOf(node("only")), node("only")]]), settings)
		expect(hold?.message).toBe(
			'it would remove the only node; to let it through, add the trailer "Allow-Disruption: yes" to a new commit, or start with --allow-disruption',
		)
	})
})
