import { expect, test } from "vitest"
import { dice, isObject, type Json, rangeOf } from "../../src/base/index.ts"
import { TABLE } from "../builders/api.ts"
import { cronTab, cronTabs } from "../builders/crontab.ts"
import { ODD } from "../builders/odd-values.ts"
import { writtenApi } from "../builders/written-api.ts"

const ROUNDS = Number(process.env["FUZZ_ROUNDS"] ?? 400)
const TYPES = [
	"application/merge-patch+json",
	"application/strategic-merge-patch+json",
	"application/json-patch+json",
	"application/apply-patch+yaml",
	"application/json",
	"application/yaml",
]
const OPTIONS = [
	"",
	"dryRun=All",
	"fieldManager=a",
	"fieldValidation=Strict",
	"force=true&fieldManager=b",
	"dryRun=x",
	"propagationPolicy=Orphan",
]
const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
/** What is made of what was written, whatever that was. */
const READ = [DEFINITIONS, "/apis", "/openapi/v3/apis/stable.example.com/v1", "/apis/stable.example.com/v1/crontabs"]
const METHODS = ["POST", "POST", "PUT", "PUT", "PUT", "PATCH", "PATCH", "PATCH", "DELETE"]

/** Mostly one that the method takes. */
function typeOf(method: string, pick: (count: number) => number): string {
	const fitting = method === "PATCH" ? TYPES.slice(0, 4) : TYPES.slice(4)
	const some = pick(8) === 0 ? TYPES : fitting
	return some[pick(some.length)] as string
}

/** The value with one part of it gone, doubled, or something else. */
function mutated(value: Json, pick: (count: number) => number): Json {
	const here = pick(4) === 0
	if (Array.isArray(value) && value.length > 0 && !here) {
		const at = pick(value.length)
		return pick(5) === 0 ? [...value, ...value] : value.with(at, mutated(value[at] as Json, pick))
	}
	if (isObject(value) && Object.keys(value).length > 0 && !here) {
		const name = Object.keys(value)[pick(Object.keys(value).length)] ?? ""
		const { [name]: member = null, ...rest } = value
		if (pick(6) === 0) return rest
		return { ...rest, [pick(8) === 0 ? "$patch" : name]: mutated(member, pick) }
	}
	return ODD[pick(ODD.length)] as Json
}

test(`${ROUNDS} writes with something wrong in them are each answered, none with 5xx, and the cluster goes on`, async () => {
	const { ask, live } = await writtenApi({ drift: "heal" })
	let thrown = Number(process.env["FUZZ_SEED"] ?? 0)
	const pick = (count: number): number => rangeOf(dice(7, ++thrown), 0, count - 1)
	const [pod] = (await ask("/api/v1/namespaces/kube-system/pods")).body.items
	const [node] = (await ask("/api/v1/nodes")).body.items
	const targets: readonly (readonly [string, Json])[] = [
		["/apis/apps/v1/namespaces/kube-system/daemonsets/agent", live("apps/DaemonSet/kube-system/agent") as Json],
		["/apis/apps/v1/namespaces/kube-system/daemonsets/agent/status", live("apps/DaemonSet/kube-system/agent") as Json],
		[`/api/v1/namespaces/kube-system/pods/${pod.metadata.name}`, pod],
		[
			`/api/v1/namespaces/kube-system/pods/${pod.metadata.name}/eviction`,
			{ metadata: { name: pod.metadata.name }, deleteOptions: {} },
		],
		[`/api/v1/nodes/${node.metadata.name}`, node],
		[`/api/v1/nodes/${node.metadata.name}/status`, node],
		[
			"/api/v1/namespaces/default/configmaps/settings",
			{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings" }, data: { a: "1" } },
		],
		[
			"/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets/b",
			{
				apiVersion: "policy/v1",
				kind: "PodDisruptionBudget",
				metadata: { name: "b" },
				spec: { minAvailable: 1, selector: { matchLabels: { app: "agent" } } },
			},
		],
		[
			"/apis/coordination.k8s.io/v1/namespaces/default/leases/l",
			{ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: { name: "l" }, spec: {} },
		],
		[`${DEFINITIONS}/crontabs.stable.example.com`, cronTabs() as unknown as Json],
		["/apis/stable.example.com/v1/namespaces/default/crontabs/nightly", cronTab({ steps: [{ name: "a" }] }) as Json],
		["/apis/stable.example.com/v1beta1/namespaces/default/crontabs/nightly/status", cronTab() as Json],
		["/apis/stable.example.com/v1/namespaces/default/crontabs/nightly/scale", { spec: { replicas: 2 } }],
		["/api/v1/namespaces/kube-public", { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-public" } }],
	]
	await ask(DEFINITIONS, { method: "POST", body: cronTabs() })
	const codes = new Map<number, number>()
	for (let round = 0; round < ROUNDS; round++) {
		const [url, object] = targets[pick(targets.length)] as readonly [string, Json]
		const method = METHODS[pick(METHODS.length)] as string
		let body: Json = object
		for (let times = pick(4); times > 0; times--) body = mutated(body, pick)
		if (pick(6) === 0)
			body = [
				{
					op: ["add", "copy", "remove", "test", "move"][pick(5)],
					path: ["/metadata", "/spec", "", "/a"][pick(4)],
					value: body,
					from: "/spec",
				} as Json,
			]
		const path = method === "POST" && !url.endsWith("eviction") ? url.slice(0, url.lastIndexOf("/")) : url
		const words = { method, contentType: typeOf(method, pick), body: JSON.stringify(body) }
		const what = `${round}: ${method} ${path} ${words.contentType} ${words.body}`
		const reply = await ask(`${path}?${OPTIONS[pick(OPTIONS.length)]}`, words).catch((failure) => {
			throw new Error(what, { cause: failure })
		})
		if (reply.status >= 500) throw new Error(`${what}\n${reply.text}`)
		const accept = round % 2 === 0 ? TABLE : "application/yaml"
		for (const asked of READ) expect((await ask(asked, { accept })).status, what).toBeLessThan(500)
		codes.set(reply.status, (codes.get(reply.status) ?? 0) + 1)
	}
	expect([...codes.keys()]).toEqual(expect.arrayContaining([200, 201, 400, 404, 415, 422]))
}, 600_000)
