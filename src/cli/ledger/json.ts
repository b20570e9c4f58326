import { formatInstant, type Instant, type Json, type JsonObject } from "../../base/index.ts"
import type {
	CommitDetail,
	CommitLine,
	CommitRow,
	NodeStep,
	RevisionRef,
	RevisionRow,
	RolloutDetail,
	Why,
} from "../../history/index.ts"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import type { FieldChange } from "../../plan/index.ts"
import { record } from "../output/document.ts"
import type { MarkedRollout } from "./quarantined.ts"
import type { TraceRow } from "./rows.ts"
import { whyJson } from "./why.ts"

/** The ledger's rows as documents of `rollcall.dev/v1`. Times end in `At` (cluster time) or `Wall` (wall time). */
export function rolloutJson(row: MarkedRollout, why?: Why): JsonObject {
	return compact({
		rollout: row.rollout,
		daemonSet: objectJson(row.daemonSet),
		trigger: { ...row.trigger },
		commit: row.commit && commitLineJson(row.commit),
		from: row.from && revisionJson(row.from),
		to: revisionJson(row.to),
		startedAt: time(row.startedAt),
		startedWall: time(row.startedWall),
		endedAt: time(row.endedAt),
		endedWall: time(row.endedWall),
		tookMs: row.endedAt === undefined ? undefined : row.endedAt - row.startedAt,
		verdict: row.verdict ?? "running",
		stuckAt: time(row.stuckAt),
		removedAt: time(row.removedAt),
		reason: row.reason,
		quarantined: row.quarantined && { commit: row.quarantined.commit, by: row.quarantined.by },
		nodes: row.nodes && { ...row.nodes },
		causes: row.causes.map((cause) => ({ ...cause })),
		why: why && whyJson(why),
	})
}

export function seenJson(row: RevisionRow): JsonObject {
	return compact({
		daemonSet: objectJson(row.daemonSet),
		to: revisionJson(row.revision),
		commit: row.commit && commitLineJson(row.commit),
		committedWall: time(row.committedAt),
		seenAt: time(row.at),
		verdict: "seen-in-git",
	})
}

export function commitJson(row: CommitRow): JsonObject {
	return compact({
		commit: row.commit,
		author: row.author,
		subject: row.subject,
		signature: row.signature,
		committedWall: time(row.committedAt),
		appliedAt: time(row.at),
		appliedWall: time(row.wall),
		verdict: row.verdict,
		reason: row.reason,
		changes: row.changes,
		refused: row.refused,
		findings: row.findings,
	})
}

export function rolloutDetailJson(detail: RolloutDetail, why?: Why): JsonObject {
	return record("Rollout", {
		...rolloutJson(detail.row, why),
		...(detail.pruned && { pruned: true }),
		fields: detail.fields.map(fieldJson),
		steps: detail.steps.map(stepJson),
	})
}

export function commitDetailJson(detail: CommitDetail): JsonObject {
	const { commit } = detail
	return record(
		"Commit",
		compact({
			commit: commit.commit,
			parents: commit.parents,
			author: { ...commit.author },
			committer: { ...commit.committer },
			authoredWall: time(commit.authoredAt),
			committedWall: time(commit.committedAt),
			subject: commit.subject,
			signature: commit.signature && { ...commit.signature },
			trailers: commit.trailers.map((trailer) => ({ ...trailer, author: { ...trailer.author } })),
			brings: commit.brings.map((brought) => ({ ...brought, author: { ...brought.author } })),
			appliedAt: time(detail.at),
			verdict: detail.verdict,
			reason: detail.reason,
			changes: detail.changes.map((change) =>
				compact({
					object: objectJson(change.key),
					action: change.action,
					path: change.path,
					fields: change.fields.map(fieldJson),
				}),
			),
			findings: detail.findings.map((finding) => ({ ...finding })),
			refused: detail.refused.map((refused) => ({ ...refused })),
			rollouts: detail.rollouts.map((row) => rolloutJson(row)),
		}),
	)
}

export function traceJson(row: TraceRow): JsonObject {
	return compact({
		daemonSet: objectJson(row.daemonSet),
		node: row.node,
		pod: row.pod,
		status: row.status,
		hash: row.hash,
		revision: row.revision,
		rollout: row.rollout,
		images: row.images,
		trigger: row.trigger && { ...row.trigger },
		commit: row.commit && commitLineJson(row.commit),
		sinceAt: time(row.since),
		current: row.current,
	})
}

export function fieldJson(field: FieldChange): JsonObject {
	return compact({ path: field.path, before: field.before, after: field.after })
}

function stepJson(step: NodeStep): JsonObject {
	const times = ["stoppedAt", "goneAt", "createdAt", "readyAt", "availableAt"] as const
	return compact({
		...step,
		...Object.fromEntries(times.map((name) => [name, step[name] === 0 ? undefined : time(step[name])])),
	})
}

export function objectJson(key: ObjectKey): JsonObject {
	const { group, kind, namespace, name } = keyParts(key)
	return compact({ group: group || undefined, kind, namespace: namespace || undefined, name })
}

function revisionJson(revision: RevisionRef): JsonObject {
	return compact({ ...revision })
}

function commitLineJson(commit: CommitLine): JsonObject {
	return { ...commit }
}

function time(at: Instant | undefined): string | undefined {
	return at === undefined ? undefined : formatInstant(at)
}

function compact(members: { readonly [name: string]: Json | undefined }): JsonObject {
	return Object.fromEntries(Object.entries(members).filter((entry): entry is [string, Json] => entry[1] !== undefined))
}
