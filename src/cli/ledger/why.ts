import { formatInstant, type JsonObject } from "../../base/index.ts"
import type { CauseGroup, NodeCause, Why } from "../../history/index.ts"

/**
 * Where a DaemonSet stands, as JSON: `state`, `sentence`, `pause` (by, since, reason), `nodes` (numbers), `budget` (of, size, used, by), `leftOut`
 * (nodes, reasons), `causes` (cause, version, nodes, usingBudget, examples) and `version` (hash, healthy, failing).
 */
export function whyJson({ state, sentence, rollout, pause, nodes, budget, leftOut, causes, version }: Why): JsonObject {
	return {
		state,
		sentence,
		...(rollout === undefined ? {} : { rollout }),
		...(pause === undefined ? {} : { pause: { ...pause } }),
		nodes: { ...nodes },
		...(budget === undefined ? {} : { budget: { ...budget } }),
		leftOut: { nodes: leftOut.nodes, reasons: leftOut.reasons.map((reason) => ({ ...reason })) },
		causes: causes.map(groupJson),
		version: { ...version },
	}
}

function groupJson({ examples, ...group }: CauseGroup): JsonObject {
	return { ...group, examples: examples.map(causeJson) }
}

function causeJson({ node, pod, since, detail, next }: NodeCause): JsonObject {
	return { node, ...(pod === undefined ? {} : { pod }), sinceAt: formatInstant(since), detail, next }
}

/** Changes when there is something new to say: seconds that pass are nothing new. */
export function newsOf({ state, nodes, causes, budget }: Why): string {
	return JSON.stringify([
		state,
		nodes,
		budget,
		causes.map(({ examples, ...group }) => [group, examples.map(({ node }) => node)]),
	])
}
