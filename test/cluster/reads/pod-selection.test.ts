import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { Cluster, PodSelector } from "../../../src/cluster/index.ts"
import { fieldText, type KubeObject, parseSelectorText } from "../../../src/kube/index.ts"
import { apply, cluster, daemonSet, pods, settle } from "../../builders/cluster.ts"
import { enact, KINDS, opening, stories, writesOf } from "../oracle/story.ts"

/** Some ask for what a pod has, some for what none has. */
function selectorsFor(on: Cluster, pick: number): readonly PodSelector[] {
	const all = pods(on)
	const one = all[pick % Math.max(1, all.length)]
	const field = (path: string, equal = true) => ({ path, equal, value: one === undefined ? "" : fieldText(one, path) })
	const labels = (text: string) => {
		const selector = parseSelectorText(text)
		if ("error" in selector) throw new Error(selector.error)
		return { labels: selector.matches, fields: [] }
	}
	return [
		{ fields: [] },
		...["app=fluentd", "app!=fluentd", "debug", "!controller-revision-hash", "nothing"].map(labels),
		...PATHS.flatMap((path) => [{ fields: [field(path)] }, { fields: [field(path, false)] }]),
		{ fields: [field("metadata.name"), field("metadata.namespace")] },
		{ ...labels("app"), fields: [field("spec.nodeName"), { path: "status.phase", equal: false, value: "Failed" }] },
		{ fields: [{ path: "status.phase", equal: true, value: "Pending" }] },
		{ fields: [{ path: "spec.nodeName", equal: true, value: "" }] },
		{ fields: [{ path: "spec.nodeName", equal: true, value: "no-such-node" }] },
		{ fields: [field("spec.nodeName"), { path: "spec.nodeName", equal: true, value: "pool-1" }] },
	]
}

const PATHS = [
	"metadata.name",
	"metadata.namespace",
	"spec.nodeName",
	"spec.restartPolicy",
	"spec.schedulerName",
	"spec.serviceAccountName",
	"spec.hostNetwork",
	"status.phase",
	"status.podIP",
	"status.podIPs",
	"status.nominatedNodeName",
]

function isSelected({ labels, fields }: PodSelector, pod: KubeObject): boolean {
	const isMeant = labels === undefined || labels(pod.metadata.labels)
	return isMeant && fields.every(({ path, equal, value }) => (fieldText(pod, path) === value) === equal)
}

function textOf({ apiVersion: _version, kind: _kind, ...object }: KubeObject): string {
	return JSON.stringify(object)
}

/** What is selected is what is left of all; also of a copy, which has nothing in order yet, and page by page. */
function lookAt(on: Cluster, pick: number): void {
	for (const namespace of [undefined, "kube-system", "default", "none"]) {
		const query = { group: "", kind: "Pod", ...(namespace === undefined ? {} : { namespace }) }
		const all = [...on.list(query)]
		for (const selector of selectorsFor(on, pick)) {
			const want = all.filter((pod) => isSelected(selector, pod))
			for (const cluster of [on, on.fork()]) {
				expect([...cluster.list({ ...query, selector })]).toEqual(want)
				expect([...cluster.texts({ ...query, selector })]).toEqual(want.map(textOf))
				expect(cluster.count({ ...query, selector })).toBe(want.length)
			}
			const middle = want[want.length >> 1]
			if (middle === undefined) continue
			const { namespace: place = "", name } = middle.metadata
			const rest = { ...query, selector, after: { namespace: place, name } }
			expect([...on.list(rest)]).toEqual(want.slice((want.length >> 1) + 1))
			expect(on.fork().count(rest)).toBe(want.length - (want.length >> 1) - 1)
		}
	}
}

describe("a selector of pods", () => {
	test("selects what a look at each whole Pod would, whatever has happened", () => {
		fc.assert(
			fc.property(stories(KINDS, 8), fc.nat(99), (story, pick) => {
				const on = opening(story)
				const applied = new Map()
				for (const act of story.acts) {
					on.advance(on.now() + act.afterMs)
					enact(on, writesOf(act, on), applied)
				}
				lookAt(on, pick)
				on.advance(on.now() + 600_000)
				lookAt(on, pick)
			}),
			{ numRuns: 12 },
		)
	})

	test("asks for labels once for all pods of one template", () => {
		const on = cluster(50)
		for (const name of ["a", "b"]) apply(on, daemonSet({ name }))
		settle(on)
		let asked = 0
		const labels = () => ++asked > 0
		expect([...on.texts({ group: "", kind: "Pod", selector: { labels, fields: [] } })]).toHaveLength(100)
		// Once to see whether they are few, once to read them.
		expect(asked).toBeLessThanOrEqual(4)
	})

	test("of more than are put in order alone gives them in order", () => {
		const on = cluster(600)
		for (const name of ["b", "a"]) apply(on, daemonSet({ name }))
		settle(on)
		const all = pods(on)
		expect(all).toHaveLength(1_200)
		const selector = { fields: [{ path: "status.phase", equal: true, value: "Running" }] }
		expect([...on.fork().list({ group: "", kind: "Pod", selector })]).toEqual(all)
	})
})
