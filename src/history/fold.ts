import type { Instant } from "../base/index.ts"
import type { Fact, FactReader, NodeReading, PodReading } from "../cluster/index.ts"
import { failurePolicyOf, fieldChanges, type KubeObject, type ObjectKey, pauseOf } from "../kube/index.ts"
import { Board } from "./board.ts"
import type { RevisionRef } from "./contract.ts"
import { AUTOMATON } from "./failure.ts"
import { type DaemonSetStory, type History, isWatched, type Rollout, versionOf, watchBoard } from "./history.ts"
import { endRollout, type Folded, sayTrigger, tellTail } from "./rollout-end.ts"
import { describe, specOf } from "./spec.ts"

type RevisionFact = Extract<Fact, { kind: "revision" }>
type StatusFact = Extract<Fact, { kind: "status" }>

/** What facts cannot say; asked once a rollout: the DaemonSet as it stands. A `Cluster` will do. */
export type Live = { read(key: ObjectKey): KubeObject | undefined }

/**
 * Takes in the facts that the reader has still before it, in their order, and gives what the ledger has to say about them.
 * `history` is changed. The cost of a fact does not depend on the number of nodes; the start and the end of a rollout walk
 * its nodes once.
 */
export function fold(history: History, facts: FactReader, live: Live): Folded {
	let out = NOTHING
	let uid: string | undefined
	let board: Board | undefined
	while (facts.next()) {
		const { kind } = facts
		if (kind === "pod") {
			const { pod } = facts
			// Neighbours are mostly of one DaemonSet.
			if (pod.daemonSetUid !== uid) {
				uid = pod.daemonSetUid
				board = boardOf(history, pod)
			}
			board?.pod(pod)
		} else if (kind === "node") {
			foldNode(history, facts.node)
		} else if (kind !== "event") {
			if (out === NOTHING) out = { entries: [], steps: new Map() }
			foldRare(history, facts.made(), live, out)
			uid = undefined
			board = undefined
		}
	}
	return out
}
const NOTHING: Folded = { entries: [], steps: new Map() }

function boardOf(history: History, { daemonSet, daemonSetUid }: PodReading): Board | undefined {
	const story = daemonSet === undefined ? undefined : history.daemonSets.get(daemonSet)
	return story?.uid === daemonSetUid ? story?.board : undefined
}

function foldRare(history: History, fact: Fact, live: Live, out: Folded): void {
	if (fact.kind === "status") foldStatus(history, fact, out)
	else if (fact.kind === "revision") foldRevision(history, fact, live, out)
	else if (fact.kind === "object" && fact.step === "deleted") endStory(history, fact.key, fact.at, out)
	else if (fact.kind === "object" && fact.step === "changed") {
		const story = history.daemonSets.get(fact.key)
		if (story !== undefined) notePolicy(history, fact.key, story, { object: live.read(fact.key), at: fact.at })
	}
}

/**
 * The cluster is settled: what is not complete now is stuck. A rollout that is stuck and moves on later ends again, with
 * another entry; one that is stuck as before is not told twice. What somebody paused is not stuck: it waits for them.
 */
export function settle(history: History, at: Instant): Folded {
	const out: Folded = { entries: [], steps: new Map() }
	for (const daemonSet of [...history.open]) {
		const story = history.daemonSets.get(daemonSet)
		if (story === undefined) continue
		// Asked at every instant while nothing moves.
		const version = versionOf(history, story)
		const waits = story.paused === true && story.stoppedFor === undefined
		if (story.settledAs === version || waits) continue
		story.settledAs = version
		if (story.status.desired === 0) complete(history, daemonSet, story, at, out)
		else endRollout(daemonSet, story, { at, verdict: "stuck" }, out)
	}
	return out
}

function foldNode(history: History, fact: NodeReading): void {
	const { nodes } = history
	nodes.countTo(fact.at)
	const node = nodes.idOf(fact)
	if (fact.step === "ready" || fact.step === "joined") nodes.mark(node, "alive")
	else if (DYING.has(fact.step)) {
		if (fact.step !== "left" && !nodes.isDead(node)) noteDeath(history, node, fact.at)
		nodes.mark(node, "dead")
	}
}
const DYING = new Set<NodeReading["step"]>(["not-ready", "unknown", "left"])

function noteDeath({ nodes, daemonSets }: History, node: number, at: Instant): void {
	nodes.noteDeath()
	for (const { board } of daemonSets.values()) board.nodeDied(node, at)
}

