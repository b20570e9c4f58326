import { byCodeUnit } from "../../base/index.ts"
import type { Cluster, LeftOut, Standing } from "../../cluster/index.ts"
import { type DaemonSet, failurePolicyOf, type ObjectKey, type Pause, pauseOf, sayPause } from "../../kube/index.ts"
import { AUTOMATON } from "../failure.ts"
import type { History } from "../history.ts"
import { type CauseWord, causeOf, type NodeCause } from "./cause.ts"
import { sentenceOf } from "./sentence.ts"

/** How many nodes of one cause are told in full. */
const EXAMPLES = 3

/** Where a DaemonSet stands and what keeps it. The same for every command; plain JSON, instants are cluster time. */
export type Why = {
	/**
	 * `done`; `going-on`: nobody needs to do anything; `waiting`: somebody or something has to; `failing`: on
	 * some node it is the new version's fault (rule V1); `paused`.
	 */
	readonly state: "done" | "going-on" | "waiting" | "failing" | "paused"
	readonly sentence: string
	readonly rollout?: number
	/** Who paused it, where somebody did. */
	readonly pause?: Pause
	readonly nodes: Pick<Standing, "desired" | "updated" | "available" | "waiting">
	/** Absent under OnDelete. `by`: the nodes that use it, the first few by name. */
	readonly budget?: NonNullable<Standing["budget"]> & { readonly by: readonly string[] }
	readonly leftOut: { readonly nodes: number; readonly reasons: readonly LeftOut[] }
	/** Those that nothing passes by itself first, then the most frequent. */
	readonly causes: readonly CauseGroup[]
	/** The version that is rolled out: on how many nodes it is healthy, and on how many it is at fault. */
	readonly version: { readonly hash: string; readonly healthy: number; readonly failing: number }
}

/** Nodes with one cause, of pods of one version; the first few in full, by name. */
export type CauseGroup = {
	readonly cause: CauseWord
	readonly version?: "new" | "old"
	readonly blames: boolean
	readonly passes: boolean
	readonly nodes: number
	readonly usingBudget: number
	readonly examples: readonly NodeCause[]
}

type Known = Pick<Cluster, "standing" | "read" | "now">

/** Undefined where there is no such DaemonSet. The cost follows the nodes in trouble. */
export function whyOf(cluster: Known, history: History, daemonSet: ObjectKey): Why | undefined {
	const standing = cluster.standing(daemonSet)
	if (standing === undefined) return undefined
	const story = history.daemonSets.get(daemonSet)
	const object = cluster.read(daemonSet) as DaemonSet | undefined
	const kills = story?.board.kills(cluster.now()) === true
	const by: string[] = []
	const groups = new Map<string, { -readonly [K in keyof CauseGroup]: CauseGroup[K] } & { examples: NodeCause[] }>()
	for (const trouble of standing.trouble) {
		const told = story?.board.causeOn(trouble.node) ?? ""
		const cause = causeOf(trouble, { now: cluster.now(), told, killed: kills && story.board.killed(trouble.node) })
		if (cause.usesBudget && by.length < EXAMPLES) by.push(cause.node)
		const key = `${cause.cause}/${cause.version ?? ""}`
		const group = groups.get(key) ?? { ...groupOf(cause), examples: [] }
		groups.set(key, group)
		group.nodes++
		if (cause.usesBudget) group.usingBudget++
		if (group.examples.length < EXAMPLES) group.examples.push(cause)
	}
	const causes = [...groups.values()].sort(
		(a, b) => Number(a.passes) - Number(b.passes) || b.nodes - a.nodes || byCodeUnit(a.cause, b.cause),
	)
	const { budget, hash, healthy } = standing
	const failing = causes.reduce((sum, { blames, nodes }) => sum + (blames ? nodes : 0), 0)
	const pause = pauseOf(object)
	const rollsBack = pause?.by === AUTOMATON && failurePolicyOf(object)?.onFailure === "rollback"
	const version = { hash, healthy, failing }
	const facts = { standing, causes, paused: pause && sayPause(pause), rollsBack, version, by }
	return {
		...sentenceOf(daemonSet, facts),
		...(story === undefined ? {} : { rollout: story.rollout.number }),
		...(pause === undefined ? {} : { pause }),
		nodes: pick(standing),
		...(budget === undefined ? {} : { budget: { ...budget, by } }),
		leftOut: { nodes: standing.leftOut.reduce((sum, { nodes }) => sum + nodes, 0), reasons: standing.leftOut },
		causes,
		version,
	}
}

function groupOf({ cause, version, blames, passes }: NodeCause) {
	return { cause, ...(version === undefined ? {} : { version }), blames, passes, nodes: 0, usingBudget: 0 }
}

function pick({ desired, updated, available, waiting }: Standing): Why["nodes"] {
	return { desired, updated, available, waiting }
}
