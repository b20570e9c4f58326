import { describe, expect, test } from "vitest"
import { IMPLIED_ANNOTATION, type KubeObject, keyOf, type ObjectKey } from "../../src/kube/index.ts"
import { type Change, compare, compareStates, type Described } from "../../src/plan/index.ts"
import { configMap, daemonSet, node, nodePool, priorityClass } from "../builders/objects.ts"

type States = {
	readonly desired?: readonly KubeObject[]
	readonly applied?: readonly KubeObject[]
	readonly live?: readonly KubeObject[]
}

function byKey(objects: readonly KubeObject[] = []): Map<ObjectKey, KubeObject> {
	return new Map(objects.map((object) => [keyOf(object), object]))
}

function described(objects: readonly KubeObject[] = []): Map<ObjectKey, Described> {
	return new Map(objects.map((object) => [keyOf(object), { object, path: "a.yaml", line: 1 }]))
}

function compareAll({ desired, applied, live }: States): Change[] {
	const [wanted, last, now] = [described(desired), byKey(applied), byKey(live)]
	return compare({
		keys: [...wanted.keys(), ...last.keys(), ...now.keys()],
		desired: (key) => wanted.get(key),
		applied: (key) => last.get(key),
		live: (key) => now.get(key),
	})
}

const said = ({ key, action, fields }: Change): string =>
	[
		action,
		key.split("/").slice(1).filter(Boolean).join("/"),
		...fields.map(({ path, before, after }) => `${path}: ${before} → ${after}`),
	].join(" ")

const one = daemonSet({ image: "registry.example/agent:1" })
const two = daemonSet({ image: "registry.example/agent:2" })
const implied: KubeObject = {
	apiVersion: "v1",
	kind: "Namespace",
	metadata: { name: "agents", annotations: { [IMPLIED_ANNOTATION]: "an object in git needs it" } },
}
const asStored = (object: KubeObject): KubeObject => ({
	...object,
	metadata: { ...object.metadata, uid: "u", generation: 1, resourceVersion: "7" },
})

describe("compare", () => {
	test.each([
		{ title: "creates what is not there", given: { desired: [one] }, want: ["create DaemonSet/kube-system/agent"] },
		{
			title: "sees nothing where nothing differs",
			given: { desired: [one], applied: [one], live: [asStored(one)] },
			want: [],
		},
		{
			title: "names the field that differs",
			given: { desired: [two], applied: [one], live: [asStored(one)] },
			want: [
				"update DaemonSet/kube-system/agent spec.template.spec.containers[name=main].image: registry.example/agent:1 → registry.example/agent:2",
			],
		},
		{
			title: "leaves alone a field that git does not set",
			given: {
				desired: [node("n1")],
				applied: [node("n1")],
				live: [node("n1", { spec: { unschedulable: true } })],
			},
			want: [],
		},
		{
			title: "prunes what git described and no longer does",
			given: { applied: [one], live: [one] },
			want: ["delete DaemonSet/kube-system/agent"],
		},
		{ title: "never prunes what did not come from git", given: { live: [one, node("by-hand")] }, want: [] },
		{
			title: "leaves a namespace that was only made because an object needed it",
			given: { applied: [implied], live: [implied] },
			want: [],
		},
		{
			title: "creates again what somebody deleted",
			given: { desired: [one], applied: [one] },
			want: ["create DaemonSet/kube-system/agent"],
		},
	])("$title", ({ given, want }) => {
		expect(compareAll(given).map(said)).toEqual(want)
	})

	test("takes over an object that was there before git described it", () => {
		const [change] = compareAll({ desired: [configMap("a", { x: "2" })], live: [configMap("a", { x: "1", y: "1" })] })
		expect(change && said(change)).toBe("update ConfigMap/default/a data.x: 1 → 2")
	})

	test("orders namespaces, CRDs, priority classes, nodes, the rest, DaemonSets, and removals last, the other way round", () => {
		const namespace: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: "agents" } }
		const crd: KubeObject = {
			apiVersion: "apiextensions.k8s.io/v1",
			kind: "CustomResourceDefinition",
			metadata: { name: "things.example" },
		}
		const old = daemonSet({ name: "old" })
		const changes = compareAll({
			desired: [one, configMap("c"), nodePool("p", 1), priorityClass("high", 5), crd, namespace],
			applied: [old, node("n1")],
			live: [old, node("n1")],
		})
		expect(changes.map(({ key, action }) => `${action} ${key.split("/")[1]}`)).toEqual([
			"create Namespace",
			"create CustomResourceDefinition",
			"create PriorityClass",
			"create NodePool",
			"create ConfigMap",
			"create DaemonSet",
			"delete DaemonSet",
			"delete Node",
		])
	})
})

describe("compareStates", () => {
	test("tells two commits apart by object and field, defaults aside", () => {
		const explicit = daemonSet({ spec: { revisionHistoryLimit: 10 } })
		expect(compareStates(described([one, configMap("a")]), described([explicit, configMap("b")])).map(said)).toEqual([
			"create ConfigMap/default/b",
			"delete ConfigMap/default/a",
		])
	})
})
