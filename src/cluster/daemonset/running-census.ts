import { type Instant, powerOfTwo, wholeSecond } from "../../base/index.ts"
import { addBit, type BitTree, createBitTree, deleteBit, nextBit } from "../state/bit-tree.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { nodeName, podName } from "../state/names.ts"
import { half } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import {
	type Census,
	type CensusSettings,
	type Entry,
	type Facet,
	type FacetRank,
	Flag,
	facetOrder,
	judge,
	type NodeHandle,
	onSide,
	SidedFlag,
	type Verdict,
} from "./census.ts"

/** Flags that rules ask for in the order of names; of all others only the count is kept. */
const ORDERED: Verdict = (() => {
	const sided = [
		SidedFlag.LoneAvailable,
		SidedFlag.LoneUnavailable,
		SidedFlag.LeavingAvailable,
		SidedFlag.LeavingUnavailable,
		SidedFlag.LostAvailable,
		SidedFlag.LostUnavailable,
	].reduce((all: number, flag) => all | onSide(flag, 0) | onSide(flag, 1), 0)
	return sided | Flag.Create | Flag.Excess | Flag.Failed | Flag.Surged | Flag.Mixed
})()

/** The pod phases as rows hold them (`Stage` of the kubelet). */
const FAILED = 8
const SUCCEEDED = 9

/** The census as the changes have left it, now and later: it reads the state when it is asked. A handle is a row. */
export function runningCensus(state: State, owner: DaemonSetRow): Census {
	const { census } = owner
	return {
		get now() {
			return state.now
		},
		settings: settingsOf(owner),
		count: (flag) => countOf(owner, flag),
		inOrder: (flags) => inOrder(state, owner, flags),
		nodeName: (node) => nodeName(state.strings, state.nodes.base[node] as number, state.nodes.number[node] as number),
		entry: (node) => entryOf(state, owner, node, census.places[node] as number),
	}
}

/** Judges one node again after something about it changed: O(log nodes). */
export function judgeNode(state: State, owner: DaemonSetRow, node: number, now: Instant): void {
	const { census } = owner
	makeRoom(owner, node)
	const after = verdictOf(state, owner, node, now)
	const before = census.verdicts[node] as number
	if (after === before) return
	census.verdicts[node] = after
	census.changes++
	const rank = state.nodes.rank[node] as number
	for (let rest = before ^ after; rest !== 0; rest &= rest - 1) {
		const bit = 31 - Math.clz32(rest & -rest)
		const added = (after & (1 << bit)) !== 0
		census.counts[bit] = (census.counts[bit] as number) + (added ? 1 : -1)
		if ((ORDERED & (1 << bit)) !== 0) setMember(state, owner, bit, rank, added)
	}
}

/** A node with one pod or none, as nearly all are, has one of a few verdicts: each is worked out once. */
function verdictOf(state: State, owner: DaemonSetRow, node: number, now: Instant): Verdict {
	const { pods, nodes } = state
	const place = owner.census.places[node] as number
	const only = firstMate(owner, node)
	if (only !== -1 && pods.nextMate[only] !== -1)
		return judge(entryOf(state, owner, node, place), settingsOf(owner), now)
	const kind =
		(nodes.exists[node] as number) | (place << 1) | (only === -1 ? 0 : 8 | (loneKind(state, owner, only, now) << 4))
	const known = VERDICTS[kind] as number
	if (known !== UNKNOWN) return known
	const verdict = judge(entryOf(state, owner, node, place), settingsOf(owner), now)
	VERDICTS[kind] = verdict
	return verdict
}

/** All that the verdict on a node's only pod can depend on, as bits. */
function loneKind({ pods }: State, owner: DaemonSetRow, row: number, now: Instant): number {
	const { census } = owner
	const stage = pods.stage[row] as number
	const ready = pods.ready[row] as number
	const ripe =
		census.minReadySeconds === 0 ||
		wholeSecond(pods.readySince[half(row)] as number) + census.minReadySeconds * 1000 <= wholeSecond(now)
	return (
		(pods.bound[row] as number) |
		((pods.deletedAt[half(row)] as number) > 0 ? 2 : 0) |
		(stage === FAILED ? 4 : stage === SUCCEEDED ? 8 : 0) |
		((pods.side[row] as number) << 4) |
		(ready << 5) |
		(ready === 1 && ripe ? 64 : 0) |
		(pods.hash[row] === owner.hash ? 128 : 0) |
		(census.newSide << 8) |
		(census.surge ? 512 : 0)
	)
}
const UNKNOWN = 0xffff_ffff
const VERDICTS = new Uint32Array(1 << 14).fill(UNKNOWN)

/** What rule P2 says about the node: 1 should run, 2 should continue. */
export function setPlace(owner: DaemonSetRow, node: number, place: number): void {
	makeRoom(owner, node)
	owner.census.places[node] = place
}

/** Makes the name-ordered sets again, after nodes got other ranks. */
export function orderAnew(state: State, owner: DaemonSetRow): void {
	const { census } = owner
	census.sets = census.sets.map(() => undefined)
	for (let node = 0; node < Math.min(state.nodes.rows, census.verdicts.length); node++) {
		const verdict = (census.verdicts[node] as number) & ORDERED
		for (let rest = verdict; rest !== 0; rest &= rest - 1) {
			setMember(state, owner, 31 - Math.clz32(rest & -rest), state.nodes.rank[node] as number, true)
		}
	}
}

