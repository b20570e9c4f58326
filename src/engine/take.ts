import type { Input, Verdict, Write } from "../cluster/index.ts"
import type { ChangeSummary, CommitRecord, CommitVerdict, LedgerEntry, RefusedObject } from "../history/index.ts"
import type { Finding, ObjectKey } from "../kube/index.ts"
import { type Change, compare, type Described, type GuardSettings, guard, type Hold } from "../plan/index.ts"
import { forecastRows } from "./forecast.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

export type TakeSettings = GuardSettings & {
	/** What a commit will come to is rehearsed just before it acts, and kept beside what it came to. */
	readonly forecast?: boolean
	/** Who lets through whatever the guards would hold, in the words of the ledger; without it, a commit must say so. */
	readonly allowedBy?: string
	/** Why no commit is applied now, whatever it says and whoever allows it. */
	readonly suspended?: string
}

/** A commit, read: what the engine decides on. */
export type Candidate = {
	readonly record: CommitRecord
	/** Commits between the last one taken and this one, oldest first. */
	readonly passedOver: readonly CommitRecord[]
	/** The objects that may differ from what was applied last. */
	readonly keys: Iterable<ObjectKey>
	readonly desired: (key: ObjectKey) => Described | undefined
	/** Objects whose template was rolled away from, and the reason why they wait; their neighbours do not. */
	readonly quarantined: ReadonlyMap<ObjectKey, string>
	/** True where the commit has no file that could hold manifests: more likely a moved folder than a wish. */
	readonly isEmpty: boolean
	readonly findings: readonly Finding[]
	readonly refused: readonly RefusedObject[]
	/** DaemonSets that a commit passed over brought, and which. */
	readonly brought: { readonly [key: ObjectKey]: string }
}

export type Taken = {
	readonly verdict: CommitVerdict
	readonly changes: readonly Change[]
	readonly holds: readonly Hold[]
	/** The objects that wait by themselves, and why; the rest of the commit goes its way. */
	readonly waiting: ReadonlyMap<ObjectKey, string>
}

/** Takes a commit: compares, guards, and either applies it or holds it. Every commit leaves its row. */
export function take(recorded: RecordedCluster, candidate: Candidate, settings: TakeSettings, wall: number): Taken {
	const { record, passedOver } = candidate
	const applied = recorded.applied("commit")
	const compared = compare({
		keys: candidate.keys,
		desired: candidate.desired,
		applied: (key) => applied.get(key),
		live: (key) => recorded.cluster.read(key),
	})
	const waiting = waitingOf(compared, candidate.quarantined)
	const changes = compared.filter(({ key }) => !waiting.has(key))
	const holds = [...(candidate.isEmpty ? emptied(changes) : []), ...guard(changes, applied, settings)]
	const permission = holds.length === 0 ? undefined : permissionOf(candidate, settings)
	recorded.note(
		...passedOver.map((commit) =>
			commitRow(recorded, commit, "superseded", { reason: `superseded by ${record.commit}` }),
		),
	)
	if (settings.suspended !== undefined && changes.length > 0) {
		recorded.note(commitRow(recorded, record, "held", { reason: settings.suspended, changes, candidate }))
		return { verdict: "held", changes, holds: [], waiting }
	}
	if (holds.length > 0 && permission === undefined) {
		const reason = holds.map((hold) => hold.message).join("; ")
		recorded.note(
			commitRow(recorded, record, "held", { reason, changes, candidate }),
			...holds.map((hold) => holdRow(recorded, record, hold)),
		)
		return { verdict: "held", changes, holds, waiting }
	}
	if (permission !== undefined) recorded.note(...holds.map((hold) => allowRow(recorded, record, hold, permission)))
	if (changes.length === 0) {
		const verdict = waiting.size > 0 ? "held" : candidate.refused.length > 0 ? "refused" : "unchanged"
		recorded.note(commitRow(recorded, record, verdict, { ...sayWaiting(waiting), candidate }))
		return { verdict, changes, holds, waiting }
	}
	return { verdict: apply(recorded, candidate, { changes, waiting }, settings, wall), changes, holds, waiting }
}

/** Only what would change something waits. */
function waitingOf(
	changes: readonly Change[],
	quarantined: ReadonlyMap<ObjectKey, string>,
): ReadonlyMap<ObjectKey, string> {
	const found = changes.flatMap(({ key }) => {
		const reason = quarantined.get(key)
		return reason === undefined ? [] : [[key, reason] as const]
	})
	return new Map(found)
}

function sayWaiting(waiting: ReadonlyMap<ObjectKey, string>): { readonly reason?: string } {
	return waiting.size === 0 ? {} : { reason: [...waiting.values()].join("; ") }
}

