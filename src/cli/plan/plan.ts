import {
	type Ground,
	type Planned,
	type PlannerParts,
	planCommit,
	type RecordedCluster,
	rehearseInputs,
	withDraft,
} from "../../engine/index.ts"
import type { CommitRecord } from "../../history/index.ts"
import { keyOf } from "../../kube/index.ts"
import { byHarm, faultStory, type Lesson, withStrategy } from "../../rehearse/index.ts"
import { type OpenedReading, openLedger, openReading, workFiles } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import type { Faulted, PlanBase, PlanOptions, PlanResult } from "../world.ts"
import { groundOn, partsOf, resolved } from "./ground.ts"
import { learn } from "./learn.ts"

/** Rehearses a commit: on what the state directory holds, or on a cluster made of another commit. */
export async function plan(options: PlanOptions): Promise<PlanResult> {
	const opened = await openReading({ ...options, readOnly: true })
	try {
		const { parts, commit } = await candidateOf(opened, options)
		const { ground, base } = await groundOf(opened, parts, options, commit)
		const { recorded, rest } = ground
		const learned = options.isLearned ? { learned: teach(recorded, options) } : {}
		const pace = recorded.cluster.pace()
		const isOnlyOne =
			options.fault === undefined && options.runs === 1 && options.faults + options.strategies.length + pace.qps === 0
		// A copy of a large cluster takes longer than many a plan.
		const own = isOnlyOne ? recorded : recorded.fork()
		const planned = await planCommit(parts, { recorded: own, rest }, commit)
		const asked = withFault(planned, recorded, options)
		return { base, pace, ...learned, ...asked, ...unpaced(asked, recorded), ...variants(planned, recorded, options) }
	} finally {
		await opened.close()
	}
}

/** The commit to plan, and what reads it: one that git has, or what the work tree would be as one. */
async function candidateOf(
	opened: OpenedReading,
	options: PlanOptions,
): Promise<{ readonly parts: PlannerParts; readonly commit: CommitRecord }> {
	const parts = await partsOf(opened, options)
	const base = await resolved(opened, options.to ?? opened.source.branch)
	const { draft, paths } = options
	if (draft === undefined) return { parts, commit: base }
	const differing = await workFiles(draft.root, await opened.source.files(base.commit), paths)
	const { files: wanted } = draft
	const files = new Map([...differing].filter(([path]) => wanted === undefined || wanted.includes(path)))
	const subject = wanted === undefined ? "the work tree" : wanted.join(", ")
	const { source, record } = withDraft(opened.source, { base, files, subject })
	// Nobody signs what is not committed.
	const { verify: _, ...settings } = parts.settings
	return { parts: { ...parts, settings, source }, commit: record }
}

/** Lets the copy know what past rollouts teach. */
function teach(recorded: RecordedCluster, { state, isLive }: PlanOptions): readonly Lesson[] {
	const lessons = isLive ? lessonsOn(state) : []
	if (lessons.length === 0) {
		throw new CliError("Cannot learn how long pods take: no rollout is on record that could teach it", {
			next: "plan beside a history with rollouts that completed, or leave --behavior learned out",
		})
	}
	const writes = lessons.map(({ behavior }) => ({ verb: "create", key: keyOf(behavior), object: behavior }) as const)
	recorded.act({ source: { kind: "client", client: "rollcall plan" }, writes }, 0, () => [])
	return lessons
}

function lessonsOn(state: string): readonly Lesson[] {
	const ledger = openLedger(state)
	try {
		return learn(ledger.state.ledger)
	} finally {
		ledger.close()
	}
}

/** The plan as it is, or as it is with the fault that was asked for. */
function withFault(
	planned: Planned,
	recorded: RecordedCluster,
	{ seed, fault }: PlanOptions,
): Pick<PlanResult, "planned" | "fault"> {
	const story = fault === undefined ? undefined : faultStory(seed, fault, planned.rehearsed)
	if (story === undefined) return { planned }
	const rehearsed = rehearseInputs(recorded.fork({ dice: story.dice }), [story.input, ...planned.inputs])
	return { planned: { ...planned, rehearsed }, fault: story }
}

/** The same writes without the client limit, where that may make a difference. */
function unpaced(
	{ planned: { inputs, rehearsed }, fault }: Pick<PlanResult, "planned" | "fault">,
	recorded: RecordedCluster,
): Pick<PlanResult, "unpaced"> {
	const moves = rehearsed.rollouts.some(({ order }) => order.length > 0)
	if (!moves || fault !== undefined || recorded.cluster.pace().qps === 0) return {}
	return { unpaced: rehearseInputs(recorded.fork({ controlPlaneQps: 0 }), inputs) }
}

/** The same writes on other copies: with other dice, and with faults. */
function variants(
	planned: Planned,
	recorded: RecordedCluster,
	{ seed, runs, faults, strategies }: PlanOptions,
): Pick<PlanResult, "runs" | "faults" | "compared"> {
	const { inputs, rehearsed } = planned
	const others = numbers(runs - 1).map((number) => rehearseInputs(recorded.fork({ dice: `${seed}/${number}` }), inputs))
	const faulted = numbers(faults).flatMap((number): Faulted[] => {
		const story = faultStory(seed, number, rehearsed)
		return story === undefined
			? []
			: [{ story, rehearsed: rehearseInputs(recorded.fork({ dice: story.dice }), [story.input, ...inputs]) }]
	})
	const compared = strategies.map((strategy) => ({
		strategy,
		rehearsed: rehearseInputs(recorded.fork(), withStrategy(inputs, strategy)),
	}))
	return {
		runs: others,
		compared,
		faults: faulted.sort((a, b) => byHarm(a.rehearsed, b.rehearsed) || a.story.number - b.story.number),
	}
}

/** 1, 2, … count. */
function numbers(count: number): number[] {
	return Array.from({ length: count }, (_, index) => index + 1)
}

/** What is live, unless another base is named or nothing is recorded: then the commit before. */
async function groundOf(
	opened: OpenedReading,
	parts: PlannerParts,
	options: PlanOptions,
	commit: CommitRecord,
): Promise<{ readonly ground: Ground; readonly base: PlanBase }> {
	if (options.from === undefined && options.isLive) {
		const ledger = openLedger(options.state)
		try {
			const recorded = ledger.recorded()
			if (recorded !== undefined) {
				return { ground: { recorded, rest: ledger.state.rest() }, base: { kind: "live", at: recorded.cluster.now() } }
			}
		} finally {
			ledger.close()
		}
	}
	const [parent] = commit.parents
	const before = options.from ?? parent
	const base = before === undefined ? undefined : await resolved(opened, before)
	const ground = await groundOn(parts, options, base, commit)
	return { ground, base: base === undefined ? { kind: "empty" } : { kind: "commit", commit: base.commit } }
}
