import fc from "fast-check"
import { describe, expect, test } from "vitest"
import type { ListQuery } from "../../../src/cluster/contract.ts"
import type { Cluster } from "../../../src/cluster/index.ts"
import { type KubeObject, keyOf, withControlPlane } from "../../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, pods, send, settle } from "../../builders/cluster.ts"
import { enact, KINDS, opening, stories, writesOf } from "../oracle/story.ts"

const LISTED: readonly ListQuery[] = [
	{ group: "", kind: "Pod" },
	{ group: "", kind: "Pod", namespace: "kube-system" },
	{ group: "", kind: "Pod", namespace: "default" },
	{ group: "", kind: "Pod", nodeName: "pool-1" },
	{ group: "", kind: "Node" },
	{ group: "apps", kind: "ControllerRevision" },
	{ group: "", kind: "Event" },
]

/** A space sorts before all that names are made of. */
const placeOf = ({ metadata }: KubeObject): string => `${metadata.namespace ?? ""} ${metadata.name}`

const textOf = ({ apiVersion: _version, kind: _kind, ...object }: KubeObject): string => JSON.stringify(object)

/** All lists of it are in order, as their texts and counts say, and go on after each of their objects. */
function lookAt(on: Cluster): void {
	for (const query of LISTED) {
		const objects = [...on.list(query)]
		const places = objects.map(placeOf)
		expect(places).toEqual([...places].sort())
		const texts = objects.map(textOf)
		expect([...on.texts(query)]).toEqual(texts)
		expect(on.count(query)).toBe(objects.length)
		for (let index = 0; index < objects.length; index += 1 + (objects.length >> 4)) {
			const { namespace = "", name } = (objects[index] as KubeObject).metadata
			expect([...on.texts({ ...query, after: { namespace, name } })]).toEqual(texts.slice(index + 1))
		}
	}
}

describe("a list", () => {
	test("is in order, as long as it says, and says the same as text, whatever has happened", () => {
		fc.assert(
			fc.property(stories(KINDS, 12), (story) => {
				const on = opening(story)
				const applied = new Map()
				for (const act of story.acts) {
					on.advance(on.now() + act.afterMs)
					enact(on, writesOf(act, on), applied)
					lookAt(on)
				}
				on.advance(on.now() + 600_000)
				lookAt(on)
			}),
			{ numRuns: 40 },
		)
	})

	test("of pods whose names begin with those of others is in order", () => {
		const on = cluster(40)
		for (const name of ["a", "a-c", "a-c-d", "a-7", "b", "a-zz", "a.b"]) apply(on, daemonSet({ name }))
		settle(on)
		const [first] = pods(on)
		const bare = { ...first, metadata: { name: "a-c", namespace: "kube-system" } } as KubeObject
		for (const name of ["a-c", "a-d", "0", "a-cc-bcdfg", "zz"]) {
			const object = { ...bare, metadata: { ...bare.metadata, name } }
			send(on, { verb: "create", key: `/Pod/kube-system/${name}`, object })
		}
		expect(pods(on)).toHaveLength(7 * 40 + 5)
		lookAt(on)
	})

	test("of pods says the same as text in every moment of their lives", () => {
		const probe = { httpGet: { path: "/", port: 80 }, periodSeconds: 2 }
		const more = { name: "b", image: "b:1", startupProbe: probe, readinessProbe: probe }
		const init = { name: "init", image: "i:1" }
		const containers = [{ name: "agent", image: "agent:1", livenessProbe: probe }, more]
		const specs = [
			{ hostNetwork: true },
			{ initContainers: [init, { ...init, name: "beside", restartPolicy: "Always" }] },
			{ containers, affinity: { nodeAffinity: {} } },
			{ nodeName: "pool-1", terminationGracePeriodSeconds: 5 },
		]
		const failures = [
			{ kind: "CrashLoop", after: "10s", exitCode: 1, share: "40%" },
			{ kind: "OutOfMemory", after: "20s", share: "20%" },
			{ kind: "NeverReady", share: "10%" },
			{ kind: "ImagePull", share: "10%" },
		]
		const on = cluster(12)
		apply(on, behavior({ failures }))
		for (const [index, pod] of specs.entries()) apply(on, daemonSet({ name: `agent-${index}`, pod }))
		const down = { verb: "fault", fault: { kind: "node-down", node: "pool-3" } } as const
		for (let second = 0; second < 200; second++) {
			on.advance(on.now() + 1_000)
			if (second === 60) send(on, down)
			if (second === 130) apply(on, daemonSet({ name: "agent-1", image: "fluentd:v2", pod: specs[1] as object }))
			if (second === 150) {
				const [pod] = pods(on).filter(({ status }) => JSON.stringify(status).includes('"ready":true,"restartCount":0'))
				const patched = { ...pod, metadata: { ...pod?.metadata, annotations: { by: "hand" } } } as KubeObject
				send(on, { verb: "update", key: keyOf(patched), object: patched })
			}
			const query = { group: "", kind: "Pod" }
			const objects = [...on.list(query)]
			expect([...on.texts(query)]).toEqual(objects.map(textOf))
			const alone = objects.map((object) => JSON.stringify(withControlPlane(object)))
			expect(objects.map((object) => on.text(keyOf(object)))).toEqual(alone)
		}
		const seen = pods(on).map(({ status }) => JSON.stringify(status))
		expect(seen.filter((text) => /"ready":true,"restartCount":[1-9]/.test(text))).not.toHaveLength(0)
		expect(seen.filter((text) => /"type":"Ready","status":"True"/.test(text))).not.toHaveLength(0)
	})

	test("of pods says as text what a template says in the words of the text itself", () => {
		const on = cluster()
		const said = '~name~ ~uid~ 0005-04-23T16:53:21Z \u2028 "quoted" and é'
		apply(on, daemonSet({ container: { args: [said, "~podIP~"] } }))
		settle(on)
		lookAt(on)
		expect([...on.texts({ group: "", kind: "Pod" })][0]).toContain(JSON.stringify(said))
	})
})
