import type { Standing } from "../../cluster/index.ts"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import type { CauseGroup, Why } from "./why.ts"

export type WhyFacts = {
	readonly standing: Standing
	readonly causes: readonly CauseGroup[]
	/** Who paused it, in words. */
	readonly paused: string | undefined
	/** It is to go back through git by itself. */
	readonly rollsBack: boolean
	readonly version: Why["version"]
	/** The first nodes that use the budget. */
	readonly by: readonly string[]
}

type Said = Pick<Why, "state" | "sentence">

/** The one sentence on a DaemonSet: where it is, who keeps it, and what it takes to go on. */
export function sentenceOf(daemonSet: ObjectKey, facts: WhyFacts): Said {
	const { standing, causes, paused, rollsBack, version } = facts
	const { desired, updated, available, waiting, budget, error } = standing
	const name = `ds/${keyParts(daemonSet).name}`
	if (paused !== undefined) {
		const left = causes.length === 0 ? "" : `; ${sayCauses(causes)}`
		const undo = version.failing === 0 && !rollsBack ? "" : `, or take it back with rollcall rollout undo ${name}`
		const back = rollsBack ? `${undo} (on-failure: rollback needs rollcall run --allow-write)` : undo
		return said("paused", `${paused}; ${counts(facts)}${left}; go on with rollcall rollout resume ${name}${back}`)
	}
	if (version.failing > 0) {
		const healthy = `the new version is healthy on ${many(version.healthy)}`
		return said("failing", `${sayCauses(causes)}; ${healthy}; take it back with rollcall rollout undo ${name}`)
	}
	if (updated >= desired && available >= desired) {
		return said("done", `${available} of ${desired} nodes updated and available${leftOutText(facts)}`)
	}
	if (error !== undefined) return said("waiting", `no pod can be replaced: ${error}`)
	const [worst] = causes
	const isFull = budget === undefined || waiting === 0 || budget.used >= budget.size
	const keeping = waiting === 0 ? causes : causes.filter(({ usingBudget }) => usingBudget > 0)
	const state = isFull && keeping.length > 0 && keeping.every(({ passes }) => !passes) ? "waiting" : "going-on"
	if (budget === undefined && updated < desired && causes.length === 0) {
		return said(
			"waiting",
			`${counts(facts)}: updateStrategy is OnDelete, a node is updated when its old pod is deleted`,
		)
	}
	if (budget !== undefined && waiting > 0 && budget.used > 0) {
		return said(state, `${sayBudget(facts, budget)}; ${nextOf(keeping, state)}`)
	}
	if (worst === undefined) return said("going-on", counts(facts))
	return said(
		state,
		`${available} of ${desired} nodes available; missing: ${sayCauses(causes)}; ${nextOf(causes, state)}`,
	)
}

const PREFIX: Readonly<Record<Why["state"], string>> = {
	done: "done: ",
	"going-on": "going on: ",
	waiting: "waiting: ",
	failing: "failing: ",
	// The pause says so itself.
	paused: "",
}

function said(state: Why["state"], sentence: string): Said {
	return { state, sentence: `${PREFIX[state]}${sentence}` }
}

/** `1 of 1 unavailable is used by pool-b-7 (NotReady for 4m12s)`. */
function sayBudget({ causes }: WhyFacts, { of, size, used }: NonNullable<Standing["budget"]>): string {
	const what = of === "maxUnavailable" ? "unavailable" : "surging"
	const users = causes.filter(({ usingBudget }) => usingBudget > 0)
	const others = causes.filter(({ usingBudget }) => usingBudget === 0)
	const beside = others.length === 0 ? "" : `; beside it ${sayCauses(others)}`
	return `${used} of ${size} ${what} ${used === 1 ? "is" : "are"} used by ${sayCauses(users)}${beside}`
}

const GROUPS = 2

/** `a-1 (NotReady for 4m12s), b-2 (…) and 3 more`, the worst cause first. */
function sayCauses(causes: readonly CauseGroup[]): string {
	const told = causes.slice(0, GROUPS).map(sayGroup)
	const rest = causes.slice(GROUPS).reduce((sum, { nodes }) => sum + nodes, 0)
	return [...told, ...(rest === 0 ? [] : [`${many(rest)} for other causes`])].join("; ")
}

/** Details that are the same are told once. */
function sayGroup({ examples, nodes }: CauseGroup): string {
	const [first] = examples
	if (first === undefined) return ""
	const same = examples.every(({ detail }) => detail === first.detail)
	const more = nodes - examples.length
	const names = examples.map(({ node, detail }) => (same ? node : `${node} (${detail})`)).join(", ")
	return `${names}${more > 0 ? ` and ${more} more` : ""}${same ? ` (${first.detail})` : ""}`
}

/** What the worst cause takes; where not all of them are bad, the others go on meanwhile. */
function nextOf([worst]: readonly CauseGroup[], state: Why["state"]): string {
	const [first] = worst?.examples ?? []
	return first === undefined || (state === "going-on" && !first.passes) ? "it goes on by itself" : first.next
}

function counts({ standing: { updated, desired, available } }: WhyFacts): string {
	return `${updated} of ${many(desired)} updated, ${available} available`
}

function leftOutText({ standing: { leftOut } }: WhyFacts): string {
	if (leftOut.length === 0) return ""
	const reasons = leftOut.map(({ reason, nodes }) => `${nodes} ${reason === "selector" ? "by its selector" : reason}`)
	return `, ${leftOut.reduce((sum, { nodes }) => sum + nodes, 0)} left out (${reasons.slice(0, 3).join(", ")})`
}

function many(nodes: number): string {
	return `${nodes} node${nodes === 1 ? "" : "s"}`
}
