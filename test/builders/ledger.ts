import type { Input } from "../../src/cluster/index.ts"
import type { Batch, Mark, PlacedInput, Snapshot, Store } from "../../src/engine/index.ts"
import type { CommitRecord, LedgerEntry } from "../../src/history/index.ts"
import type { KubeObject, ObjectKey } from "../../src/kube/index.ts"

type Entry<Kind extends LedgerEntry["kind"]> = Extract<LedgerEntry, { kind: Kind }>

export const START = 1_760_000_000_000

const ANNA = { name: "Anna", email: "anna@example.com" }

export function daemonSetKey(name: string): ObjectKey {
	return `apps/DaemonSet/kube-system/${name}`
}

export function commitRecord(commit = "4f2c", over: Partial<CommitRecord> = {}): CommitRecord {
	const times = { authoredAt: START, committedAt: START }
	const none = { parents: [], trailers: [], brings: [] }
	return { commit, author: ANNA, committer: ANNA, subject: `Change of ${commit}`, ...times, ...none, ...over }
}

export function commitEntry(sha = "4f2c", over: Partial<Entry<"commit">> = {}): Entry<"commit"> {
	const said = { changes: [], findings: [], refused: [] }
	return { kind: "commit", at: START, commit: commitRecord(sha), verdict: "applied", ...said, ...over }
}

export function startedEntry(rollout: number, over: Partial<Entry<"rollout-started">> = {}): Entry<"rollout-started"> {
	return {
		kind: "rollout-started",
		at: START,
		rollout,
		daemonSet: daemonSetKey("fluentd"),
		trigger: { kind: "commit", commit: "4f2c" },
		from: { revision: 1, hash: "aaaa", images: ["fluentd:1"] },
		to: { revision: 2, hash: "bbbb", images: ["fluentd:2"] },
		fields: [],
		...over,
	}
}

export function endedEntry(rollout: number, over: Partial<Entry<"rollout-ended">> = {}): Entry<"rollout-ended"> {
	return {
		kind: "rollout-ended",
		at: START + 60_000,
		rollout,
		daemonSet: daemonSetKey("fluentd"),
		verdict: "complete",
		startedAt: START,
		nodes: { desired: 10, updated: 10, available: 10, mostUnavailable: 1 },
		causes: [],
		steps: { nodes: 0, hash: "" },
		...over,
	}
}

export function configMap(name: string, value = "1"): KubeObject {
	return { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: "default" }, data: { value } }
}

/** An apply of one object by a commit. */
export function applyInput(object: KubeObject, commit = "4f2c"): Input {
	const key = `/${object.kind}/${object.metadata.namespace ?? ""}/${object.metadata.name}`
	return { source: { kind: "commit", commit }, writes: [{ verb: "apply", key, manager: "rollcall", object }] }
}

export function placed(input: Input, over: Partial<PlacedInput> = {}): PlacedInput {
	return { at: START, after: 0, wall: START + 5, input, ...over }
}

export function mark(sequence: number, over: Partial<Mark> = {}): Mark {
	return { at: START + sequence, sequence, digest: `d${sequence}`, journal: 0, ...over }
}

/** The one that a restart begins with, or that a look at an earlier moment does. */
export function newestSnapshot(store: Pick<Store, "snapshots">, at?: number): Snapshot | undefined {
	for (const snapshot of store.snapshots(at)) return snapshot
	return undefined
}

export function batch(over: Partial<Batch> = {}): Batch {
	return { inputs: [], entries: [], steps: new Map(), mark: mark(1), wall: START, ...over }
}
