import type { Input } from "../cluster/index.ts"
import { type DaemonSet, type FailurePolicy, keyParts, type ObjectKey } from "../kube/index.ts"
import { Board, type SavedBoard } from "./board.ts"
import type { RevisionRef, RolloutTrigger, RolloutVerdict } from "./contract.ts"
import { NodeTable, type SavedNodes } from "./node-table.ts"

/** Everything that the fold remembers. It is changed in place; `saveHistory` gives a copy as plain JSON. */
export type History = {
	/** The number that the next rollout gets: over all DaemonSets, never given twice. */
	nextRollout: number
	readonly nodes: NodeTable
	readonly daemonSets: Map<ObjectKey, DaemonSetStory>
	/** What touched a DaemonSet last: it brought the revision that comes next. */
	readonly triggers: Map<ObjectKey, RolloutTrigger>
	/** DaemonSets whose rollout is not complete. */
	readonly open: Set<ObjectKey>
	/** DaemonSets with a failure policy, or paused: no others need a look at every instant. Derived from their stories. */
	readonly watched: Set<ObjectKey>
	/** Who wants to know of every node that loses its available pod, or has one again. Not saved. */
	watcher?: Watcher
}

/** A node of a DaemonSet that is wanted there is without an available pod from now on, or has one again. */
export type Watcher = (daemonSet: ObjectKey, node: string, down: boolean) => void

export type DaemonSetStory = {
	readonly uid: string
	readonly board: Board
	readonly rollout: Rollout
	status: Status
	/** What its annotations ask for where a rollout fails. */
	policy?: FailurePolicy | undefined
	paused?: boolean
	/** The rollout for which Rollcall itself paused it. */
	stoppedFor?: number | undefined
	/** What `settle` saw last: as long as it is the same, nothing has moved. */
	settledAs?: string
}

/** The newest rollout of a DaemonSet, running or over. */
export type Rollout = {
	readonly number: number
	readonly startedAt: number
	readonly trigger: RolloutTrigger
	readonly from?: RevisionRef
	readonly to: RevisionRef
	/** The DaemonSet's spec as the rollout found it. */
	readonly object: DaemonSet | undefined
	verdict?: RolloutVerdict
	/** When it last came further than ever before, or was resumed; absent: when it started. */
	progressAt?: number
	/** Nodes updated and nodes available, added up: the most so far. */
	best?: number
	/** The rule by which it failed: one rollout fails once. */
	failedBy?: FailureRule
	/** Numbers and causes that it was stuck with, so that none is told twice. */
	told?: readonly string[]
}

export type FailureRule = "failure-threshold" | "progress-deadline"

export type Status = { readonly desired: number; readonly updated: number; readonly available: number }

export function createHistory(): History {
	const [daemonSets, triggers] = [new Map(), new Map()]
	return { nextRollout: 1, nodes: new NodeTable(), daemonSets, triggers, open: new Set(), watched: new Set() }
}

/** Tells the nodes that are down now, and every change from here on, at the cost of the change. */
export function watch(history: History, watcher: Watcher): void {
	history.watcher = watcher
	for (const [daemonSet, { board }] of history.daemonSets) watchBoard(history, daemonSet, board)
}

export function watchBoard({ watcher }: History, daemonSet: ObjectKey, board: Board): void {
	if (watcher !== undefined) board.watch((node, down) => watcher(daemonSet, node, down))
}

/** Tells who is about to touch which objects: call it before the facts of that input are folded. */
export function noteInput(history: History, source: Input["source"], keys: Iterable<ObjectKey>): void {
	const trigger = triggerOf(source)
	for (const key of keys) {
		if (keyParts(key).kind !== "DaemonSet") continue
		const commit = source.kind === "commit" ? source.by?.[key] : undefined
		history.triggers.set(key, commit === undefined ? trigger : { kind: "commit", commit })
	}
}

type SavedStory = Omit<DaemonSetStory, "board"> & { readonly board: SavedBoard }

/** Changes whenever a node of the DaemonSet, or what its status says, changes. */
export function versionOf(history: History, story: DaemonSetStory): string {
	const { desired, updated, available } = story.status
	return [history.nodes.version, story.board.version, desired, updated, available].join(" ")
}

export type SavedHistory = {
	readonly nextRollout: number
	readonly nodes: SavedNodes
	readonly daemonSets: readonly (readonly [ObjectKey, SavedStory])[]
	readonly triggers: readonly (readonly [ObjectKey, RolloutTrigger])[]
	readonly open: readonly ObjectKey[]
}

/** Plain JSON; `loadHistory` gives the same history back. */
export function saveHistory(history: History): SavedHistory {
	return {
		nextRollout: history.nextRollout,
		nodes: history.nodes.save(),
		daemonSets: [...history.daemonSets].map(([key, story]) => [
			key,
			{ ...story, board: story.board.save(), rollout: { ...story.rollout } },
		]),
		triggers: [...history.triggers],
		open: [...history.open],
	}
}

export function loadHistory(saved: SavedHistory): History {
	const nodes = NodeTable.load(saved.nodes)
	const stories = saved.daemonSets.map(([key, story]): [ObjectKey, DaemonSetStory] => {
		return [key, { ...story, board: new Board(nodes, key, story.board), rollout: { ...story.rollout } }]
	})
	return {
		nextRollout: saved.nextRollout,
		nodes,
		daemonSets: new Map(stories),
		triggers: new Map(saved.triggers),
		open: new Set(saved.open),
		watched: new Set(stories.filter(([, story]) => isWatched(story)).map(([key]) => key)),
	}
}

/** A copy that shares nothing that changes; nobody watches it. */
export function forkHistory(history: History): History {
	const nodes = history.nodes.fork()
	const stories = [...history.daemonSets].map(([key, story]): [ObjectKey, DaemonSetStory] => {
		return [key, { ...story, board: story.board.fork(nodes, key), rollout: { ...story.rollout } }]
	})
	return {
		nextRollout: history.nextRollout,
		nodes,
		daemonSets: new Map(stories),
		triggers: new Map(history.triggers),
		open: new Set(history.open),
		watched: new Set(history.watched),
	}
}

export function isWatched({ policy, paused }: DaemonSetStory): boolean {
	return policy !== undefined || paused === true
}

function triggerOf(source: Input["source"]): RolloutTrigger {
	if (source.kind === "commit") return { kind: "commit", commit: source.commit }
	if (source.kind === "client") return { kind: "client", client: source.client }
	if (source.kind === "engine") return { kind: "engine", rule: source.rule }
	return { kind: "fleet" }
}
