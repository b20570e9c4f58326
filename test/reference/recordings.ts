import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { afterAll, expect, test } from "vitest"
import type { JsonObject } from "../../src/base/index.ts"
import type { KubeObject } from "../../src/kube/index.ts"

export type Status = {
	readonly message: string
	readonly reason?: string
	readonly code?: number
	readonly details?: { readonly causes?: readonly { readonly reason: string; readonly field: string }[] }
}
export type Recording = {
	readonly id: string
	readonly resource: "daemonsets" | "nodes" | "priorityclasses"
	readonly description: string
	readonly verdict: "accepted" | "rejected"
	readonly code: number
	readonly warnings: readonly string[]
	readonly object?: KubeObject
	readonly status?: Status
}

const OWN_DATA = fileURLToPath(new URL("data", import.meta.url))
const TYPES = {
	daemonsets: { apiVersion: "apps/v1", kind: "DaemonSet" },
	nodes: { apiVersion: "v1", kind: "Node" },
	priorityclasses: { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" },
} as const

/** The recordings of a real API server, from `REFERENCE_DATA` where that is set. */
function readRecordings<R extends Recording>(name: string): readonly R[] {
	const path = join(process.env["REFERENCE_DATA"] ?? OWN_DATA, `${name}.jsonl.gz`)
	const lines = gunzipSync(readFileSync(path)).toString("utf8").split("\n")
	return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as R)
}

/**
 * Why a recording is not about one object alone, where it is not: the manifest reader refuses bodies that are no JSON or
 * repeat a member, other objects are the cluster's, other managers' fields are not kept yet.
 */
export function beyondOneObject({ code, status }: Recording): string | undefined {
	const message = status?.message ?? ""
	if (/json parse error|duplicate field/.test(message)) return "the text of the body"
	if (/^the namespace of the provided object/.test(message)) return "the request's namespace"
	if (code === 403 || /already exists$/.test(message)) return "other objects"
	return /^Apply failed with/.test(message) ? "managed fields" : undefined
}

/** One test over all recordings of a file; prints `reference NAME: N passed, M failed, L left out`. */
export function recordingSuite<R extends Recording>(
	name: string,
	title: string,
	check: (given: R) => string | undefined,
): void {
	const tally = { passed: 0, out: 0, failures: [] as string[] }
	afterAll(() => {
		const { passed, failures, out } = tally
		process.stdout.write(`reference ${name}: ${passed} passed, ${failures.length} failed, ${out} left out\n`)
	})
	test(title, () => {
		for (const given of readRecordings<R>(name)) {
			const wrong = beyondOneObject(given) === undefined ? check(given) : null
			if (wrong === null) tally.out++
			else if (wrong === undefined) tally.passed++
			else tally.failures.push(`${given.id} (${given.description}): ${wrong}`)
		}
		expect(tally.passed).toBeGreaterThan(0)
		expect(tally.failures.slice(0, 5)).toEqual([])
	})
}

/** What the server assumes where the body does not say its type. */
export function typed(resource: Recording["resource"], object: JsonObject): KubeObject {
	return { metadata: {}, ...object, ...TYPES[resource] } as unknown as KubeObject
}

/** Without what the server assigns by itself. */
export function comparable(object: KubeObject): KubeObject {
	const { uid: _u, creationTimestamp: _c, managedFields: _m, resourceVersion: _r, ...metadata } = object.metadata
	return { ...object, metadata }
}

export function causesOf(status: Status | undefined): readonly string[] {
	return [...new Set((status?.details?.causes ?? []).map(({ reason, field }) => `${reason} ${field}`))].sort()
}
