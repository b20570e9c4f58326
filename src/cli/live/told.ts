import { formatDuration, type Instant } from "../../base/index.ts"
import type { Fact, PodFact } from "../../cluster/index.ts"
import type { Told } from "../../engine/index.ts"
import type { LedgerEntry, RefusedObject } from "../../history/index.ts"
import { sayKey } from "../../kube/index.ts"
import type { FieldChange } from "../../plan/index.ts"
import { imageChange, placeOf, shortCommit } from "../ledger/words.ts"
import type { LiveEvent } from "./model.ts"

type NodeFact = Extract<Fact, { readonly kind: "node" }>
type Row<Kind extends LedgerEntry["kind"]> = Extract<LedgerEntry, { readonly kind: Kind }>

/** What a batch has to say to people: a line for each row of the ledger, and for each fact worth one. */
export function liveEvents(told: Told): LiveEvent[] {
	const rows = told.entries.flatMap(eventOf)
	const pods: LiveEvent[] = []
	const nodes: NodeFact[] = []
	for (const fact of told.facts) {
		if (fact.kind === "node") nodes.push(fact)
		else if (fact.kind === "pod" && POD_TROUBLE.has(fact.step)) pods.push(podEvent(fact))
	}
	return [...sourceEvent(told), ...rows, ...nodeEvents(nodes), ...pods].sort((a, b) => a.at - b.at)
}

/** As long as nothing is recorded, no row of the ledger says what is wrong with the repository. */
function sourceEvent({ at, entries, facts, source }: Told): LiveEvent[] {
	if (source === undefined || source.kind === "ready" || entries.length + facts.length > 0) return []
	return [{ at, level: "warn", event: `source-state-${source.kind}`, message: `${source.message}; ${source.next}` }]
}

function eventOf(entry: LedgerEntry): LiveEvent[] {
	if (entry.kind === "commit") return [commitEvent(entry), ...refusals(entry)]
	if (entry.kind === "decision") return [decisionEvent(entry)]
	if (entry.kind === "write") return [writeEvent(entry)]
	if (entry.kind === "drift") return [driftEvent(entry)]
	if (entry.kind === "rollout-started") return [startEvent(entry)]
	return entry.kind === "rollout-ended" ? [endEvent(entry)] : []
}

function commitEvent({ at, commit, verdict, reason, changes, refused }: Row<"commit">): LiveEvent {
	// The verdict first: a narrow terminal cuts the end off.
	const what = `${verdict} ${shortCommit(commit.commit)} ${commit.subject} — ${commit.author.name}`
	const message = reason === undefined ? what : `${what}: ${reason}`
	const level = verdict === "held" || verdict === "refused" ? "warn" : "info"
	const fields = { commit: commit.commit, changes: changes.length, refused: refused.length }
	return { at, level, event: `commit-${verdict}`, message, fields }
}

function refusals({ at, commit, refused }: Row<"commit">): LiveEvent[] {
	return refused.map((object) => ({
		at,
		level: "warn",
		event: "object-refused",
		message: refusalText(object),
		fields: { commit: commit.commit },
	}))
}

/** `logging/fluentd is refused (agents/fluentd.yaml:12): …`. */
export function refusalText({ key, path, line, message }: RefusedObject): string {
	return `${placeOf(key)} is refused (${path}:${line}): ${message}`
}

function decisionEvent({ at, decision, rule, message, refused }: Row<"decision">): LiveEvent {
	const isAsked = rule === "by-hand" && refused === undefined
	const level = decision === "allow" || rule === "ready" || isAsked ? "info" : "warn"
	return {
		at,
		level,
		event: `${decision}-${rule}`,
		message: refused === undefined ? message : `${message}: refused: ${refused.message}`,
	}
}

function writeEvent({ at, client, key, action, fields }: Row<"write">): LiveEvent {
	const message = `${sayKey(key)} ${action}d by ${client}${pathsOf(fields)}`
	return { at, level: "info", event: `write-${action}`, message }
}

function driftEvent({ at, client, key, action, fields, response, reason }: Row<"drift">): LiveEvent {
	const why = reason === undefined ? "" : ` (${reason})`
	const message = `drift ${response}: ${sayKey(key)} was ${action} by ${client}${pathsOf(fields)}${why}`
	return { at, level: "warn", event: `drift-${response}`, message }
}

/** `: spec.a, spec.b`, of many the first few. */
function pathsOf(fields: readonly FieldChange[]): string {
	if (fields.length === 0) return ""
	const more = fields.length > 3 ? ` and ${fields.length - 3} more` : ""
	return `: ${fields
		.slice(0, 3)
		.map(({ path }) => path)
		.join(", ")}${more}`
}

function startEvent({ at, rollout, daemonSet, from, to, trigger }: Row<"rollout-started">): LiveEvent {
	const what = imageChange(from?.images, to.images) || "a change of the template"
	const message = `${placeOf(daemonSet)}: rollout ${rollout} to revision ${to.revision}, ${what}`
	const commit = trigger.kind === "commit" ? { commit: trigger.commit } : {}
	return { at, level: "info", event: "rollout-started", message, fields: { rollout, ...commit } }
}

function endEvent({ at, rollout, daemonSet, verdict, reason, startedAt, nodes }: Row<"rollout-ended">): LiveEvent {
	const took = formatDuration(at - startedAt)
	const what = `${placeOf(daemonSet)}: rollout ${rollout} ${verdict} after ${took}`
	const message = reason ? `${what}: ${reason}` : `${what}, ${nodes.available} of ${nodes.desired} nodes available`
	const fields = { rollout, desired: nodes.desired, available: nodes.available }
	return { at, level: verdict === "stuck" ? "warn" : "info", event: "rollout-ended", message, fields }
}

const NODE_STEPS: ReadonlyMap<string, LiveEvent["level"]> = new Map([
	["left", "info"],
	["not-ready", "warn"],
	["unknown", "warn"],
	["ready", "info"],
	["cordoned", "info"],
	["uncordoned", "info"],
])

/** One line for all nodes that take the same step in one batch: fleets join and leave together. */
function nodeEvents(facts: readonly NodeFact[]): LiveEvent[] {
	const together = new Map<
		string,
		{ readonly at: Instant; readonly level: LiveEvent["level"]; readonly names: string[] }
	>()
	for (const fact of facts) {
		const level = NODE_STEPS.get(fact.step)
		if (level === undefined) continue
		const group = together.get(fact.step) ?? { at: fact.at, level, names: [] }
		group.names.push(fact.node)
		together.set(fact.step, group)
	}
	return [...together].map(([step, { at, level, names }]) => {
		const [first = "", ...others] = names
		const message =
			others.length === 0 ? `node ${first}: ${step}` : `${names.length} nodes ${step}: ${first} … ${others.at(-1)}`
		return { at, level, event: `node-${step}`, message, fields: { nodes: names.length } }
	})
}

const POD_TROUBLE: ReadonlySet<string> = new Set(["unschedulable", "failing", "failed", "evicted", "preempted"])

function podEvent(fact: PodFact): LiveEvent {
	const where = fact.node === "" ? "" : ` on ${fact.node}`
	const why = fact.reason === undefined ? "" : `: ${fact.reason}`
	return {
		at: fact.at,
		level: "warn",
		event: `pod-${fact.step}`,
		message: `pod ${fact.namespace}/${fact.pod}${where} ${fact.step}${why}`,
	}
}
