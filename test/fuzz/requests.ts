import { isObject, type Json } from "../../src/base/index.ts"
import { ODD } from "../builders/odd-values.ts"
import type { Dice } from "./dice.ts"

/** A request as it goes over a connection. */
export type Wish = {
	readonly method: string
	readonly target: string
	readonly headers: readonly string[]
	readonly body: Buffer
}

const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE"]
const READ = [
	"/api/v1/nodes",
	"/api/v1/nodes/workers-1",
	"/api/v1/pods",
	"/api/v1/namespaces/kube-system/pods",
	"/api/v1/events",
	"/apis/events.k8s.io/v1/events",
	"/apis/apps/v1/daemonsets",
	"/apis/apps/v1/namespaces/kube-system/daemonsets/agent",
	"/apis/apps/v1/namespaces/kube-system/controllerrevisions",
	"/apis/coordination.k8s.io/v1/leases",
	"/apis/metrics.k8s.io/v1beta1/nodes",
	"/apis/fuzz.example.com/v1/things",
	"/api/v1/namespaces/default/configmaps",
	"/api",
	"/apis",
	"/apis/apps/v1",
	"/openapi/v2",
	"/openapi/v3",
	"/openapi/v3/apis/apps/v1",
	"/metrics",
	"/livez",
	"/readyz",
	"/version",
	"/",
	"/at/2026-01-01T00:01:20Z/api/v1/nodes",
	"/at/2026-01-01T00:01:00Z/apis/apps/v1/daemonsets",
	"/at/2020-01-01T00:00:00Z/api/v1/pods",
	"/at/nosuch/api/v1/pods",
] as const
const PARTS = [
	"..",
	".",
	"",
	"%2e%2e",
	"%2F",
	"%00",
	"%",
	"%ff",
	"__proto__",
	"constructor",
	"status",
	"log",
	"exec",
].concat(["watch", "at", "namespaces", "a".repeat(3_000), "é", "*", "attach", "eviction", "binding"])
const NAMES = [
	..."limit continue labelSelector fieldSelector resourceVersion resourceVersionMatch watch timeoutSeconds".split(" "),
	..."sendInitialEvents allowWatchBookmarks includeObject container tailLines follow previous sinceSeconds".split(" "),
	..."fieldManager dryRun force fieldValidation pretty propagationPolicy gracePeriodSeconds hash".split(" "),
]
const VALUES = [
	"",
	"1",
	"0",
	"true",
	"false",
	"-1",
	"1e9",
	"99999999999999999999",
	"Exact",
	"NotOlderThan",
	"a=b",
].concat([
	"a in (b,",
	"!",
	"metadata.name=x",
	"spec.nodeName=workers-1",
	"W10",
	"WyJ4IiwxXQ",
	"\0",
	"All",
	"Strict",
	"Foreground",
	"Orphan",
	"(".repeat(2_000),
	"a,".repeat(2_000),
	"x in (".concat("y,".repeat(5_000), "z)"),
])
const ACCEPTS = [
	"application/json",
	"*/*",
	"",
	"application/json;as=Table;v=v1;g=meta.k8s.io",
	";;;,,,",
	"text/html",
].concat([
	"application/yaml",
	"application/yaml;as=Table;v=v1beta1;g=meta.k8s.io",
	"application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io",
	"application/vnd.kubernetes.protobuf",
	"application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList",
])
const PATCHES = ["merge-patch+json", "strategic-merge-patch+json", "json-patch+json", "apply-patch+yaml"]
const TYPES = [...PATCHES, "json", "yaml", "vnd.kubernetes.protobuf"].map((type) => `application/${type}`)
const ODD_HEADERS = [
	"Expect: 100-continue",
	"Expect: x",
	"Connection: close",
	"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x",
	"Content-Encoding: gzip",
	"Transfer-Encoding: chunked",
	"Content-Length: 3",
	"Host: localhost",
	"If-None-Match: *",
	"Accept-Encoding: gzip",
	"Origin: https://evil.example",
	`X-Long: ${"x".repeat(40_000)}`,
	"X: \x01",
	" folded: x",
	"Cookie: a=b",
] as const

const meta = (name: string, namespace?: string) => ({ name, ...(namespace === undefined ? {} : { namespace }) })
const container = { name: "main", image: "registry.example/x:1" }

