import { byCodeUnit, type Instant, parseInstant, wholeSecond } from "../../base/index.ts"
import { allowsSurge, type DaemonSet, type Node, type Pod, type PodSpec } from "../../kube/index.ts"
import {
	type Census,
	type CensusSettings,
	type Entry,
	type Facet,
	type FacetRank,
	facetOrder,
	judge,
	type NodeHandle,
	type PodHandle,
	type Side,
	type Verdict,
} from "./census.ts"
import { isUpdated, templateGeneration } from "./daemon-pod.ts"
import { HASH_LABEL } from "./names.ts"
import { compilePlacement, type Placement } from "./placement.ts"

/** A census from whole objects: the conformance cases' maker, and the one that the running census is held against. */
export type TakenCensus = Census & { readonly pod: (handle: PodHandle) => Pod }

/** `pods`: those that the DaemonSet has claimed. `hash`: the hash label of the current template. */
export type CensusObjects = {
	readonly daemonSet: DaemonSet
	readonly nodes: readonly Node[]
	readonly pods: readonly Pod[]
	readonly hash: string
}

export function takeCensus(objects: CensusObjects, now: Instant): TakenCensus {
	const { pods } = objects
	const settings = censusSettings(objects.daemonSet, 1)
	const nodes = takeEntries(objects, settings)
	const verdicts = nodes.map(({ entry }) => judge(entry, settings, now))
	const nodeAt = (node: NodeHandle) => nodes[node] as NamedEntry
	return {
		now,
		settings,
		count: (flag) => verdicts.filter((verdict) => (verdict & flag) !== 0).length,
		inOrder: (flags) => withAny(verdicts, flags),
		nodeName: (node) => nodeAt(node).name,
		entry: (node) => nodeAt(node).entry,
		pod: (handle) => pods[handle] as Pod,
	}
}

/** What a DaemonSet's spec says about its verdicts. */
export function censusSettings({ spec }: DaemonSet, newSide: Side): CensusSettings {
	return { newSide, surge: allowsSurge(spec.updateStrategy), minReadySeconds: spec.minReadySeconds ?? 0 }
}

/** C1: the node that a pod is on or is meant for; undefined where it has neither and no rule sees it. */
export function targetNodeName(spec: PodSpec): string | undefined {
	if (spec.nodeName) return spec.nodeName
	const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
	for (const term of terms ?? []) {
		for (const { key, operator, values } of term.matchFields ?? []) {
			if (key === "metadata.name" && operator === "In") return values?.length === 1 ? values[0] : undefined
		}
	}
	return undefined
}

/** C3: a pod that has ended and is being deleted is seen by history clean-up alone. */
export function isVisible(pod: Pod): boolean {
	const ended = pod.status?.phase === "Failed" || pod.status?.phase === "Succeeded"
	return !(ended && pod.metadata.deletionTimestamp !== undefined)
}

type NamedEntry = { readonly name: string; readonly entry: Entry }

const NOWHERE: Placement = { shouldRun: false, shouldContinue: false }

function takeEntries({ daemonSet, nodes, pods, hash }: CensusObjects, settings: CensusSettings): readonly NamedEntry[] {
	const rule = compilePlacement(daemonSet.spec.template)
	const generation = templateGeneration(daemonSet)
	const podsByNode = new Map<string, (Facet & FacetRank)[]>()
	for (const [handle, pod] of pods.entries()) {
		const name = targetNodeName(pod.spec)
		if (name === undefined || !isVisible(pod)) continue
		const side = isUpdated(pod.metadata.labels, hash, generation) ? settings.newSide : settings.newSide === 0 ? 1 : 0
		const facets = podsByNode.get(name) ?? []
		facets.push(facetOf(pod, handle, { hash, side }))
		podsByNode.set(name, facets)
	}
	const placements = new Map<string, Placement>()
	for (const { metadata, spec } of nodes) {
		placements.set(metadata.name, rule.place({ name: metadata.name, labels: metadata.labels, taints: spec?.taints }))
	}
	return [...new Set([...placements.keys(), ...podsByNode.keys()])].sort(byCodeUnit).map((name) => ({
		name,
		entry: {
			exists: placements.has(name),
			...(placements.get(name) ?? NOWHERE),
			pods: (podsByNode.get(name) ?? []).sort(facetOrder),
		},
	}))
}

function facetOf(
	pod: Pod,
	handle: PodHandle,
	{ hash, side }: { readonly hash: string; readonly side: Side },
): Facet & FacetRank {
	const { metadata, spec, status } = pod
	const readiness = status?.conditions?.find(({ type }) => type === "Ready")
	const readySince = secondOf(readiness?.lastTransitionTime)
	return {
		pod: handle,
		name: metadata.name,
		createdAt: secondOf(metadata.creationTimestamp) ?? 0,
		assigned: Boolean(spec.nodeName),
		phase: status?.phase === "Failed" ? "failed" : status?.phase === "Succeeded" ? "succeeded" : "other",
		terminating: metadata.deletionTimestamp !== undefined,
		hashIsCurrent: (metadata.labels?.[HASH_LABEL] ?? "") === hash,
		side,
		ready: readiness?.status === "True",
		readySince,
		// The condition of a pod that was never Ready is as old as its start.
		served: readiness?.status === "True" || (readySince ?? 0) > (secondOf(status?.startTime) ?? 0),
	}
}

function secondOf(text: string | undefined): Instant | undefined {
	const at = text === undefined ? undefined : parseInstant(text)
	return at === undefined ? undefined : wholeSecond(at)
}

function* withAny(verdicts: readonly Verdict[], flags: Verdict): Iterable<NodeHandle> {
	for (const [node, verdict] of verdicts.entries()) if ((verdict & flags) !== 0) yield node
}
