import { expect, test } from "vitest"
import type { KubeObject, Pod } from "../../../src/kube/index.ts"
import { apply, behavior, cluster, pods, send, settle } from "../../builders/cluster.ts"

const bare = (name: string, restartPolicy = "Never"): KubeObject =>
	({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, namespace: "default" },
		spec: {
			restartPolicy,
			containers: [{ name: "c", image: `${name}:1`, resources: { requests: { cpu: "3" } } }],
		},
	}) as unknown as KubeObject

test("[X11] a pod that has ended holds nothing of its node, and the next one takes its place", () => {
	const on = cluster(1)
	apply(on, behavior())
	apply(
		on,
		behavior({ priority: 1, match: { image: "first:1" }, failures: [{ kind: "Succeeded", after: "30s" }] }, "ends"),
	)
	for (const name of ["first", "second"]) send(on, { verb: "create", key: `/Pod/default/${name}`, object: bare(name) })
	on.advance(on.now() + 10_000)
	const phases = () => (pods(on) as Pod[]).map(({ metadata, status }) => `${metadata.name} ${status?.phase}`)
	expect(phases()).toEqual(["first Running", "second Pending"])
	settle(on)
	expect(phases()).toEqual(["first Succeeded", "second Running"])
})
