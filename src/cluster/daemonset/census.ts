import { type Instant, wholeSecond } from "../../base/index.ts"

/**
 * What one DaemonSet's rules need to know of the cluster at one moment: its nodes by verdict, counted and in order of
 * name. Two makers: `takeCensus` from plain objects, and the running census, kept by changes. Decisions read only this.
 */
export type Census = {
	readonly now: Instant
	readonly settings: CensusSettings
	/** How many nodes have the flag. */
	count(flag: Verdict): number
	/** Nodes that have at least one of the flags, by name; lazily, so that taking ten of a million costs ten. */
	inOrder(flags: Verdict): Iterable<NodeHandle>
	nodeName(node: NodeHandle): string
	/** Valid until the census changes or the next entry is asked for: a maker may use one object again. */
	entry(node: NodeHandle): Entry
}

/** The maker's own number of a node (existing or not), and of a pod. */
export type NodeHandle = number
export type PodHandle = number

/** The node is one that exists, or one that a pod names (rule C1). */
export type Entry = {
	readonly exists: boolean
	/** Both false where it does not exist. */
	readonly shouldRun: boolean
	readonly shouldContinue: boolean
	/** The DaemonSet's pods here, in the order of rule M5 (`facetOrder`). Invisible ones (rules C1, C3) are left out. */
	readonly pods: readonly Facet[]
}

/** A pod as the rules see it. */
export type Facet = {
	readonly pod: PodHandle
	/** `spec.nodeName` is set: bound, not only pinned. */
	readonly assigned: boolean
	readonly phase: "failed" | "succeeded" | "other"
	readonly terminating: boolean
	/** Its hash label is the current revision's: all that the placement pass looks at (rule M6). */
	readonly hashIsCurrent: boolean
	/** The side it is on; see `CensusSettings.newSide`. */
	readonly side: Side
	readonly ready: boolean
	/** Whole seconds; undefined where the condition has no transition time. */
	readonly readySince: Instant | undefined
	/** It is Ready, or was. */
	readonly served: boolean
}

/**
 * *Old* and *new* are roles of two sides. Pods of the current template (rule R3: hash or template generation) are on
 * the new side, all others on the other one. A new template gives the emptier side the role *new* (after what was left
 * there has been judged again), so that a million nodes become old without being touched.
 */
export type Side = 0 | 1

/** All that a verdict depends on besides the entry and the time. */
export type CensusSettings = {
	readonly newSide: Side
	/** Rule M6. */
	readonly surge: boolean
	readonly minReadySeconds: number
}

/** A set of `Flag`s: what each rule sees of one node. */
export type Verdict = number

export const Flag = {
	/** The placement pass creates a pod here. */
	Create: 1 << 0,
	/** The placement pass deletes pods here: `excessPods` says which. */
	Excess: 1 << 1,
	/** The placement pass deletes failed pods here, as the back-off allows: `failedPods` (rule M3). */
	Failed: 1 << 2,
	/** Uses the budget (rule R5). */
	Unavailable: 1 << 3,
	/** In progress (rule R7). */
	Surging: 1 << 4,
	/** The new pod is available, the old one may go (rule R7). */
	Surged: 1 << 5,
	/** Counts as available where old pods on nodes that no longer match wait for their turn (rule R8). */
	Serving: 1 << 6,
	/** Rule S1, as are the next five. */
	Desired: 1 << 7,
	Current: 1 << 8,
	Misscheduled: 1 << 9,
	Ready: 1 << 10,
	Available: 1 << 11,
	/** More than one pod: the verdict depends on the roles, so a new template judges the node again. */
	Mixed: 1 << 12,
} as const

