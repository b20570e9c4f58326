import { readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { describe, expect, test } from "vitest"
import { isObject, type Json, type JsonObject } from "../../src/base/index.ts"
import {
	applyManaged,
	decode,
	jsonPatch,
	type KubeObject,
	strategicPatch,
	updateManaged,
	withControlPlane,
} from "../../src/kube/index.ts"

const file = fileURLToPath(new URL("../reference/data/kubectl/requests.jsonl.gz", import.meta.url))

type Exchange = {
	readonly cmd: string
	readonly method: string
	readonly path: string
	readonly status: number
	readonly contentType?: string
	readonly requestBody?: string
	readonly responseContentType?: string
	readonly responseBody: string
}
type Write = { readonly exchange: Exchange; readonly live: KubeObject | undefined; readonly stored: KubeObject }

/** Objects of the kind, wherever an answer has them whole. */
function* recorded(kind: string): Generator<KubeObject> {
	for (const line of gunzipSync(readFileSync(file)).toString().trim().split("\n")) {
		const { responseBody, responseContentType = "", path } = JSON.parse(line) as Exchange
		if (!responseContentType.startsWith("application/json") || path.includes("openapi")) continue
		const texts = path.includes("watch=") ? responseBody.trim().split("\n") : [responseBody]
		for (const text of texts) if (text !== "") yield* inside(JSON.parse(text), kind)
	}
}

function* inside(value: Json, kind: string): Generator<KubeObject> {
	if (Array.isArray(value)) for (const item of value as readonly Json[]) yield* inside(item, kind)
	if (!isObject(value)) return
	if (value["kind"] === kind && isObject(value["metadata"])) yield value as KubeObject
	else for (const member of Object.values(value)) yield* inside(member, kind)
}

/** Without the volume that admission adds, which simulated pods have none of. */
function withoutToken(pod: KubeObject): KubeObject {
	const isToken = (value: Json) => isObject(value) && String(value["name"]).startsWith("kube-api-access-")
	const without = (value: Json): Json => {
		if (Array.isArray(value)) return (value as readonly Json[]).filter((item) => !isToken(item)).map(without)
		return isObject(value)
			? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, without(item)]))
			: value
	}
	return without(pod) as KubeObject
}

/** Writes of the one DaemonSet that succeeded, each with the object as a read before had shown it. */
function* writes(): Generator<Write> {
	let live: KubeObject | undefined
	for (const line of gunzipSync(readFileSync(file)).toString().trim().split("\n")) {
		const exchange = JSON.parse(line) as Exchange
		const { method, path, status, responseContentType } = exchange
		if (!path.includes("/daemonsets") || path.includes("watch=") || status >= 300) continue
		if (responseContentType !== "application/json" || method === "DELETE") continue
		const stored = JSON.parse(exchange.responseBody) as KubeObject
		if (stored.kind !== "DaemonSet" || stored.metadata.name !== "log-agent") continue
		if (method !== "GET") yield { exchange, live: method === "POST" ? undefined : live, stored }
		if (!path.includes("dryRun")) live = stored
	}
}

/** Without the controller's own, which has the status. */
function managersIn(object: KubeObject | undefined): readonly JsonObject[] {
	return (object?.metadata.managedFields ?? []).filter((entry) => entry["manager"] !== "kube-controller-manager")
}

function written({ exchange, live, stored }: Write): KubeObject | undefined {
	const query = new URLSearchParams(exchange.path.split("?")[1])
	const manager = query.get("fieldManager") ?? "kubectl"
	const time = String(managersIn(stored).find((entry) => entry["manager"] === manager)?.["time"] ?? "none")
	const body = JSON.parse(exchange.requestBody ?? "null") as Json
	const type = exchange.contentType ?? ""
	if (type.includes("apply")) {
		const answer = applyManaged(live, body as KubeObject, { manager, time, force: query.get("force") === "true" })
		return "object" in answer ? answer.object : undefined
	}
	if (live === undefined || exchange.method === "PUT") return updateManaged(live, body as KubeObject, { manager, time })
	const patched = type.includes("json-patch")
		? jsonPatch(live, body)
		: { object: strategicPatch(live, body as JsonObject) }
	return "object" in patched ? updateManaged(live, patched.object as KubeObject, { manager, time }) : undefined
}

describe("managedFields", () => {
	test("are a real server's, for every write of a DaemonSet that kubectl was recorded with", () => {
		let count = 0
		for (const write of writes()) {
			expect([write.exchange.cmd, managersIn(written(write))]).toEqual([write.exchange.cmd, managersIn(write.stored)])
			count++
		}
		expect(count).toBe(20)
	})

	test("are a real server's, for pods that a controller made and a kubelet runs", () => {
		let count = 0
		for (const pod of recorded("Pod")) {
			const { managedFields = [], ...metadata } = pod.metadata
			if (managedFields.length !== 2 || pod.metadata.deletionTimestamp !== undefined) continue
			const shown = withControlPlane(withoutToken({ ...pod, metadata }))
			const untimed = (entries: readonly JsonObject[]) => entries.map(({ time: _, ...entry }) => entry)
			const want = managedFields.map((entry) =>
				entry["manager"] === "fakekubelet" ? { ...entry, manager: "kubelet" } : entry,
			)
			expect(untimed(shown.metadata.managedFields ?? [])).toEqual(untimed(want))
			count++
		}
		expect(count).toBeGreaterThan(5)
	})

	test("are a real server's, for every Event that somebody wrote once", () => {
		let count = 0
		for (const event of recorded("Event")) {
			const [entry, ...others] = event.metadata.managedFields ?? []
			if (entry === undefined || others.length > 0 || entry["apiVersion"] !== event.apiVersion) continue
			const { manager, time } = entry as { readonly manager: string; readonly time: string }
			const written = updateManaged(undefined, decode(event).object as KubeObject, { manager, time })
			expect([event.metadata.name, written.metadata.managedFields]).toEqual([event.metadata.name, [entry]])
			count++
		}
		expect(count).toBeGreaterThan(100)
	})
})
