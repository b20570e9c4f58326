import { canonicalJson, type JsonObject } from "../../base/index.ts"
import {
	compileNodeSelectorTerms,
	type NodeSelectorTerm,
	type PodTemplate,
	type StringMap,
	type Taint,
	untoleratedTaints,
} from "../../kube/index.ts"
import { daemonTolerations } from "./tolerations.ts"

/** `shouldRun`: a pod belongs here if there is none. `shouldContinue`: one that is here may stay. */
export type Placement = { readonly shouldRun: boolean; readonly shouldContinue: boolean }

/** All that a DaemonSet sees of a node (rule P1). */
export type PlacedNode = {
	readonly name: string
	readonly labels: StringMap | undefined
	readonly taints: readonly Taint[] | undefined
}

/** One template's answer for any node. Derived from the template alone: cache it, never store it. */
export type PlacementRule = {
	readonly place: (node: PlacedNode) => Placement
	/** The node names that the template mentions: all other nodes of one shape get one answer (`placeShape`). */
	readonly names: ReadonlySet<string>
	/** The label keys that the template looks at. */
	readonly labelKeys: readonly string[]
}

const RUN: Placement = Object.freeze({ shouldRun: true, shouldContinue: true })
const CONTINUE: Placement = Object.freeze({ shouldRun: false, shouldContinue: true })
const NEITHER: Placement = Object.freeze({ shouldRun: false, shouldContinue: false })

/** No node has this name, so no term names it. */
const UNNAMED = "\u0000"

/** P1, P2: makes a template ready to be asked about many nodes. */
export function compilePlacement(template: PodTemplate): PlacementRule {
	const { spec } = template
	const selector = Object.entries(spec.nodeSelector ?? {})
	const terms = requiredTerms(template)
	const matchesTerms = terms === undefined ? () => true : compileNodeSelectorTerms(terms)
	const tolerations = daemonTolerations(spec)
	const place = ({ name, labels, taints }: PlacedNode): Placement => {
		if (spec.nodeName && spec.nodeName !== name) return NEITHER
		if (!selector.every(([key, value]) => labelOf(labels, key) === value)) return NEITHER
		if (!matchesTerms(labels, name)) return NEITHER
		if (taints === undefined || taints.length === 0) return RUN
		const untolerated = untoleratedTaints(taints, tolerations, ["NoSchedule", "NoExecute"])
		if (untolerated.length === 0) return RUN
		return untolerated.some(({ effect }) => effect === "NoExecute") ? NEITHER : CONTINUE
	}
	return { place, names: mentionedNames(template), labelKeys: mentionedKeys(template) }
}

/** One question to one node; for many nodes compile once. */
export function placement(template: PodTemplate, node: PlacedNode): Placement {
	return compilePlacement(template).place(node)
}

/** What all nodes with these labels and taints get, but for those in `rule.names`, which are asked by name. */
export function placeShape(rule: PlacementRule, shape: Omit<PlacedNode, "name">): Placement {
	return rule.place({ name: UNNAMED, ...shape })
}

/**
 * Nodes with one signature are alike to every template that looks at no other label keys, so placement is asked once
 * per signature. Pass the union of the templates' `labelKeys`; hostnames and the like then make no new shapes.
 */
export function nodeSignature(node: Omit<PlacedNode, "name">, labelKeys: Iterable<string>): string {
	const labels: [string, string][] = []
	for (const key of labelKeys) {
		const value = labelOf(node.labels, key)
		if (value !== undefined) labels.push([key, value])
	}
	labels.sort(([a], [b]) => (a < b ? -1 : 1))
	// An order of taints makes no difference, but sorting would cost more than a second shape.
	const taints = (node.taints ?? []).map(({ key, value, effect }): JsonObject => ({ key, value: value ?? "", effect }))
	return canonicalJson([labels, taints])
}

/** The required terms, or undefined where nothing is required. An empty list matches nothing (rule P3). */
function requiredTerms({ spec }: PodTemplate): readonly NodeSelectorTerm[] | undefined {
	const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
	return required === undefined || required === null ? undefined : (required.nodeSelectorTerms ?? [])
}

function mentionedNames(template: PodTemplate): ReadonlySet<string> {
	const names = (requiredTerms(template) ?? []).flatMap((term) =>
		(term.matchFields ?? []).flatMap(({ values }) => values ?? []),
	)
	return new Set(template.spec.nodeName ? [...names, template.spec.nodeName] : names)
}

function mentionedKeys(template: PodTemplate): readonly string[] {
	const keys = (requiredTerms(template) ?? []).flatMap((term) => (term.matchExpressions ?? []).map(({ key }) => key))
	return [...new Set([...Object.keys(template.spec.nodeSelector ?? {}), ...keys])].sort()
}

function labelOf(labels: StringMap | undefined, key: string): string | undefined {
	return labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined
}
