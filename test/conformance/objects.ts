import { parseInstant } from "../../src/base/index.ts"
import { type ClaimOwner, claim, type TakenCensus, takeCensus } from "../../src/cluster/daemonset/index.ts"
import type { DaemonSet, Node, Pod } from "../../src/kube/index.ts"
import type { Case } from "./cases.ts"

/** The members that the cases about whole cluster states share. */
export type ClusterCase = Case & {
	readonly now: string
	readonly hash: string
	readonly daemonSet: DaemonSet
	readonly nodes: readonly Node[]
	readonly pods: readonly Pod[]
}

export function instantOf(given: ClusterCase): number {
	return parseInstant(given.now) ?? Number.NaN
}

export function ownerOf({ metadata, spec }: DaemonSet): ClaimOwner {
	return { uid: metadata.uid ?? "", selector: spec.selector }
}

/** What every pass does first (rule C2), then the census it decides from. */
export function censusOf(given: ClusterCase): TakenCensus {
	const pods = claim(ownerOf(given.daemonSet), given.pods).claimed
	return takeCensus({ daemonSet: given.daemonSet, nodes: given.nodes, pods, hash: given.hash }, instantOf(given))
}

export function podNames(census: TakenCensus, pods: readonly number[]): string[] {
	return pods.map((pod) => census.pod(pod).metadata.name).sort()
}

/** What the real code leaves open: all of `must`, and any `choose` of the `candidates`. */
export type Choice = {
	readonly must: readonly string[]
	readonly count: number
	readonly candidates?: readonly string[]
	readonly choose?: number
}

/** Undefined where `got` is among the allowed outcomes, and takes the first candidates by `order`. */
export function choiceDifference(
	got: readonly string[],
	want: Choice,
	order: (name: string) => string = (name) => name,
): string | undefined {
	const candidates = [...(want.candidates ?? [])].sort((a, b) => (order(a) < order(b) ? -1 : 1))
	const wanted = [...want.must, ...candidates.slice(0, want.choose ?? 0)].sort()
	const left = JSON.stringify([...got].sort())
	const right = JSON.stringify(wanted)
	return left === right ? undefined : `got ${left}, want ${right} of ${JSON.stringify(want)}`
}
