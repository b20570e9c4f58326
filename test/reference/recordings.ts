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
export const TYPES = {
	daemonsets: { apiVersion: "apps/v1", kind: "DaemonSet", namespace: "default" },
	nodes: { apiVersion: "v1", kind: "Node" },
	priorityclasses: { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" },
} as const

/** The recordings of a real API server, from `REFERENCE_DATA` where that is set. */
export function readRecordings<R extends Recording>(name: string): readonly R[] {
	const path = join(process.env["REFERENCE_DATA"] ?? OWN_DATA, `${name}.jsonl.gz`)
	const lines = gunzipSync(readFileSync(path)).toString("utf8").split("\n")
	return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as R)
}

/** One test over all recordings of a file; prints `reference NAME: N passed, M failed`. */
export function recordingSuite<R extends Recording>(
	name: string,
	title: string,
	check: (given: R) => string | undefined,
): void {
	const tally = { passed: 0, failures: [] as string[] }
	afterAll(() => {
		const { passed, failures } = tally
		process.stdout.write(`reference ${name}: ${passed} passed, ${failures.length} failed\n`)
	})
	test(title, () => {
		for (const given of readRecordings<R>(name)) {
			const wrong = check(given)
			if (wrong === undefined) tally.passed++
			else tally.failures.push(`${given.id} (${given.description}): ${wrong}`)
		}
		expect(tally.passed).toBeGreaterThan(0)
		expect(tally.failures.slice(0, 5)).toEqual([])
	})
}

/** What the server assumes where the body does not say its type. */
export function typed(resource: Recording["resource"], object: JsonObject): KubeObject {
	const { apiVersion, kind } = TYPES[resource]
	return { metadata: {}, ...object, apiVersion, kind } as unknown as KubeObject
}

/** Without what the server assigns by itself. */
export function comparable(object: KubeObject): KubeObject {
	const { uid: _u, creationTimestamp: _c, managedFields: _m, resourceVersion: _r, ...metadata } = object.metadata
	return { ...object, metadata }
}

export function causesOf(status: Status | undefined): readonly string[] {
	return [...new Set((status?.details?.causes ?? []).map(({ reason, field }) => `${reason} ${field}`))].sort()
}