/** Flags that come once per side, so that they hold whichever role the sides have: `onSide(SidedFlag.Lone…, side)`. */
export const SidedFlag = {
	/** Desired here, and the pod that status judges is on this side (rule S1). */
	Judged: 1 << 13,
	/** The only live pod, on a node that should run one. */
	LoneAvailable: 1 << 14,
	LoneUnavailable: 1 << 15,
	/** The only live pod, on a node that exists and should not run one. */
	LeavingAvailable: 1 << 16,
	LeavingUnavailable: 1 << 17,
	/** The only live pod, on a node that does not exist. */
	LostAvailable: 1 << 18,
	LostUnavailable: 1 << 19,
} as const

/** Verdicts use the bits below this one. */
export const VERDICT_BITS = 27

/** The flags as they are written for one side. */
export function onSide(flags: Verdict, side: Side): Verdict {
	return side === 0 ? flags : flags << 7
}

export function oldSide(settings: CensusSettings): Side {
	return settings.newSide === 0 ? 1 : 0
}

/** What every rule sees of the node at `now`. */
export function judge(entry: Entry, settings: CensusSettings, now: Instant): Verdict {
	return (
		placementVerdict(entry, settings, now) | rolloutVerdict(entry, settings, now) | statusVerdict(entry, settings, now)
	)
}

/** When the verdict may next change by time alone: a ready pod turns available (rule R4). */
export function ripensAt(entry: Entry, settings: CensusSettings, now: Instant): Instant | undefined {
	let next: Instant | undefined
	for (const facet of entry.pods) {
		if (!facet.ready || facet.readySince === undefined) continue
		const at = facet.readySince + settings.minReadySeconds * 1000
		if (at > now && (next === undefined || at < next)) next = at
	}
	return next
}

/** R4: Ready for minReadySeconds; exactly that long is enough. T1: in whole seconds. */
export function isAvailable(facet: Facet, settings: CensusSettings, now: Instant): boolean {
	if (!facet.ready) return false
	if (settings.minReadySeconds === 0) return true
	return facet.readySince !== undefined && facet.readySince + settings.minReadySeconds * 1000 <= wholeSecond(now)
}

