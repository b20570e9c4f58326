import { isDeepStrictEqual } from "node:util"
import fc from "fast-check"
import { Flag, oldSide, onSide, SidedFlag } from "../../../src/cluster/daemonset/index.ts"
import { type Cluster, loadCluster } from "../../../src/cluster/index.ts"
import { type DaemonSet, type KubeObject, keyOf, prepareCreate, validateCreate } from "../../../src/kube/index.ts"
import { cluster, send } from "../../builders/cluster.ts"
import { playFreely, playHeld } from "./play.ts"
import { podObjects } from "./pods.ts"
import { censusFromScratch, living, stateOf } from "./scratch.ts"
import { CALM, KINDS, stories } from "./story.ts"

/** What holds for any story. `runs` is for `npm test`; the soak goes on for as long as it is told. */
export type Property = {
	readonly title: string
	readonly runs: number
	/** `size`: how long stories may get. */
	make(size: number): fc.IProperty<unknown>
}

export const PROPERTIES: readonly Property[] = [
	{
		title: "[S1] [R5] [R11] [M4] [K4] keeps its books, its status, its budgets and its pods as the rules ask",
		runs: 30,
		make: (size) =>
			fc.property(stories(KINDS, size), fc.constantFrom(1, 7, 40), (story, auditEvery) => {
				playHeld(story, auditEvery * (size > 10 ? 1 : 5))
			}) as fc.IProperty<unknown>,
	},
	{
		title: "[R1] [R7] ends every rollout where nothing fails and every pod fits",
		runs: 15,
		make: (size) =>
			fc.property(stories(CALM, size), (story) => {
				isRolledOut(playHeld(story, 1_000))
			}) as fc.IProperty<unknown>,
	},
	{
		title: "comes to the same digest and bytes in any slices, with saves and loads between any two entries",
		runs: 20,
		make: (size) =>
			fc.property(stories(KINDS, size), fc.integer({ min: 1, max: 40_000 }), fc.nat(9), (story, sliceMs, entries) => {
				const whole = playFreely(story, (on, to) => {
					on.advance(to)
					return on
				})
				same(whole, playFreely(story, slices(sliceMs, entries + 1)), "in slices")
				same(whole, playFreely(story, reloads(entries)), "with saves and loads")
			}) as fc.IProperty<unknown>,
	},
	{
		title: "gives back any valid pod as it was written, before and after a save and a load",
		runs: 80,
		make: () =>
			fc.property(podObjects, fc.integer({ min: 0, max: 9_000 }), (written, afterMs) => {
				readsBack(written, afterMs)
			}) as fc.IProperty<unknown>,
	},
]

function isRolledOut(on: Cluster): void {
	const state = stateOf(on)
	for (const { row } of living(state)) {
		const { spec, metadata, status } = on.read(row.key) as DaemonSet
		if (spec.updateStrategy?.type === "OnDelete") continue
		const census = censusFromScratch(on, state, row)
		const desired = census.count(Flag.Desired)
		const old = SidedFlag.Judged | SidedFlag.LoneAvailable | SidedFlag.LoneUnavailable
		if (census.count(Flag.Available) !== desired)
			throw new Error(`${row.key}: only ${census.count(Flag.Available)} of ${desired} are available`)
		if ([...census.inOrder(onSide(old, oldSide(census.settings)))].length > 0)
			throw new Error(`${row.key}: old pods are left`)
		if (status?.observedGeneration !== metadata.generation)
			throw new Error(`${row.key}: the last generation was never observed`)
	}
}

const slices = (sliceMs: number, entries: number) => (on: Cluster, to: number) => {
	for (let at = on.now() + sliceMs; at < to && on.nextAt() !== undefined; at += sliceMs) on.advance(at, entries)
	while (on.now() < to) on.advance(to, entries)
	on.advance(to)
	return on
}

const reloads = (entries: number) => (on: Cluster, to: number) => {
	on.advance(to, entries)
	const loaded = loadCluster(on.save())
	loaded.advance(to)
	return loaded
}

function same(whole: string, other: string, how: string): void {
	if (whole === other) return
	const [digest, sequence] = whole.split(" ")
	const [otherDigest, otherSequence] = other.split(" ")
	throw new Error(
		`${how}: ${digest} ${sequence} became ${otherDigest} ${otherSequence}${digest === otherDigest ? ", the bytes differ" : ""}`,
	)
}

function readsBack(written: KubeObject, afterMs: number): void {
	const prepared = prepareCreate(written)
	const on = cluster(2)
	const verdict = send(on, { verb: "create", key: keyOf(written), object: written })
	const valid = validateCreate(prepared).length === 0
	if (verdict.accepted !== valid) throw new Error(`valid is ${valid}, but accepted is ${verdict.accepted}`)
	if (!valid) return
	on.advance(on.now() + afterMs)
	for (const holder of [on, loadCluster(on.save())]) {
		const read = holder.read(keyOf(written))
		if (read === undefined) return
		const [wanted, found] = [prepared, read].map((pod) => plain({ ...asWritten(pod, read), status: undefined }))
		if (!isDeepStrictEqual(found, wanted))
			throw new Error(`read ${JSON.stringify(found)}, written ${JSON.stringify(wanted)}`)
	}
}

/** What it says, whatever its maps inherit from. */
function plain(object: object): unknown {
	return JSON.parse(JSON.stringify(object))
}

/** Without what the server says by itself: identity, times, the node where none was written, and the priority (K16). */
function asWritten({ metadata, ...rest }: KubeObject, read: KubeObject): KubeObject {
	const { uid: _uid, resourceVersion: _version, creationTimestamp: _at, generation: _generation, ...kept } = metadata
	const { priority: _priority, preemptionPolicy: _policy, ...spec } = rest["spec"] as { [member: string]: unknown }
	const { nodeName } = read["spec"] as { nodeName?: string }
	const placed = nodeName === undefined ? {} : { nodeName }
	return { ...rest, metadata: kept, spec: { ...spec, ...placed } } as unknown as KubeObject
}
