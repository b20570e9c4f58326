import { deepFreeze, type Instant } from "../../base/index.ts"
import type { ControllerRevision, DaemonSet, DaemonSetStatus } from "../../kube/index.ts"
import { type Census, Flag, type NodeHandle, type PodHandle } from "./census.ts"
import { areFulfilled, type Expectations } from "./expectations.ts"
import type { BackOffs } from "./failed-pods.ts"
import { manage } from "./manage.ts"
import { cleanUpRevisions, planRevisions, type RevisionWrite, revisionLabel } from "./revisions.ts"
import { rollingUpdate } from "./rolling-update.ts"
import { daemonSetStatus, statusDiffers, statusRetryMs } from "./status.ts"

/** The steps of a sync, in order. */
export type SyncStep = "revisions" | "claim" | "place" | "roll" | "clean-up" | "status"

/** Where a sync stands between two steps: plain data that its worker keeps while writes wait for the client limit. */
export type SyncPlace = {
	readonly step: SyncStep
	/** The current revision's hash label, and the names of the other revisions; from the step `revisions` on. */
	readonly hash: string
	readonly old: readonly string[]
	/** S2: false while expectations are waited for. */
	readonly raise: boolean
	/** What failed on the way: status is stored all the same, then the key is queued again with its back-off. */
	readonly error?: string
}

/** What a step reads, each time anew: the state of its own moment. */
export type SyncView = {
	/** As it was when the sync began. */
	readonly daemonSet: DaemonSet
	readonly expectations: Expectations | undefined
	readonly backOffs: BackOffs
	/** S5: creations, and deletions, in one pass at most. */
	readonly burst: number
	/** At least the ControllerRevisions of the namespace that it owns or that nobody does. */
	revisions(): readonly ControllerRevision[]
	/** Any of the namespace. */
	revisionNamed(name: string): ControllerRevision | undefined
	/** C2: pods to take and pods to let go (`claimVerdict`). */
	claims(): { readonly adopt: readonly PodHandle[]; readonly release: readonly PodHandle[] }
	/** Of the claimed pods, with the roles that this hash gives them, at the time of the step. */
	census(hash: string): Census
	/** R10: as it is stored at the time of the step. */
	readonly paused: boolean
	/** R11: likewise. */
	readonly hard: boolean
	/** H5: hash labels of all claimed pods that have a node (rule C1), whatever their state. */
	liveHashes(): ReadonlySet<string>
}

export type SyncWrite =
	| RevisionWrite
	| { readonly kind: "adopt-pod" | "release-pod"; readonly pod: PodHandle }
	/** S5: in batches (`startSlowly`). */
	| { readonly kind: "create-pods"; readonly nodes: readonly NodeHandle[]; readonly hash: string }
	/** `failed`: those that are worth a FailedDaemonPod event. */
	| { readonly kind: "delete-pods"; readonly pods: readonly PodHandle[]; readonly failed: readonly PodHandle[] }
	| { readonly kind: "store-status"; readonly status: DaemonSetStatus }

/** What a step wants done, in order. */
export type StepOutcome = {
	readonly writes: readonly SyncWrite[]
	/** S4: set before the writes of a pass begin. */
	readonly expect?: { readonly creations: number; readonly deletions: number }
	readonly backOffs?: BackOffs
	/** The key comes back after this long, whatever else happens. */
	readonly retryAfterMs?: number
	readonly error?: string
	/** R10: a pass of the rolling update that knew that it is paused. */
	readonly paused?: true
	/** From the step `revisions`: what the later steps need of it. */
	readonly found?: { readonly hash: string; readonly old: readonly string[] }
}

/** S3: a DaemonSet being deleted gets nothing, not even status; one that selects everything gets an event. */
export function beginSync({ metadata, spec }: DaemonSet): SyncPlace | "being-deleted" | "selects-everything" {
	const { matchLabels = {}, matchExpressions = [] } = spec.selector
	if (Object.keys(matchLabels).length === 0 && matchExpressions.length === 0) return "selects-everything"
	if (metadata.deletionTimestamp !== undefined) return "being-deleted"
	return { step: "revisions", hash: "", old: [], raise: true }
}

/** Where a sync begins whose revisions are as the last one left them: after that step. */
export function afterRevisions(
	hash: string,
	old: readonly string[],
	expectations: Expectations | undefined,
	now: Instant,
): SyncPlace {
	return { step: "claim", hash, old, raise: areFulfilled(expectations, now) }
}

/** One step: a function of what it reads. The worker performs the outcome, then asks `nextStep`. */
export function syncStep(view: SyncView, at: SyncPlace): StepOutcome {
	switch (at.step) {
		case "revisions":
			return reviseStep(view)
		case "claim":
			return claimStep(view)
		case "place":
			return placeStep(view, at)
		case "roll":
			return rollStep(view, at)
		case "clean-up":
			return cleanUpStep(view, at)
		case "status":
			return statusStep(view, at)
	}
}

/**
 * R1, S2, S3: the step after one whose outcome has been performed; undefined at the end. `error`: the first that its
 * writes met, or its own. `expectations`: as they are now.
 */