/** A node got another rank, which no other has. */
export function moveRank(state: State, owner: DaemonSetRow, node: number, from: number, to: number): void {
	const verdict = (owner.census.verdicts[node] ?? 0) & ORDERED
	for (let rest = verdict; rest !== 0; rest &= rest - 1) {
		const bit = 31 - Math.clz32(rest & -rest)
		setMember(state, owner, bit, from, false)
		setMember(state, owner, bit, to, true)
	}
}

/** Nodes with the flag, for those who must judge them again. */
export function nodesWith(owner: DaemonSetRow, flag: Verdict): number[] {
	const { verdicts } = owner.census
	const found: number[] = []
	for (let node = 0; node < verdicts.length; node++) if (((verdicts[node] as number) & flag) !== 0) found.push(node)
	return found
}

function settingsOf({ census }: DaemonSetRow): CensusSettings {
	return census
}

function countOf({ census }: DaemonSetRow, flag: Verdict): number {
	return census.counts[31 - Math.clz32(flag)] as number
}

function inOrder(state: State, { census }: DaemonSetRow, flags: Verdict): Iterable<NodeHandle> {
	let sets: BitTree[] | undefined
	for (let rest = flags; rest !== 0; rest &= rest - 1) {
		const set = census.sets[31 - Math.clz32(rest & -rest)]
		if (set === undefined || set.count === 0) continue
		sets ??= []
		sets.push(set)
	}
	// Most syncs find nothing to do.
	return sets === undefined ? NOBODY : merged(state, sets)
}
const NOBODY: readonly NodeHandle[] = Object.freeze([])

function* merged(state: State, sets: readonly BitTree[]): Generator<NodeHandle> {
	const { atRank } = state.nodes.order
	let from = 0
	for (;;) {
		let least = -1
		for (const set of sets) {
			const rank = nextBit(set, from)
			if (rank !== -1 && (least === -1 || rank < least)) least = rank
		}
		if (least === -1) return
		yield atRank[least] as number
		from = least + 1
	}
}

function setMember(state: State, { census }: DaemonSetRow, bit: number, rank: number, member: boolean): void {
	let set = census.sets[bit]
	if (set === undefined) {
		if (!member) return
		set = createBitTree(state.nodes.order.ranks.size)
		census.sets[bit] = set
	}
	if (member) addBit(set, rank)
	else deleteBit(set, rank)
}

function makeRoom({ census }: DaemonSetRow, node: number): void {
	if (node < census.verdicts.length) return
	const size = powerOfTwo(node + 1)
	const verdicts = new Uint32Array(size)
	verdicts.set(census.verdicts)
	census.verdicts = verdicts
	const places = new Uint8Array(size)
	places.set(census.places)
	census.places = places
	const first = new Uint32Array(size)
	first.set(census.first)
	census.first = first
}

/** A pod of the DaemonSet is on the node from now on: bound, or pinned to it. */
export function linkMate({ pods }: State, owner: DaemonSetRow, node: number, row: number): void {
	makeRoom(owner, node)
	pods.nextMate[row] = firstMate(owner, node)
	owner.census.first[node] = row + 1
}

export function unlinkMate({ pods }: State, owner: DaemonSetRow, node: number, row: number): void {
	const next = pods.nextMate[row] as number
	let at = firstMate(owner, node)
	if (at === row) {
		owner.census.first[node] = next + 1
		return
	}
	while (at !== -1 && pods.nextMate[at] !== row) at = pods.nextMate[at] as number
	if (at !== -1) pods.nextMate[at] = next
}

function firstMate({ census }: DaemonSetRow, node: number): number {
	return (census.first[node] ?? 0) - 1
}

function entryOf(state: State, owner: DaemonSetRow, node: number, place: number): Entry {
	const { nodes, pods } = state
	const exists = nodes.exists[node] === 1
	const here: (Facet & { row: number })[] = []
	for (let row = firstMate(owner, node); row !== -1; row = pods.nextMate[row] as number) {
		const stage = pods.stage[row] as number
		const terminating = (pods.deletedAt[half(row)] as number) > 0
		// C3: seen by history clean-up alone.
		if (terminating && (stage === FAILED || stage === SUCCEEDED)) continue
		here.push({
			row,
			pod: row,
			assigned: pods.bound[row] === 1,
			phase: stage === FAILED ? "failed" : stage === SUCCEEDED ? "succeeded" : "other",
			terminating,
			hashIsCurrent: pods.hash[row] === owner.hash,
			side: pods.side[row] as 0 | 1,
			ready: pods.ready[row] === 1,
			readySince: wholeSecond(pods.readySince[half(row)] as number),
			served: pods.ready[row] === 1 || pods.readySince[half(row)] !== pods.boundAt[half(row)],
		})
	}
	if (here.length > 1) here.sort((a, b) => facetOrder(rankOf(state, a), rankOf(state, b)))
	return { exists, shouldRun: exists && (place & 1) !== 0, shouldContinue: exists && (place & 2) !== 0, pods: here }
}

function rankOf({ pods, strings }: State, { row, assigned }: Facet & { row: number }): FacetRank {
	return {
		assigned,
		createdAt: wholeSecond(pods.createdAt[half(row)] as number),
		name: podName(strings, pods.base[row] as number, pods.number[row] as number),
	}
}
