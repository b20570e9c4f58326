import { formatDuration } from "../../base/index.ts"
import { type Affected, type Broken, type Gate, type RolloutForecast, timelineOf } from "../../rehearse/index.ts"
import { placeOf, shortCommit } from "../ledger/words.ts"
import type { Paint } from "../output/paint.ts"
import { formatTable } from "../output/table.ts"
import { oneLine } from "../output/visible.ts"
import { changeLines } from "../report/diff.ts"
import { findingLine } from "../report/findings.ts"
import type { PlanBase, PlanResult } from "../world.ts"
import { basisLines, learnedLines, placeLines, placesText, surgeText } from "./basis.ts"
import { compareText, faultText, seedLines } from "./variants.ts"
import { sentence } from "./words.ts"

/** Nodes of an order that are named from either end, and pods of a list. */
const NAMED = 3
const LISTED = 10
/** Parts of a drawn timeline. */
const PARTS = 48

export type PlanText = {
	readonly result: PlanResult
	readonly gates: readonly Gate[]
	readonly broken: readonly Broken[]
	readonly paint: Paint
	/** Every node in its order. */
	readonly nodes: boolean
}

/** The report for people: one screen. */
export function planText({ result, gates, broken, paint, nodes }: PlanText): string {
	const { planned, base, fault } = result
	const { record, rehearsed, changes, findings, refused } = planned
	const head = `${paint.bold(shortCommit(record.commit))} ${oneLine(record.subject)}  ${paint.dim(`(${baseText(base)})`)}`
	const { rollouts } = rehearsed
	return [
		`${head}\n${sentence(planned)}\n`,
		fault === undefined ? "" : `${paint.yellow(`with fault ${fault.number}`)}: ${oneLine(fault.says)}\n`,
		section(
			"Changes",
			changes.flatMap((change) => changeLines(change, paint)),
		),
		section(
			"Refused",
			refused.map(
				({ key, path, line, message }) => `${paint.red(placeOf(key))}  ${oneLine(path)}:${line}: ${oneLine(message)}`,
			),
		),
		section(
			"Findings",
			findings.map((finding) => findingLine(finding, paint)),
		),
		rollouts.length > 0 ? `\nRollouts:\n${rolloutTable(rollouts, rehearsed.endedAt)}` : "",
		...rollouts.map((rollout) => rolloutText(rollout, result, nodes, paint)),
		section("Learned", learnedLines(result)),
		section("By itself", rehearsed.decided.map(oneLine)),
		section("Preempted", affected(rehearsed.preempted)),
		section("Evicted", affected(rehearsed.evicted)),
		section("No place", affected(rehearsed.pending)),
		planned.knowsNoOthers && rollouts.length > 0
			? paint.dim("\nno other workloads are known on these nodes: room and preemption are told of DaemonSets alone\n")
			: "",
		section("Seeds", seedLines(result)),
		compareText(result, gates),
		faultText(result.faults),
		section("Policy", policyLines(planned)),
		takeBackText(planned),
		section(
			"Gates that fail",
			broken.map(({ message }) => paint.red(oneLine(message))),
		),
	].join("")
}

/** What is not committed is taken back by not committing it. */
function takeBackText({ record, changes, verdict }: PlanResult["planned"]): string {
	if (changes.length === 0 || verdict === "held" || record.commit.startsWith("draft-")) return ""
	return `\nTo take it back: rollcall rollout undo --commit ${shortCommit(record.commit)}\n`
}

export function baseText(base: PlanBase): string {
	if (base.kind === "commit") return `after ${shortCommit(base.commit)}`
	return base.kind === "live" ? "after what the cluster runs" : "in an empty cluster"
}

