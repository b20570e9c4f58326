import { type Cluster, createCluster } from "../../../src/cluster/index.ts"
import { type KubeObject, keyOf } from "../../../src/kube/index.ts"
import { fakeNode, playAction, type Stage } from "./actions.ts"
import { answerOf } from "./answers.ts"
import { slackSeconds } from "./freedoms.ts"
import { type Action, type Recording, type Row, startOf, type World } from "./recording.ts"
import { rowsBetween, worldAt, worldOf } from "./world.ts"

export type Played = {
	/** What our cluster's watches showed, with times counted as in the recording. */
	readonly rows: readonly Row[]
	/** Actions that could not be played, or were answered otherwise. */
	readonly problems: readonly string[]
	/** As it is in the end. */
	readonly cluster: Cluster
}

// The recordings began on clusters that had been there for a while.
const HEAD_START_MS = 60_000
const KUBECTL_SECONDS = 1
// What a write changes comes after what was before it.
const WRITE_SECONDS = 0.000_5

/** Plays a recording's manifests and actions, at their times, into our cluster. */
export function play(recording: Recording): Played {
	const startMs = startOf(recording)
	const cluster = createCluster({ seed: recording.name, start: startMs - HEAD_START_MS, controlPlaneQps: 0 })
	setUp(cluster, recording)
	cluster.advance(startMs)
	const watch = watchOf(cluster, startMs)
	const problems: string[] = []
	const used = { manifests: 0, restarts: 0 }
	for (const { t, ...what } of inputsOf(recording)) {
		watch.until("node" in what ? t : writtenAt(recording, { t, ...what }))
		if ("node" in what) relabel(cluster, what.node, what.labels)
		else {
			const answer = answerOf(cluster, what.action)
			// A command that waits says more; what it says first it says at once.
			if (answer !== undefined && !(what.output ?? "").startsWith(answer)) {
				problems.push(`${what.action}: it said ${JSON.stringify(what.output)}, ours ${JSON.stringify(answer)}`)
			}
			const world = worldAt(recording.initial, recording.trace, t)
			const problem = playAction({ cluster, recording, world, used } satisfies Stage, what.action, what)
			if (problem !== undefined) problems.push(problem)
		}
		watch.look(WRITE_SECONDS)
	}
	const end = endOf(recording)
	watch.until(end + slackSeconds(end))
	return { rows: watch.rows, problems, cluster }
}

/** When the write of an action was first seen: kubectl itself takes a while to start. */
function writtenAt({ actions, trace }: Recording, { t, action }: Action): number {
	if (!action.startsWith("kubectl")) return t
	const next = Math.min(t + KUBECTL_SECONDS, ...actions.map((other) => other.t).filter((at) => at > t))
	const words = action.replace(/ --?\S+/g, "").split(/[ /]/)
	const name = words.find((word) => trace.some((row) => row.name === word))
	const seen = trace.find((row) => row.watch !== "event" && row.t >= t && row.t < next && row.name === name)
	return seen?.t ?? t
}

export function endOf({ actions, trace }: Recording): number {
	return Math.max(0, ...actions.map(({ t }) => t), ...trace.map(({ t }) => t))
}

function setUp(cluster: Cluster, { fakeKubelet, initial }: Recording): void {
	const objects = [
		...Object.entries(initial.nodes).map(([name, { labels = {} }]) => fakeNode(name, labels)),
		...behaviors(fakeKubelet),
	]
	const writes = objects.map((object) => ({ verb: "create", key: keyOf(object), object }) as const)
	cluster.input({ source: { kind: "fleet", name: "recording" }, writes })
	for (const [name, { unschedulable, taints = [] }] of Object.entries(initial.nodes)) {
		if (unschedulable !== true && taints.length === 0) continue
		const node = fakeNode(name, initial.nodes[name]?.labels ?? {})
		const object = { ...node, spec: { unschedulable, taints } } as unknown as KubeObject
		cluster.input({
			source: { kind: "fleet", name: "recording" },
			writes: [{ verb: "update", key: keyOf(node), object }],
		})
	}
}