export function nextStep(
	at: SyncPlace,
	outcome: StepOutcome,
	after: {
		readonly error?: string | undefined
		readonly expectations: Expectations | undefined
		readonly now: Instant
	},
	strategy: string | undefined,
): SyncPlace | undefined {
	const error = outcome.error ?? after.error
	if (error !== undefined) {
		// Without revisions there is no hash, so no status; nothing follows status.
		return at.step === "revisions" || at.step === "status" ? undefined : { ...at, step: "status", error }
	}
	const fulfilled = areFulfilled(after.expectations, after.now)
	switch (at.step) {
		case "revisions":
			return {
				step: "claim",
				hash: outcome.found?.hash ?? at.hash,
				old: outcome.found?.old ?? at.old,
				raise: fulfilled,
			}
		case "claim":
			return goTo(at.raise ? "place" : "status", at)
		case "place":
			return goTo(fulfilled && strategy === "RollingUpdate" ? "roll" : "clean-up", at)
		case "roll":
			return goTo("clean-up", at)
		case "clean-up":
			return goTo("status", at)
		case "status":
			return undefined
	}
}

// No error is left here, so nothing but these members.
function goTo(step: SyncStep, { hash, old, raise }: SyncPlace): SyncPlace {
	return { step, hash, old, raise }
}

function reviseStep(view: SyncView): StepOutcome {
	const plan = planRevisions(view.daemonSet, view.revisions(), (name) => view.revisionNamed(name))
	if (plan.error !== undefined) return { writes: plan.writes, error: plan.error }
	const found = { hash: revisionLabel(plan.current), old: plan.old.map(({ metadata }) => metadata.name) }
	return { writes: plan.writes, found }
}

const NOTHING: StepOutcome = deepFreeze({ writes: [] })

function claimStep(view: SyncView): StepOutcome {
	const { adopt, release } = view.claims()
	if (adopt.length + release.length === 0) return NOTHING
	return {
		writes: [
			...adopt.map((pod) => ({ kind: "adopt-pod" as const, pod })),
			...release.map((pod) => ({ kind: "release-pod" as const, pod })),
		],
	}
}

function placeStep(view: SyncView, { hash }: SyncPlace): StepOutcome {
	const census = view.census(hash)
	// Nobody to create and nobody to delete: that is how nearly every sync finds it.
	if (census.count(Flag.Create) + census.count(Flag.Excess) + census.count(Flag.Failed) === 0) return NO_PASS
	const { metadata, status } = view.daemonSet
	const failing = {
		uid: metadata.uid ?? "",
		observedGeneration: status?.observedGeneration ?? 0,
		backOffs: view.backOffs,
	}
	const { create, remove, failed, backOffs, retryAfterMs } = manage(census, failing, view.burst, view.hard)
	const { writes, expect } = passWrites(create, remove, failed, hash)
	return retryAfterMs === undefined ? { writes, expect, backOffs } : { writes, expect, backOffs, retryAfterMs }
}

function rollStep(view: SyncView, { hash }: SyncPlace): StepOutcome {
	const outcome = rollingUpdate(view.census(hash), view.daemonSet.spec.updateStrategy, view.burst, view)
	if (outcome.error !== undefined) return { writes: [], error: outcome.error }
	const pass = passWrites(outcome.create, outcome.remove, [], hash)
	return view.paused ? { ...pass, paused: true } : pass
}

function cleanUpStep(view: SyncView, { old }: SyncPlace): StepOutcome {
	const limit = view.daemonSet.spec.revisionHistoryLimit ?? 10
	if (old.length <= limit) return NOTHING
	const others = view.revisions().filter(({ metadata }) => old.includes(metadata.name))
	const names = cleanUpRevisions(others, view.liveHashes(), limit)
	return { writes: names.map((name) => ({ kind: "delete-revision", name })) }
}

function statusStep(view: SyncView, { hash, raise }: SyncPlace): StepOutcome {
	const { daemonSet } = view
	const status = daemonSetStatus(view.census(hash), daemonSet, raise)
	const retryAfterMs = statusRetryMs(daemonSet, status)
	const writes: SyncWrite[] = statusDiffers(daemonSet.status, status) ? [{ kind: "store-status", status }] : []
	return retryAfterMs === undefined ? { writes } : { writes, retryAfterMs }
}

// Expectations are set by every pass, even by one that has nothing to do.
type Pass = Required<Pick<StepOutcome, "writes" | "expect">>
const NO_PASS: Pass = deepFreeze({ writes: [], expect: { creations: 0, deletions: 0 } })

function passWrites(
	create: readonly NodeHandle[],
	remove: readonly PodHandle[],
	failed: readonly PodHandle[],
	hash: string,
): Pass {
	if (create.length + remove.length === 0) return NO_PASS
	const writes: SyncWrite[] = []
	if (create.length > 0) writes.push({ kind: "create-pods", nodes: create, hash })
	if (remove.length > 0) writes.push({ kind: "delete-pods", pods: remove, failed })
	return { writes, expect: { creations: create.length, deletions: remove.length } }
}