function rolloutTable(rollouts: readonly RolloutForecast[], end: number): string {
	return formatTable(
		["DAEMONSET", "NODES", "RESTART", "GAIN", "LOSE", "DOWN", "BY ZONE", "SURGE", "TIME", "END"],
		rollouts.map(({ daemonSet, desired, restarts, gains, losses, down, surge, startedAt, endedAt = end, verdict }) => [
			placeOf(daemonSet),
			`${desired}`,
			`${restarts}`,
			`${gains}`,
			`${losses}`,
			`${down.most}`,
			zones(down.mostByZone),
			`${surge.pods}`,
			formatDuration(endedAt - startedAt),
			verdict ?? "goes on",
		]),
	)
}

function zones(mostByZone: ReadonlyMap<string, number>): string {
	const named = [...mostByZone].filter(([zone, most]) => zone !== "" && most > 0).sort()
	return named.map(([zone, most]) => `${oneLine(zone)} ${most}`).join(", ") || "-"
}

function rolloutText(rollout: RolloutForecast, result: PlanResult, nodes: boolean, paint: Paint): string {
	const { daemonSet, order, reason, leftOut } = rollout
	const surge = surgeText(rollout)
	if (order.length === 0) return ""
	const timeline = timelineOf(rollout, PARTS, result.planned.rehearsed.endedAt)
	const largest = Math.max(1, ...timeline.old, ...timeline.updated, ...timeline.down)
	const row = (label: string, values: readonly number[], colour: (text: string) => string): string =>
		`  ${label.padEnd(6)}${colour(bars(values, largest))} ${Math.max(...values)}`
	return [
		`\n${placeOf(daemonSet)}${reason === undefined ? "" : `: ${oneLine(reason)}`}`,
		row("old", timeline.old, paint.dim),
		row("new", timeline.updated, paint.green),
		row("down", timeline.down, paint.red),
		`  order: ${orderText(rollout, nodes)}`,
		...placeLines(rollout).map((line) => `  ${line}`),
		...leftOut.map((group) => `  left out: ${leftOutText(group)}`),
		...(surge === "" ? [] : [`  needs room for ${surge}`]),
		...basisLines(rollout, result).map((line) => `  ${paint.dim(line)}`),
		"",
	].join("\n")
}

const BARS = " ▁▂▃▄▅▆▇█"

/** Heights in eighths; whatever is not nothing shows. */
function bars(values: readonly number[], largest: number): string {
	return values.map((value) => BARS[value === 0 ? 0 : Math.max(1, Math.round((value * 8) / largest))]).join("")
}

function orderText({ order }: RolloutForecast, all: boolean): string {
	const names = order.map(({ node }) => oneLine(node))
	if (all || names.length <= 2 * NAMED) return names.join(", ")
	return [...names.slice(0, NAMED), "…", ...names.slice(-NAMED)].join(", ")
}

/** A commit that changes the policy is judged by the old one, and that is told. */
function policyLines({ policy, nextPolicy }: PlanResult["planned"]): string[] {
	const gone = policy.filter((gate) => !nextPolicy.includes(gate)).map((gate) => `- ${oneLine(gate)}`)
	const fresh = nextPolicy.filter((gate) => !policy.includes(gate)).map((gate) => `+ ${oneLine(gate)}`)
	return gone.length + fresh.length === 0 ? [] : [...gone, ...fresh, "it counts from the next commit on"]
}

function leftOutText({ reason, nodes, places }: RolloutForecast["leftOut"][number]): string {
	const why = reason === "selector" ? "its node selector or affinity" : `the taint ${reason}`
	return `${nodes} ${nodes === 1 ? "node" : "nodes"} by ${oneLine(why)} (${placesText(places)})`
}

function affected(pods: readonly Affected[]): string[] {
	const lines = pods.slice(0, LISTED).map(({ namespace, pod, node, message }) => {
		const where = node === "" ? "" : ` on ${oneLine(node)}`
		return `${oneLine(namespace)}/${oneLine(pod)}${where}${message === undefined ? "" : `: ${oneLine(message)}`}`
	})
	return pods.length > LISTED ? [...lines, `and ${pods.length - LISTED} more`] : lines
}

function section(title: string, lines: readonly string[]): string {
	return lines.length === 0 ? "" : `\n${title}:\n${lines.map((line) => `  ${line}\n`).join("")}`
}
