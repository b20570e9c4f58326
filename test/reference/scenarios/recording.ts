import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import type { KubeObject, Taint } from "../../../src/kube/index.ts"

/** What a watch showed at `t` seconds: `watch` says of what, `type` is ADDED, MODIFIED or DELETED. */
export type Row = {
	readonly t: number
	readonly watch: string
	readonly name: string
	readonly type?: string
	readonly rv?: number
} & Partial<PodView> &
	Partial<NodeView> &
	Partial<SetView> &
	Partial<RevisionView> &
	Partial<EventView>

export type PodView = {
	readonly node: string | null
	readonly targetNode: string | null
	readonly phase: string
	readonly ready: boolean | string | null
	readonly image: string
	readonly hash: string | null
	readonly generation: string | number | null
	readonly owner: readonly string[]
	readonly terminating: boolean
	readonly waiting: string
	readonly priority: number
	readonly nominatedNodeName: string
	readonly PodScheduled: { readonly status: string; readonly reason?: string; readonly message?: string }
}
export type NodeView = {
	readonly taints: readonly Taint[]
	readonly unschedulable: boolean
	readonly ready: boolean | string | null
	readonly readyReason: string | null
	readonly labels: { readonly [key: string]: string }
}
export type SetView = {
	readonly generation: string | number | null
	readonly image: string
	readonly status: { readonly [member: string]: number }
	readonly terminating: boolean
	readonly finalizers: readonly string[]
}
export type RevisionView = { readonly revision: number; readonly owner: readonly string[]; readonly image: string }
export type EventView = {
	readonly type: string
	readonly reason: string
	readonly message: string
	readonly source: string
	readonly object: string
}

/** The objects of one moment, by name. */
export type World = {
	readonly pods: { readonly [name: string]: Partial<PodView> }
	readonly daemonsets: { readonly [name: string]: Partial<SetView> }
	readonly controllerrevisions: { readonly [name: string]: Partial<RevisionView> }
	readonly nodes: { readonly [name: string]: Partial<NodeView> }
}

export type Action = {
	readonly t: number
	readonly action: string
	readonly http?: number
	readonly output?: string
}

export type Recording = {
	readonly name: string
	readonly fakeKubelet: { readonly startMs: number; readonly readyMs: number; readonly stopMs: number }
	readonly manifests: readonly KubeObject[]
	readonly actions: readonly Action[]
	readonly initial: World
	readonly trace: readonly Row[]
	readonly final: World & {
		readonly daemonsetObjects?: readonly KubeObject[]
		readonly controllerrevisionObjects?: readonly KubeObject[]
		readonly examplePodObject?: KubeObject
	}
	readonly maxUnavailableSeen: { readonly [daemonSet: string]: number }
}

const OWN_DATA = fileURLToPath(new URL("../data", import.meta.url))

/** All recordings, from `REFERENCE_DATA` where that is set, their nodes renamed into the order that chance gave them. */
export function readScenarios(): readonly Recording[] {
	const folder = join(process.env["REFERENCE_DATA"] ?? OWN_DATA, "scenarios")
	if (!existsSync(folder)) return []
	return readdirSync(folder)
		.filter((file) => /\.json(?:\.gz)?$/.test(file))
		.sort()
		.map((file) => {
			const bytes = readFileSync(join(folder, file))
			return inOurOrder((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("utf8"))
		})
}

/** Wall time of t = 0 in ms: the names of Events hold the nanosecond they were made at, and none was seen before that. */
export function startOf({ trace }: Recording): number {
	const starts = trace.flatMap(({ watch, name, t }) => {
		const stamp = watch === "event" ? /\.([0-9a-f]{16})$/.exec(name)?.[1] : undefined
		return stamp === undefined ? [] : [Number(BigInt(`0x${stamp}`) / 1_000_000n) - t * 1000]
	})
	return Math.round(Math.max(...starts))
}

/**
 * Freedoms `node-order` and `hashes`: nodes are renamed so that the order in which the recording replaced pods is that of
 * their names, and hashes so that both clusters can share them.
 */
function inOurOrder(text: string): Recording {
	const recording = JSON.parse(text) as Recording
	const names = [
		...new Set([
			...Object.keys(recording.initial.nodes),
			...recording.trace.flatMap(({ watch, name }) => (watch === "node" ? [name] : [])),
		]),
	].sort()
	const taken = replacedFirst(recording.trace)
	const order = [...taken, ...names.filter((name) => !taken.includes(name))]
	const renamed = new Map(order.map((name, place) => [name, names[place] ?? name]))
	for (const hash of hashesOf(recording.trace)) renamed.set(hash, `hash${renamed.size - names.length + 1}`)
	const any = new RegExp(`\\b(?:${[...renamed.keys()].map((name) => name.replaceAll(".", "\\.")).join("|")})\\b`, "g")
	return sorted(JSON.parse(text.replace(any, (name) => renamed.get(name) ?? name)) as Recording)
}

/** Freedom `hashes`: the hashes of the revisions, in the order in which they came. */
function hashesOf(trace: readonly Row[]): ReadonlySet<string> {
	const revisions = byVersion(trace).filter(({ watch }) => watch === "controllerrevision")
	return new Set(revisions.map(({ name }) => name.slice(name.lastIndexOf("-") + 1)))
}

/** Nodes by when a rollout first took them: an old pod was told to go, or a new one came beside it. */
function replacedFirst(trace: readonly Row[]): readonly string[] {
	const taken = new Set<string>()
	const live = new Map<string, Row>()
	let newest: string | undefined
	for (const row of byVersion(trace)) {
		if (row.watch === "controllerrevision" && row.type !== "DELETED")
			newest = row.name.slice(row.name.lastIndexOf("-") + 1)
		if (row.watch !== "pod") continue
		const before = live.get(row.name)
		const node = row.targetNode ?? row.node ?? ""
		const beside = [...live.values()].some((other) => other.targetNode === row.targetNode && other.hash !== row.hash)
		const replaced = before?.terminating !== true && row.terminating === true && row.hash !== newest
		if (replaced || (row.type === "ADDED" && row.targetNode && beside)) taken.add(node)
		if (row.type === "DELETED") live.delete(row.name)
		else live.set(row.name, row)
	}
	return [...taken]
}

function sorted(recording: Recording): Recording {
	return { ...recording, trace: byVersion(recording.trace) }
}

/** Watches are separate streams; the resource version is the order in which the API server took the writes. */
function byVersion(trace: readonly Row[]): readonly Row[] {
	return trace.filter(({ rv }) => rv !== undefined).sort((a, b) => (a.rv ?? 0) - (b.rv ?? 0))
}
