import { describe, expect, test } from "vitest"
import { type KubeObject, keyOf } from "../../src/kube/index.ts"
import type { Change } from "../../src/plan/index.ts"
import { knowsNoOthers, lint } from "../../src/rehearse/index.ts"
import { apply, behavior, cluster, daemonSet, pool } from "../builders/cluster.ts"

const GPU = pool({
	name: "gpu",
	replicas: 2,
	template: { spec: { taints: [{ key: "gpu", value: "a100", effect: "NoSchedule" }] } },
})

/** What lint says of all DaemonSets, once these objects have settled beside four plain nodes and two with a taint. */
function said(objects: readonly KubeObject[], changes: readonly Change[] = []): string[] {
	const made = cluster(4)
	for (const object of [GPU, behavior(), ...objects]) expect(apply(made, object)).toMatchObject({ accepted: true })
	made.advance(made.now() + 600_000)
	const findings = lint({ cluster: made, changes, placeOf: () => ({ path: "agents.yaml", line: 7 }) }, "all")
	return findings.map(({ code, message }) => `${code}: ${message}`)
}

const rolling = (rollingUpdate: object): object => ({ updateStrategy: { type: "RollingUpdate", rollingUpdate } })
const annotated = (annotations: object, spec: object = {}, name?: string): KubeObject => {
	const made = daemonSet({ spec, ...(name === undefined ? {} : { name }) })
	return { ...made, metadata: { ...made.metadata, annotations } } as KubeObject
}
const port = (hostPort: number): object => ({ ports: [{ containerPort: 80, hostPort }] })
const configMap = (name: string): KubeObject =>
	({
		apiVersion: "v1",
		kind: "ConfigMap",
		metadata: { name, namespace: "kube-system" },
		data: { a: "b" },
	}) as unknown as KubeObject
const usesConfig = (name: string): object => ({ volumes: [{ name: "config", configMap: { name } }] })
const update = (object: KubeObject, path: string): Change => ({
	key: keyOf(object),
	action: "update",
	after: object,
	fields: [{ path, before: "a", after: "b" }],
})
const overlapping = (): KubeObject => {
	const other = daemonSet({ name: "other" })
	const { spec } = other as unknown as { spec: { template: { metadata: { labels: object } } } }
	spec.template.metadata.labels = { app: "other", tier: "agent" }
	return other
}
const selectsTier = (): KubeObject => {
	const wide = daemonSet()
	const { spec } = wide as unknown as {
		spec: { selector: { matchLabels: object }; template: { metadata: { labels: object } } }
	}
	spec.selector.matchLabels = { tier: "agent" }
	spec.template.metadata.labels = { tier: "agent" }
	return wide
}