/** M5: bound first, then the oldest, then by name. */
export function facetOrder(a: FacetRank, b: FacetRank): number {
	if (a.assigned !== b.assigned) return a.assigned ? -1 : 1
	if (a.createdAt !== b.createdAt) return a.createdAt - b.createdAt
	return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
/** `createdAt` in whole seconds (rule T1). */
export type FacetRank = { readonly assigned: boolean; readonly createdAt: Instant; readonly name: string }

/** The pods that the placement pass deletes here whatever the back-off: rules M1, M2, M5, M6, M7; `hard`: rule R11. */
export function excessPods(entry: Entry, settings: CensusSettings, now: Instant, hard = false): PodHandle[] {
	const excess: PodHandle[] = []
	if (!entry.exists) {
		// M7: what no kubelet and no garbage collection will ever see.
		for (const facet of entry.pods) if (!facet.assigned) excess.push(facet.pod)
		return excess
	}
	if (!entry.shouldContinue) {
		for (const facet of entry.pods) if (!facet.terminating) excess.push(facet.pod)
		return excess
	}
	for (const facet of entry.pods) if (!facet.terminating && facet.phase === "succeeded") excess.push(facet.pod)
	const running = entry.pods.filter(isRunning)
	if (running.length > 1) {
		excess.push(
			...(settings.surge ? surgeExcess(running, settings, now, hard) : running.slice(1).map(({ pod }) => pod)),
		)
	}
	return excess
}

/** The failed pods that the placement pass would delete here, one a pass (rules M2, M3). */
export function failedPods(entry: Entry): PodHandle[] {
	if (!entry.shouldContinue) return []
	return entry.pods.filter(isFailed).map(({ pod }) => pod)
}

/** R3, R5: the only live pod, or the pair of them; undefined where one side has more than one. */
export function livePods(entry: Entry, settings: CensusSettings): LivePods | undefined {
	let old: Facet | undefined
	let current: Facet | undefined
	for (const facet of entry.pods) {
		if (facet.terminating) continue
		if (facet.side === settings.newSide) {
			if (current !== undefined) return undefined
			current = facet
		} else {
			if (old !== undefined) return undefined
			old = facet
		}
	}
	return { old, current }
}
export type LivePods = { readonly old: Facet | undefined; readonly current: Facet | undefined }

function placementVerdict(entry: Entry, settings: CensusSettings, now: Instant): Verdict {
	const { pods } = entry
	if (pods.length === 0) return entry.shouldRun ? Flag.Create : 0
	const first = pods[0] as Facet
	// The common case, without a list: one pod that runs where it may.
	if (pods.length === 1 && entry.exists && entry.shouldContinue && isRunning(first)) return 0
	let verdict = excessPods(entry, settings, now).length > 0 ? Flag.Excess : 0
	if (!entry.exists || !entry.shouldContinue) return verdict
	if (pods.some(isFailed)) verdict |= Flag.Failed
	// M4: without surge the replacement waits until the old pod is gone, not only terminating.
	if (settings.surge && entry.shouldRun && !pods.some(isRunning)) verdict |= Flag.Create
	return verdict
}

function rolloutVerdict(entry: Entry, settings: CensusSettings, now: Instant): Verdict {
	if (!entry.shouldRun && entry.pods.length === 0) return 0
	const mixed = entry.pods.length > 1 ? Flag.Mixed : 0
	const live = livePods(entry, settings)
	if (live === undefined) return mixed | Flag.Unavailable | Flag.Surging
	const { old, current } = live
	const serving = old ?? current
	if (serving === undefined) return mixed | Flag.Unavailable
	const available = isAvailable(serving, settings, now)
	let verdict = mixed | (available ? Flag.Serving : 0)
	if (old !== undefined && current !== undefined) {
		return verdict | Flag.Unavailable | (isAvailable(current, settings, now) ? Flag.Surged : Flag.Surging)
	}
	if (!available) verdict |= Flag.Unavailable
	return verdict | onSide(loneFlag(entry, available), serving.side)
}

function loneFlag(entry: Entry, available: boolean): Verdict {
	if (entry.shouldRun) return available ? SidedFlag.LoneAvailable : SidedFlag.LoneUnavailable
	if (entry.exists) return available ? SidedFlag.LeavingAvailable : SidedFlag.LeavingUnavailable
	return available ? SidedFlag.LostAvailable : SidedFlag.LostUnavailable
}

// S1: only the first pod is judged, even a terminating one.
function statusVerdict(entry: Entry, settings: CensusSettings, now: Instant): Verdict {
	const first = entry.pods[0]
	if (!entry.shouldRun) return entry.exists && first !== undefined ? Flag.Misscheduled : 0
	if (first === undefined) return Flag.Desired
	let verdict = Flag.Desired | Flag.Current | onSide(SidedFlag.Judged, first.side)
	if (first.ready) verdict |= Flag.Ready
	if (isAvailable(first, settings, now)) verdict |= Flag.Available
	return verdict
}

// M6: the oldest new and the oldest old pod stay; the old one only while it is needed. R11: or may be needed again.
function surgeExcess(running: readonly Facet[], settings: CensusSettings, now: Instant, hard: boolean): PodHandle[] {
	const newest = running.find((facet) => facet.hashIsCurrent)
	const old = running.find((facet) => !facet.hashIsCurrent)
	const excess = running.filter((facet) => facet !== newest && facet !== old).map(({ pod }) => pod)
	if (newest !== undefined && old !== undefined && ((!old.ready && !hard) || isAvailable(newest, settings, now))) {
		excess.push(old.pod)
	}
	return excess
}

function isRunning(facet: Facet): boolean {
	return !facet.terminating && facet.phase === "other"
}

function isFailed(facet: Facet): boolean {
	return !facet.terminating && facet.phase === "failed"
}