/** What can be written: where it lives, and what it looks like. Few names, so that the cluster stays as large as it is. */
const WRITTEN: readonly { readonly path: string; readonly of: (name: string) => Json }[] = [
	{
		path: "/api/v1/namespaces/default/configmaps",
		of: (name) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: meta(name, "default"), data: { a: name } }),
	},
	{
		path: "/api/v1/namespaces/default/pods",
		of: (name) => ({
			apiVersion: "v1",
			kind: "Pod",
			metadata: meta(name, "default"),
			spec: { containers: [container] },
		}),
	},
	{
		path: "/api/v1/namespaces/default/secrets",
		of: (name) => ({ apiVersion: "v1", kind: "Secret", metadata: meta(name), data: { a: "YQ==" } }),
	},
	{
		path: "/apis/apps/v1/namespaces/default/daemonsets",
		of: (name) => ({
			apiVersion: "apps/v1",
			kind: "DaemonSet",
			metadata: meta(name, "default"),
			spec: {
				selector: { matchLabels: { app: name } },
				template: {
					metadata: { labels: { app: name } },
					spec: { nodeSelector: { "kubernetes.io/hostname": "workers-1" }, containers: [container] },
				},
			},
		}),
	},
	{
		path: "/apis/policy/v1/namespaces/kube-system/poddisruptionbudgets",
		of: (name) => ({
			apiVersion: "policy/v1",
			kind: "PodDisruptionBudget",
			metadata: meta(name),
			spec: { minAvailable: 1, selector: { matchLabels: { app: "agent" } } },
		}),
	},
	{
		path: "/apis/coordination.k8s.io/v1/namespaces/default/leases",
		of: (name) => ({ apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata: meta(name), spec: {} }),
	},
	{
		path: "/apis/fuzz.example.com/v1/namespaces/default/things",
		of: (name) => ({ apiVersion: "fuzz.example.com/v1", kind: "Thing", metadata: meta(name), spec: { size: 1 } }),
	},
	{ path: "/api/v1/namespaces", of: (name) => ({ apiVersion: "v1", kind: "Namespace", metadata: meta(name) }) },
	{
		path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
		of: () => ({ apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectAccessReview", spec: {} }),
	},
]

/** Sent as they are: large, deep, or of another world. */
const HEAVY: readonly (() => string | Buffer)[] = [
	() => "[".repeat(100_000),
	() => '{"a":'.repeat(50_000),
	() => `{"metadata":${"[".repeat(5_000)}${"]".repeat(5_000)}}`,
	() => `[${'{"op":"test","path":"/kind","value":1},'.repeat(9_999)}{}]`,
	() => `[${'{"op":"copy","from":"","path":"/metadata/annotations"},'.repeat(30)}{}]`,
	() => `{"metadata":{"name":"big"},"data":{"a":"${"x".repeat(2_000_000)}"}}`,
	() => `{"data":{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":"v"`).join()}}}`,
	() => `a: &a [x,x,x,x]\n${"b: [*a,*a,*a,*a]\n".repeat(100)}`,
	() => "- ".repeat(20_000),
	() => "a:\n b:\n  - c\n".repeat(20_000),
	() => `? ${"[".repeat(2_000)}`,
	() => Buffer.alloc(3_145_730, " "),
	() => Buffer.from(Array.from({ length: 5_000 }, (_, n) => (n * 7_919) % 256)),
	() => Buffer.concat([Buffer.from("k8s\0"), Buffer.alloc(2_000, 0x0a)]),
]

/** A request that means something, or nearly so. */
export function wish(dice: Dice): Wish {
	const isRead = dice.below(3) > 0
	const { method, path, body, type } = isRead
		? { method: dice.oneIn(8) ? dice.of(METHODS) : "GET", path: dice.of(READ), body: "", type: "application/json" }
		: write(dice)
	const headers = [
		...(dice.oneIn(4) ? [`Accept: ${dice.of(ACCEPTS)}`] : []),
		`Content-Type: ${dice.oneIn(12) ? dice.of(TYPES) : type}`,
		...(dice.oneIn(10) ? [dice.of(ODD_HEADERS)] : []),
	]
	const heavy = !isRead && dice.oneIn(15)
	return {
		method,
		target: mangledPath(dice, path) + query(dice),
		headers,
		body: Buffer.from(heavy ? dice.of(HEAVY)() : body),
	}
}

function write(dice: Dice) {
	const { path, of } = dice.of(WRITTEN)
	const name = `fuzz-${dice.below(8)}`
	let object = of(name)
	for (let times = dice.below(3); times > 0; times--) object = mutated(object, dice)
	const method = dice.of(["POST", "POST", "PUT", "PATCH", "PATCH", "DELETE"] as const)
	const status = dice.oneIn(8) ? "/status" : ""
	const one = `${path}/${name}${status}`
	if (method === "POST") return { method, path, body: JSON.stringify(object), type: "application/json" }
	if (method === "DELETE") return { method, path: dice.oneIn(12) ? path : one, body: "", type: "application/json" }
	if (method === "PUT") return { method, path: one, body: JSON.stringify(object), type: "application/json" }
	const type = `application/${dice.of(PATCHES)}`
	const steps = [
		{
			op: dice.of(["add", "replace", "remove", "test", "copy", "move"] as const),
			path: "/metadata/labels",
			value: object,
		},
		{
			op: "add",
			path: dice.of(["/data/b", "/spec", "", "/a/b/c", "/metadata/annotations"] as const),
			value: "x",
			from: "/spec",
		},
	]
	return { method, path: one, body: JSON.stringify(type.endsWith("json-patch+json") ? steps : object), type }
}

function mangledPath(dice: Dice, path: string): string {
	if (!dice.oneIn(8)) return path
	const parts = path.split("/")
	const at = dice.below(parts.length + 1)
	return [...parts.slice(0, at), dice.of(PARTS), ...parts.slice(at + dice.below(2))].join("/")
}

function query(dice: Dice): string {
	const pairs = Array.from({ length: Math.max(0, dice.below(5) - 2) }, () => {
		const value = dice.of(VALUES)
		// Not everybody escapes.
		return `${dice.of(NAMES)}=${dice.oneIn(10) ? value.replace(/[\0 ]/g, "+") : encodeURIComponent(value)}`
	})
	return pairs.length === 0 ? "" : `?${pairs.join("&")}`
}

/** The value with one part of it gone, doubled, or something else. */
export function mutated(value: Json, dice: Dice): Json {
	const here = dice.oneIn(4)
	if (Array.isArray(value) && value.length > 0 && !here) {
		const at = dice.below(value.length)
		return dice.oneIn(5) ? [...value, ...value] : value.with(at, mutated(value[at] as Json, dice))
	}
	if (isObject(value) && Object.keys(value).length > 0 && !here) {
		const name = dice.of(Object.keys(value))
		const { [name]: member = null, ...rest } = value
		if (dice.oneIn(6)) return rest
		return { ...rest, [dice.oneIn(8) ? "$patch" : name]: mutated(member, dice) }
	}
	return dice.of(ODD)
}
