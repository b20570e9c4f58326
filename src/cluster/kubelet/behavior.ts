import { byCodeUnit, parseDuration } from "../../base/index.ts"
import {
	compileSelector,
	type LabelSelector,
	type PodBehavior,
	type PodFailure,
	type StringMap,
} from "../../kube/index.ts"
import { type Spread, spread, spreadOf } from "./spread.ts"

/** How pods behave: what PodBehaviors say, filled up with the defaults. */
export type Behavior = {
	readonly pull: Spread
	readonly start: Spread
	readonly ready: Spread
	readonly stop: Spread
	readonly failures: readonly Failure[]
}

export type Failure = {
	readonly kind: PodFailure["kind"]
	/** It counts for the throws below this that no earlier one took; 2^32 is all. */
	readonly below: number
	readonly afterMs: number
	readonly exitCode: number
	readonly message: string
	/** How often it fails before it works. */
	readonly times: number
}

/** Behaviors made ready for many pods, in the order in which they count. */
export type BehaviorTable = readonly Rule[]
type Rule = {
	readonly matches: (pod: PodTraits, nodeLabels: StringMap) => boolean
	readonly says: Partial<Behavior>
}

export type PodTraits = { readonly labels: StringMap; readonly images: readonly string[] }

/** L2: the paces of an ordinary agent. */
export const DEFAULT_BEHAVIOR: Behavior = {
	pull: spread(2_000, 6_000, 20_000),
	start: spread(800, 1_500, 3_000),
	ready: spread(1_000, 2_000, 5_000),
	stop: spread(800, 2_000, 5_000),
	failures: [],
}

/** Whether any of them tells nodes apart by this label: then nodes that differ in it alone are not alike. */
export function asksForNodeLabel(behaviors: Iterable<PodBehavior>, label: string): boolean {
	for (const { spec } of behaviors) {
		const { matchLabels = {}, matchExpressions = [] } = spec.match?.nodes ?? {}
		if (Object.hasOwn(matchLabels, label) || matchExpressions.some(({ key }) => key === label)) return true
	}
	return false
}

/** L3: the highest priority first, then by name. A part that cannot be read matches nothing, or says nothing. */
export function behaviorTable(behaviors: Iterable<PodBehavior>): BehaviorTable {
	return inOrder(behaviors).map((behavior) => ({ matches: matcher(behavior.spec.match), says: sayings(behavior.spec) }))
}

function inOrder(behaviors: Iterable<PodBehavior>): PodBehavior[] {
	return [...behaviors].sort(
		(a, b) => (b.spec.priority ?? 0) - (a.spec.priority ?? 0) || byCodeUnit(a.metadata.name, b.metadata.name),
	)
}

/** L3: what the first matching behavior leaves out comes from the next one, then from the defaults. */
export function behaviorFor(table: BehaviorTable, pod: PodTraits, nodeLabels: StringMap): Behavior {
	const says = table.filter((rule) => rule.matches(pod, nodeLabels)).map((rule) => rule.says)
	return Object.assign({}, DEFAULT_BEHAVIOR, ...says.reverse())
}

/** Who says how such pods behave: the behaviors by name, as they count, and the paces that the defaults give. */
export type Spoken = { readonly behaviors: readonly string[]; readonly defaults: readonly (keyof Behavior)[] }

/** The same as `behaviorFor`, on nodes of any kind: one that is for some nodes alone counts as well. */
export function spokenFor(behaviors: Iterable<PodBehavior>, pod: PodTraits): Spoken {
	const speaking = inOrder(behaviors).filter(({ spec: { match } }) => matcher({ ...match, nodes: {} })(pod, {}))
	const said = new Set(speaking.flatMap(({ spec }) => Object.keys(sayings(spec))))
	return {
		behaviors: speaking.map(({ metadata }) => metadata.name),
		defaults: (["pull", "start", "ready", "stop"] as const).filter((part) => !said.has(part)),
	}
}

/** L4: the failure that a pod's throw falls into; -1 for none. */
export function failureAt(failures: readonly Failure[], thrown: number): number {
	for (let index = 0; index < failures.length; index++) {
		if (thrown < (failures[index]?.below ?? 0)) return index
	}
	return -1
}

function matcher(match: PodBehavior["spec"]["match"]): Rule["matches"] {
	const image = match?.image === undefined ? undefined : globOf(match.image)
	const labels = labelTest(match?.labels)
	const nodes = labelTest(match?.nodes)
	return (pod, nodeLabels) =>
		(image === undefined || pod.images.some((name) => image(name))) && labels(pod.labels) && nodes(nodeLabels)
}

function labelTest(selector: LabelSelector | undefined): (labels: StringMap) => boolean {
	if (selector === undefined) return () => true
	const compiled = compileSelector(selector)
	return "error" in compiled ? () => false : compiled.matches
}

/** Walks pattern and text side by side; only the last star is tried again, so a hostile pattern costs no more than n·m. */
export function globOf(pattern: string): (text: string) => boolean {
	return (text) => {
		let at = 0
		let star = -1
		let mark = 0
		let index = 0
		while (index < text.length) {
			const sign = pattern[at]
			if (sign === "*") {
				star = at++
				mark = index
			} else if (sign !== undefined && (sign === "?" || sign === text[index])) {
				at++
				index++
			} else if (star >= 0) {
				at = star + 1
				index = ++mark
			} else {
				return false
			}
		}
		while (pattern[at] === "*") at++
		return at === pattern.length
	}
}

function sayings(spec: PodBehavior["spec"]): Partial<Behavior> {
	const says: { -readonly [Part in keyof Behavior]?: Behavior[Part] } = {}
	for (const part of ["pull", "start", "ready", "stop"] as const) {
		const given = spec[part]
		const read = given === undefined ? undefined : spreadOf(given)
		if (read !== undefined) says[part] = read
	}
	if (spec.failures !== undefined) says.failures = failuresOf(spec.failures)
	return says
}

function failuresOf(failures: readonly PodFailure[]): readonly Failure[] {
	let share = 0
	return failures.map((failure) => {
		share += shareOf(failure.share)
		return {
			kind: failure.kind,
			below: Math.min(Math.round(share * 0x1_0000_0000), 0x1_0000_0000),
			afterMs: (failure.after === undefined ? undefined : parseDuration(failure.after)) ?? 1_000,
			exitCode: exitCodeOf(failure),
			message: failure.message ?? "",
			times: failure.times ?? (failure.kind === "NodeDown" ? 1 : Number.POSITIVE_INFINITY),
		}
	})
}

function exitCodeOf({ kind, exitCode }: PodFailure): number {
	if (kind === "OutOfMemory") return 137
	return exitCode ?? (kind === "Succeeded" ? 0 : 1)
}

function shareOf(share: string | number | undefined): number {
	if (share === undefined) return 1
	const value = typeof share === "string" && share.endsWith("%") ? Number(share.slice(0, -1)) / 100 : Number(share)
	return value >= 0 ? Math.min(value, 1) : 0
}