function foldStatus(history: History, fact: StatusFact, out: Folded): void {
	const story = history.daemonSets.get(fact.daemonSet)
	if (story === undefined || story.uid !== fact.uid) return
	const { desired, updated, available } = fact
	story.status = { desired, updated, available }
	story.board.letGo(desired)
	noteProgress(story.rollout, updated + available, fact.at)
	// The sync that made the revision also stored this status, so it has seen the new template. Without a node there is
	// nothing to complete yet: nodes that join have a taint at first (rule N8); what is settled without one is done.
	if (!history.open.has(fact.daemonSet) || desired === 0 || updated < desired || available < desired) return
	complete(history, fact.daemonSet, story, fact.at, out)
}

function complete(history: History, daemonSet: ObjectKey, story: DaemonSetStory, at: Instant, out: Folded): void {
	history.open.delete(daemonSet)
	endRollout(daemonSet, story, { at, verdict: "complete" }, out)
	story.board.forget()
}

function foldRevision(history: History, fact: RevisionFact, live: Live, out: Folded): void {
	const { daemonSet, at } = fact
	const before = history.daemonSets.get(daemonSet)
	if (before && before.uid !== fact.uid) endStory(history, daemonSet, at, out)
	const story = history.daemonSets.get(daemonSet)
	if (story?.rollout.to.hash === fact.hash) return
	if (story) closeSpan(history, daemonSet, story, at, out)
	const object = specOf(live.read(daemonSet))
	const trigger = history.triggers.get(daemonSet) ?? { kind: "engine", rule: "unknown" }
	const brought = trigger.kind === "commit" ? { commit: trigger.commit } : {}
	const to: RevisionRef = { revision: fact.revision, hash: fact.hash, ...describe(object), ...brought }
	const from = story && { from: story.rollout.to }
	const rollout: Rollout = { number: history.nextRollout++, startedAt: at, trigger, ...from, to, object }
	const fields = story ? fieldChanges(story.rollout.object, object) : []
	const board = story?.board ?? newBoard(history, daemonSet)
	board.beginSpan(fact.hash, at)
	const status = { desired: 0, available: 0, ...story?.status, updated: 0 }
	const begun: DaemonSetStory = { uid: fact.uid, board, rollout, status, stoppedFor: story?.stoppedFor }
	notePolicy(history, daemonSet, begun, { object: live.read(daemonSet), at })
	history.daemonSets.set(daemonSet, begun)
	history.open.add(daemonSet)
	out.entries.push(
		{ kind: "revision", at, daemonSet, origin: "rolled-out", ...to },
		{ kind: "rollout-started", at, rollout: rollout.number, daemonSet, trigger, ...from, to, fields },
	)
}

function newBoard(history: History, daemonSet: ObjectKey): Board {
	const board = new Board(history.nodes, daemonSet)
	watchBoard(history, daemonSet, board)
	return board
}

/** Readiness that comes and goes is no progress: it has to come further than ever before. */
function noteProgress(rollout: Rollout, come: number, at: Instant): void {
	if (rollout.best !== undefined && come > rollout.best) rollout.progressAt = at
	rollout.best = Math.max(rollout.best ?? 0, come)
}

/** While it is paused no deadline runs. */
function notePolicy(
	history: History,
	daemonSet: ObjectKey,
	story: DaemonSetStory,
	{ object, at }: { readonly object: KubeObject | undefined; readonly at: Instant },
): void {
	const pause = pauseOf(object)
	story.policy = failurePolicyOf(object)
	if (story.paused === true && pause === undefined) story.rollout.progressAt = at
	story.paused = pause !== undefined
	story.stoppedFor = pause?.by === AUTOMATON ? (story.stoppedFor ?? story.rollout.number) : undefined
	if (isWatched(story)) history.watched.add(daemonSet)
	else history.watched.delete(daemonSet)
}

/** A newer revision came: what ran is superseded, and what was over tells what happened since. */
function closeSpan(history: History, daemonSet: ObjectKey, story: DaemonSetStory, at: Instant, out: Folded): void {
	if (history.open.delete(daemonSet)) endRollout(daemonSet, story, { at, verdict: "superseded" }, out)
	else if (story.board.touched > 0) tellTail(daemonSet, story, at, false, out)
}

/** The DaemonSet is gone. */
function endStory(history: History, daemonSet: ObjectKey, at: Instant, out: Folded): void {
	const story = history.daemonSets.get(daemonSet)
	if (story === undefined) return
	const reason = `deleted by ${sayTrigger(history.triggers.get(daemonSet))}`
	if (history.open.delete(daemonSet)) endRollout(daemonSet, story, { at, verdict: "removed", reason }, out)
	else tellTail(daemonSet, story, at, true, out)
	history.daemonSets.delete(daemonSet)
	history.watched.delete(daemonSet)
	history.triggers.delete(daemonSet)
}
