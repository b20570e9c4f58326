import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
	compilePlacement,
	daemonPod,
	daemonTolerations,
	nodeSignature,
	type PlacedNode,
	placement,
	placeShape,
	templateGeneration,
} from "../../../src/cluster/daemonset/index.ts"
import type { PodSpec, PodTemplate, Taint } from "../../../src/kube/index.ts"
import { daemonSet } from "../../builders/daemon-set.ts"

function template(spec: Partial<PodSpec>): PodTemplate {
	return { spec: { containers: [], ...spec } as PodSpec }
}

function named(operator: string, name: string): Partial<PodSpec> {
	const terms = [{ matchFields: [{ key: "metadata.name", operator, values: [name] }] }]
	return {
		affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: terms } } },
	}
}

const RUN = { shouldRun: true, shouldContinue: true }
const CONTINUE = { shouldRun: false, shouldContinue: true }
const NEITHER = { shouldRun: false, shouldContinue: false }

const ROWS: readonly { title: string; spec: Partial<PodSpec>; taints?: readonly Taint[]; want: object }[] = [
	{ title: "nothing asked, nothing tainted", spec: {}, want: RUN },
	{ title: "another nodeName", spec: { nodeName: "n2" }, want: NEITHER },
	{ title: "a nodeSelector that misses", spec: { nodeSelector: { zone: "b" } }, want: NEITHER },
	{ title: "an inherited member as a label key", spec: { nodeSelector: { constructor: "a" } }, want: NEITHER },
	{ title: "a required name that is another's", spec: named("In", "n2"), want: NEITHER },
	{ title: "NoSchedule", spec: {}, taints: [{ key: "k", effect: "NoSchedule" }], want: CONTINUE },
	{ title: "NoExecute", spec: {}, taints: [{ key: "k", effect: "NoExecute" }], want: NEITHER },
	{ title: "PreferNoSchedule", spec: {}, taints: [{ key: "k", effect: "PreferNoSchedule" }], want: RUN },
	{
		title: "a cordon",
		spec: {},
		taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }],
		want: RUN,
	},
	{
		title: "a dead node",
		spec: {},
		taints: [
			{ key: "node.kubernetes.io/unreachable", effect: "NoSchedule" },
			{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
		],
		want: CONTINUE,
	},
]

describe("placement", () => {
	test.each(ROWS)("[P2] $title", ({ spec, taints, want }) => {
		expect(placement(template(spec), { name: "n1", labels: { zone: "a" }, taints })).toEqual(want)
	})

	test("nodes with one signature get one answer, but for those that the template names", () => {
		const label = fc.constantFrom("a", "b")
		const effect = fc.constantFrom("NoSchedule", "NoExecute", "PreferNoSchedule")
		const nodes: fc.Arbitrary<PlacedNode> = fc.record({
			name: fc.constantFrom("n1", "n2", "n3"),
			labels: fc.dictionary(fc.constantFrom("zone", "pool", "kubernetes.io/hostname"), label, { maxKeys: 3 }),
			taints: fc.array(fc.record({ key: label, effect }), { maxLength: 2 }),
		})
		const specs: fc.Arbitrary<Partial<PodSpec>> = fc
			.tuple(
				fc.dictionary(fc.constantFrom("zone", "pool"), label, { maxKeys: 1 }),
				fc.constantFrom({}, named("In", "n1"), named("NotIn", "n2"), { nodeName: "n3" }),
				fc.array(fc.record({ key: label, operator: fc.constant("Exists") }), { maxLength: 1 }),
			)
			.map(([nodeSelector, byName, tolerations]) => ({ nodeSelector, tolerations, ...byName }))
		fc.assert(
			fc.property(specs, fc.array(nodes, { minLength: 1, maxLength: 6 }), (spec, all) => {
				const rule = compilePlacement(template(spec))
				const shapes = new Map<string, object>()
				for (const node of all) {
					if (rule.names.has(node.name)) continue
					const signature = nodeSignature(node, rule.labelKeys)
					shapes.set(signature, shapes.get(signature) ?? placeShape(rule, node))
					expect(rule.place(node)).toEqual(shapes.get(signature))
				}
			}),
		)
	})
})

describe("daemonPod", () => {
	test("[P5] an own toleration of the same key, effect, operator and value loses its seconds in place", () => {
		const own = { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" }
		const tolerations = [{ ...own, tolerationSeconds: 30 }, { key: "mine" }]
		expect(daemonTolerations({ containers: [], tolerations }).slice(0, 3)).toEqual([
			own,
			{ key: "mine" },
			{ key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
		])
	})

	test("[P6] the pod is pinned to its node, not bound to it", () => {
		const { spec } = daemonPod(daemonSet({ podSpec: named("In", "elsewhere") }), "hash", "n1")
		expect(spec.nodeName).toBeUndefined()
		expect(spec.affinity).toEqual(named("In", "n1").affinity)
	})

	test.each([
		{ annotation: "7", want: "7" },
		{ annotation: "007", want: "7" },
		{ annotation: "9223372036854775808", want: undefined },
		{ annotation: "x", want: undefined },
	])("[P7] the template generation $annotation is read as $want", ({ annotation, want }) => {
		const annotations = { "deprecated.daemonset.template.generation": annotation }
		expect(templateGeneration(daemonSet({}, { metadata: { name: "agent", annotations } }))).toBe(want)
	})

	test("a name as long as names may be makes no dash", () => {
		const name = "a".repeat(253)
		expect(daemonPod(daemonSet({}, { metadata: { name } }), "hash", "n1").metadata.generateName).toBe(name)
	})
})