describe("lint", () => {
	test.each<[string, KubeObject[], string[], Change[]?]>([
		["nothing of an ordinary agent", [daemonSet()], []],
		[
			"a selector that no node matches",
			[daemonSet({ pod: { nodeSelector: { disk: "ssd" } } })],
			["matches-no-node: no node is for it: its node selector or affinity keeps 6 out"],
		],
		[
			"a toleration of a taint that no node has",
			[daemonSet({ pod: { tolerations: [{ key: "gpu", operator: "Equal", value: "h100", effect: "NoSchedule" }] } })],
			["tolerates-no-taint: no node has the taint gpu=h100:NoSchedule that it tolerates"],
		],
		[
			"no toleration that some node needs, nor one of Kubernetes' own",
			[
				daemonSet({
					pod: {
						tolerations: [
							{ key: "gpu", operator: "Exists" },
							{ key: "node.kubernetes.io/not-ready", operator: "Exists" },
						],
					},
				}),
			],
			[],
		],
		[
			"a budget of everything",
			[daemonSet({ spec: rolling({ maxUnavailable: "100%" }) })],
			["everything-at-once: maxUnavailable 100% is all of its 4 nodes at once"],
		],
		[
			"a failure threshold above what goes at once, which fails nothing",
			[annotated({ "rollcall.dev/failure-threshold": "2" }, rolling({ maxUnavailable: 1 }))],
			[
				"threshold-above-budget: failure-threshold 2 is 2 failing nodes, and maxUnavailable lets 1 of its 4 nodes go at once: it stands still before it fails; lower it, or add rollcall.dev/progress-deadline",
			],
		],
		[
			"a share above what a surge makes at once",
			[annotated({ "rollcall.dev/failure-threshold": "100%" }, rolling({ maxSurge: "50%", maxUnavailable: 0 }))],
			[
				"threshold-above-budget: failure-threshold 100% is 4 failing nodes, and maxSurge lets 2 of its 4 nodes go at once: it stands still before it fails; lower it, or add rollcall.dev/progress-deadline",
			],
		],
		[
			"nothing of a threshold that is reached, that a deadline ends, or that nothing follows",
			[
				annotated({ "rollcall.dev/failure-threshold": "50%" }, rolling({ maxUnavailable: 2 }), "agent-1"),
				annotated({ "rollcall.dev/failure-threshold": "3", "rollcall.dev/progress-deadline": "10m" }, {}, "agent-2"),
				annotated({ "rollcall.dev/failure-threshold": "3", "rollcall.dev/on-failure": "none" }, {}, "agent-3"),
				annotated({ "rollcall.dev/failure-threshold": "3" }, { updateStrategy: { type: "OnDelete" } }, "agent-4"),
			],
			[],
		],
		[
			"a surge that waits for its own port",
			[daemonSet({ spec: rolling({ maxSurge: 1, maxUnavailable: 0 }), container: port(9_100) })],
			["surge-with-host-port: maxSurge with the host port 9100/TCP never finishes: both pods want it"],
		],
		[
			"selectors that overlap",
			[overlapping(), selectsTier()],
			["selectors-overlap: it selects the pods of DaemonSet kube-system/other as well"],
		],
		[
			"a name that is nearly there",
			[configMap("fluentd-config"), daemonSet({ pod: usesConfig("fluentd-cofnig") })],
			["reference-misspelt: there is no ConfigMap fluentd-cofnig: did you mean fluentd-config?"],
		],
		["a name that may come from elsewhere", [daemonSet({ pod: usesConfig("made-by-an-operator") })], []],
		[
			"a ConfigMap that the commit removes",
			[daemonSet({ pod: usesConfig("gone") })],
			["reference-removed: ConfigMap gone, which its pods need, is removed by this commit"],
			[{ key: keyOf(configMap("gone")), action: "delete", before: configMap("gone"), fields: [] }],
		],
		[
			"a ConfigMap that changes below its pods",
			[configMap("live"), daemonSet({ pod: usesConfig("live") })],
			[
				"changes-below: ConfigMap live changes, and no pod of kube-system/fluentd is restarted by that: rollcall rollout restart ds/fluentd",
			],
			[update(configMap("live"), "data.a")],
		],
		[
			"nothing where the template changes with it",
			[configMap("live"), daemonSet({ pod: usesConfig("live") })],
			[],
			[update(configMap("live"), "data.a"), update(daemonSet(), "spec.template.metadata.annotations")],
		],
	])("says %s", (_, objects, findings, changes) => {
		expect(said(objects, changes)).toEqual(findings)
	})

	test("says that two want one port of the nodes that both go to, and who finds no room", () => {
		const findings = said([daemonSet({ container: port(9_100) }), daemonSet({ name: "other", container: port(9_100) })])
		expect(findings).toContain(
			"host-port-clash: DaemonSet kube-system/other wants the host port 9100/TCP too, on pool-0 and where else both go",
		)
		expect(
			findings.some((finding) => finding.startsWith("no-room: no room on pool-0, pool-1, pool-2 and 1 more: ")),
		).toBe(true)
		const apart = daemonSet({ name: "other", container: port(9_100), pod: { nodeSelector: { disk: "ssd" } } })
		expect(said([daemonSet({ container: port(9_100) }), apart]).join()).not.toContain("host-port-clash")
	})

	test("says which resource is short, and what would help", () => {
		const huge = { resources: { requests: { cpu: "1000" } } }
		const [finding] = said([daemonSet({ container: huge })])
		expect(finding).toMatch(/^no-room: no room on pool-0, pool-1, pool-2 and 1 more: cpu is \d+m short/)
	})

	test("looks only at what a commit concerns, unless it is asked for all", () => {
		const made = cluster(4)
		for (const name of ["one", "two"]) apply(made, daemonSet({ name, spec: rolling({ maxUnavailable: "100%" }) }))
		made.advance(made.now() + 60_000)
		const context = { cluster: made, changes: [update(daemonSet({ name: "one" }), "spec")], placeOf: () => undefined }
		expect(lint(context, "changed")).toHaveLength(1)
		expect(lint(context, "all")).toHaveLength(2)
	})

	test("knows whether anything is known of other workloads", () => {
		const alone = cluster(2)
		apply(alone, daemonSet())
		alone.advance(alone.now() + 60_000)
		expect(knowsNoOthers({ cluster: alone })).toBe(true)
		apply(alone, pool({ name: "busy", replicas: 1, used: { cpu: "1" } } as never))
		expect(knowsNoOthers({ cluster: alone })).toBe(false)
	})
})