/** The delays of the fake kubelet, and the images whose names say how they fail. */
function behaviors({ startMs, readyMs, stopMs }: Recording["fakeKubelet"]): readonly KubeObject[] {
	const paces = { pull: "0s", start: `${startMs}ms`, ready: `${readyMs}ms`, stop: `${stopMs}ms` }
	return [
		behavior("all", paces),
		behavior("neverready", { priority: 1, failures: [{ kind: "NeverReady" }] }),
		// The fake kubelet tells of a pull that failed when it would have told of the start.
		behavior("imagepull", { priority: 1, pull: `${startMs}ms`, failures: [{ kind: "ImagePull" }] }),
		behavior("crash", { priority: 1, failures: [{ kind: "CrashLoop", after: "0s" }] }),
		behavior("failed", { priority: 1, failures: [{ kind: "Failed", after: "0s" }] }),
		behavior("succeeded", { priority: 1, failures: [{ kind: "Succeeded", after: "0s" }] }),
	]
}

function behavior(name: string, spec: object): KubeObject {
	const match = name === "all" ? {} : { match: { image: `${name}*` } }
	return {
		apiVersion: "simulation.rollcall.dev/v1alpha1",
		kind: "PodBehavior",
		metadata: { name },
		spec: { ...spec, ...match },
	} as unknown as KubeObject
}

type InputAt =
	| Action
	| { readonly t: number; readonly node: string; readonly labels: { readonly [key: string]: string } }

/** The actions, and the labels that the recorder set on nodes without saying so. */
function inputsOf({ actions, initial, trace }: Recording): readonly InputAt[] {
	const labels = new Map(Object.entries(initial.nodes).map(([name, node]) => [name, JSON.stringify(node.labels)]))
	const unsaid: InputAt[] = []
	for (const { t, watch, type, name, labels: now = {} } of trace) {
		if (watch !== "node") continue
		const said = actions.some((one) => one.t <= t && / label |-patch /.test(one.action) && one.action.includes(name))
		if (type === "MODIFIED" && !said && labels.get(name) !== JSON.stringify(now))
			unsaid.push({ t, node: name, labels: now })
		labels.set(name, JSON.stringify(now))
	}
	return [...actions, ...unsaid].sort((a, b) => a.t - b.t)
}

function relabel(cluster: Cluster, name: string, labels: { readonly [key: string]: string }): void {
	const node = fakeNode(name, labels)
	cluster.input({
		source: { kind: "fleet", name: "recording" },
		writes: [{ verb: "update", key: keyOf(node), object: node }],
	})
}

/** Looks after every entry of the timeline, as the recorder's watches did. */
function watchOf(cluster: Cluster, startMs: number) {
	const rows: Row[] = []
	let seen = cluster.sequence()
	let world: World = worldOf(cluster, new Map())
	const hashes = new Map<string, string>()
	const look = (afterSeconds = 0): void => {
		const t = (cluster.now() - startMs) / 1000 + afterSeconds
		for (const fact of cluster.facts(seen)) {
			seen = fact.sequence
			if (fact.kind !== "event") continue
			const { type, reason, message, source, regarding } = fact
			const [, kind = "", ...path] = regarding.split("/")
			const name = path.at(-1) ?? ""
			rows.push({ t, watch: "event", name, type, reason, message, source, object: `${kind}/${name}` })
		}
		const now = worldOf(cluster, hashes)
		rows.push(...rowsBetween(world, now, t))
		world = now
	}
	const until = (t: number): void => {
		const to = Math.round(startMs + t * 1000)
		for (let next = cluster.nextAt(); next !== undefined && next <= to; next = cluster.nextAt()) {
			cluster.advance(next, 1)
			look()
		}
		cluster.advance(to)
	}
	return { rows, look, until }
}
