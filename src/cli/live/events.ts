import { formatDuration } from "../../base/index.ts"
import type { Fact, PodFact } from "../../cluster/index.ts"
import type { Told } from "../../engine/index.ts"
import type { LedgerEntry } from "../../history/index.ts"
import { imageChange, placeOf, shortCommit } from "../ledger/words.ts"
import type { LiveEvent } from "./model.ts"

type Level = LiveEvent["level"]

/** What a batch says, fact by fact, in order; what the source says comes first. */
export function eventsOf(told: Told): readonly LiveEvent[] {
	const entries = told.entries.flatMap((entry) => entryEvent(entry) ?? [])
	const facts = told.facts.flatMap((fact) => factEvent(fact) ?? [])
	return [...entries, ...facts].sort((a, b) => a.at - b.at)
}

function entryEvent(entry: LedgerEntry): LiveEvent | undefined {
	const { at } = entry
	if (entry.kind === "commit") return commitEvent(entry)
	if (entry.kind === "decision") {
		const level: Level = entry.decision === "hold" || entry.decision === "source-state" ? "warn" : "info"
		return { at, level, event: `decision-${entry.decision}`, message: entry.message, fields: { rule: entry.rule } }
	}
	if (entry.kind === "rollout-started") {
		const change = imageChange(entry.from?.images, entry.to.images)
		const from = entry.from ? `${entry.from.revision} → ` : ""
		return {
			at,
			level: "info",
			event: "rollout-started",
			message: `${placeOf(entry.daemonSet)}: revision ${from}${entry.to.revision}${change ? `, ${change}` : ""}`,
			fields: {
				rollout: entry.rollout,
				daemonSet: placeOf(entry.daemonSet),
				revision: entry.to.revision,
				hash: entry.to.hash,
				...(entry.trigger.kind === "commit" ? { commit: entry.trigger.commit } : { trigger: entry.trigger.kind }),
			},
		}
	}
	return entry.kind === "rollout-ended" ? endEvent(entry) : undefined
}

function commitEvent(entry: Extract<LedgerEntry, { kind: "commit" }>): LiveEvent {
	const { commit, verdict, reason, changes, refused } = entry
	const level: Level = verdict === "held" || verdict === "refused" ? "error" : refused.length > 0 ? "warn" : "info"
	const why = reason ? `: ${reason}` : refused.length > 0 ? `, ${refused.length} objects refused` : ""
	return {
		at: entry.at,
		level,
		event: `commit-${verdict}`,
		message: `${shortCommit(commit.commit)} ${commit.subject} (${commit.author.name}) ${verdict}${why}`,
		fields: { commit: commit.commit, author: commit.author.name, changes: changes.length, refused: refused.length },
	}
}

function endEvent(entry: Extract<LedgerEntry, { kind: "rollout-ended" }>): LiveEvent {
	const { at, rollout, verdict, reason, startedAt, nodes, causes } = entry
	const why = causes.map(({ cause, nodes: count }) => `${cause} on ${count}`).join(", ")
	const took = formatDuration(Math.max(0, at - startedAt))
	const detail = [reason, why].filter((text) => text).join("; ")
	return {
		at,
		level: verdict === "stuck" ? "error" : "info",
		event: "rollout-ended",
		message: `${placeOf(entry.daemonSet)}: ${verdict} after ${took}, ${nodes.updated} of ${nodes.desired} nodes${detail ? `: ${detail}` : ""}`,
		fields: { rollout, daemonSet: placeOf(entry.daemonSet), verdict, ...nodes },
	}
}

function factEvent(fact: Fact): LiveEvent | undefined {
	const { at } = fact
	if (fact.kind === "pod") return podEvent(fact)
	if (fact.kind === "node") {
		const level: Level = fact.step === "not-ready" || fact.step === "unknown" ? "warn" : "info"
		return {
			at,
			level,
			event: `node-${fact.step}`,
			message: `node ${fact.node} ${fact.step}`,
			fields: { node: fact.node },
		}
	}
	if (fact.kind === "object") {
		const object = placeOf(fact.key)
		return {
			at,
			level: "debug",
			event: `object-${fact.step}`,
			message: `${object} ${fact.step}`,
			fields: { object: fact.key },
		}
	}
	if (fact.kind === "event") {
		const level: Level = fact.type === "Warning" ? "warn" : "debug"
		// What a Warning says of pods is told by their own facts.
		if (fact.type === "Warning" && fact.regarding.startsWith("/Pod/")) return undefined
		const message = `${placeOf(fact.regarding)}: ${fact.reason}: ${fact.message}`
		return { at, level, event: "event", message, fields: { reason: fact.reason, count: fact.count } }
	}
	return undefined
}

const POD_WARNINGS: ReadonlySet<PodFact["step"]> = new Set([
	"unschedulable",
	"failing",
	"failed",
	"evicted",
	"preempted",
	"unready",
])

function podEvent(fact: PodFact): LiveEvent {
	const where = fact.node ? ` on ${fact.node}` : ""
	return {
		at: fact.at,
		level: POD_WARNINGS.has(fact.step) ? "warn" : "debug",
		event: `pod-${fact.step}`,
		message: `${fact.namespace}/${fact.pod}${where} ${fact.step}${fact.reason ? `: ${fact.reason}` : ""}`,
		fields: { pod: fact.pod, namespace: fact.namespace, node: fact.node, hash: fact.hash },
	}
}