function emptied(changes: readonly Change[]): Hold[] {
	if (changes.length === 0) return []
	const message = "it has no manifests at the watched paths, so everything would go"
	return [{ rule: "no-manifests", message, removed: changes.length, of: changes.length }]
}

function apply(
	recorded: RecordedCluster,
	candidate: Candidate,
	{ changes, waiting }: Pick<Taken, "changes" | "waiting">,
	settings: TakeSettings,
	wall: number,
): CommitVerdict {
	const { commit } = candidate.record
	const input: Input = {
		source: { kind: "commit", commit, ...broughtOf(candidate, changes) },
		writes: changes.map(writeOf),
	}
	const foretold = settings.forecast === true ? forecastRows(recorded, commit, input) : []
	let verdict: CommitVerdict = "unchanged"
	recorded.act(input, wall, (verdicts) => {
		verdict = verdictOf(verdicts, candidate.refused)
		const refused = [...candidate.refused, ...refusedBy(changes, verdicts)]
		const accepted = changes.filter((_, index) => verdicts[index]?.accepted)
		const parts = { changes: accepted, candidate: { ...candidate, refused }, ...sayWaiting(waiting) }
		return [commitRow(recorded, candidate.record, verdict, parts), ...foretold]
	})
	return verdict
}

/** Of what is written now, what an earlier commit brought. */
function broughtOf({ brought }: Candidate, changes: readonly Change[]): { readonly by?: Candidate["brought"] } {
	const by = changes.flatMap(({ key }) => {
		const commit = brought[key]
		return commit === undefined ? [] : [[key, commit] as const]
	})
	return by.length === 0 ? {} : { by: Object.fromEntries(by) }
}

function verdictOf(verdicts: readonly Verdict[], refused: readonly RefusedObject[]): CommitVerdict {
	if (verdicts.some((verdict) => verdict.accepted && verdict.changed)) return "applied"
	return refused.length > 0 || verdicts.some((verdict) => !verdict.accepted) ? "refused" : "unchanged"
}

function writeOf(change: Change): Write {
	const { key, before, after } = change
	if (after === undefined) return { verb: "delete", key }
	return { verb: "apply", key, manager: "rollcall", object: after, ...(before === undefined ? {} : { before }) }
}

function refusedBy(changes: readonly Change[], verdicts: readonly Verdict[]): RefusedObject[] {
	return changes.flatMap(({ key, path = "", line = 0 }, index) => {
		const verdict = verdicts[index]
		if (verdict === undefined || verdict.accepted) return []
		return [{ key, path, line, message: verdict.refusal.message }]
	})
}

/** Who let it through: a trailer of any commit that this step brings in, or the user at the start. */
function permissionOf({ record, passedOver }: Candidate, settings: TakeSettings): string | undefined {
	if (settings.allowedBy !== undefined) return settings.allowedBy
	const trailer = [...passedOver, record]
		.flatMap((commit) => commit.trailers)
		.find(({ name, value }) => name.toLowerCase() === "allow-disruption" && !/^(no|false)$/i.test(value))
	return trailer && `${trailer.author.name}, by the trailer of ${trailer.commit}`
}

type RowParts = {
	readonly reason?: string
	readonly changes?: readonly Change[]
	readonly candidate?: Pick<Candidate, "findings" | "refused">
}

function commitRow(
	recorded: RecordedCluster,
	commit: CommitRecord,
	verdict: CommitVerdict,
	parts: RowParts,
): LedgerEntry {
	return {
		kind: "commit",
		at: recorded.cluster.now(),
		commit,
		verdict,
		...(parts.reason === undefined ? {} : { reason: parts.reason }),
		changes: (parts.changes ?? []).filter(isSeen).map(summaryOf),
		findings: parts.candidate?.findings ?? [],
		refused: parts.candidate?.refused ?? [],
	}
}

function isSeen(change: Change): boolean {
	return change.action !== "update" || change.fields.length > 0
}

function summaryOf({ key, action, fields, path }: Change): ChangeSummary {
	return { key, action, fields, ...(path === undefined ? {} : { path }) }
}

function holdRow(recorded: RecordedCluster, { commit }: CommitRecord, { rule, message }: Hold): LedgerEntry {
	return { kind: "decision", at: recorded.cluster.now(), decision: "hold", rule, message, commit }
}

function allowRow(
	recorded: RecordedCluster,
	{ commit }: CommitRecord,
	{ rule, message }: Hold,
	who: string,
): LedgerEntry {
	return { kind: "decision", at: recorded.cluster.now(), decision: "allow", rule, message, commit, who }
}
