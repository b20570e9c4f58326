import { formatDuration } from "../../base/index.ts"
import type { Broken, RolloutForecast } from "../../rehearse/index.ts"
import { placeOf, shortCommit } from "../ledger/words.ts"
import { plain } from "../output/paint.ts"
import { oneLine } from "../output/visible.ts"
import { changeLines } from "../report/diff.ts"
import { findingLine } from "../report/findings.ts"
import type { PlanResult } from "../world.ts"
import { basisLines } from "./basis.ts"
import { baseText } from "./text.ts"
import { sentence } from "./words.ts"

/** Node names in the folded part. */
const NAMED = 200

/** For a comment on a pull request: the sentence, the gates and one row a rollout; all else is folded away. */
export function planMarkdown(result: PlanResult, broken: readonly Broken[]): string {
	const { planned, base, fault } = result
	const { record, rehearsed, changes, findings } = planned
	const { rollouts } = rehearsed
	return [
		`### ${broken.length > 0 ? "❌" : "✅"} rollcall plan: ${code(shortCommit(record.commit))} ${code(record.subject)}\n`,
		`${text(sentence(planned))} (${text(baseText(base))})\n`,
		fault === undefined ? "" : `With fault ${fault.number}: ${text(fault.says)}\n`,
		broken.map(({ message }) => `- ❌ ${text(message)}\n`).join(""),
		rollouts.length === 0 ? "" : rolloutTable(rollouts, rehearsed.endedAt),
		folded(
			`${changes.length} ${changes.length === 1 ? "change" : "changes"}`,
			changes.flatMap((change) => changeLines(change, plain)),
		),
		folded(
			`${findings.length} ${findings.length === 1 ? "finding" : "findings"}`,
			findings.map((finding) => findingLine(finding, plain)),
		),
		folded(
			"what the time rests on",
			rollouts.flatMap((rollout) => [placeOf(rollout.daemonSet), ...basisLines(rollout, result)]),
		),
		...rollouts.map((rollout) => folded(`the order of ${placeOf(rollout.daemonSet)}`, orderLines(rollout))),
	]
		.filter((part) => part !== "")
		.join("\n")
}

function rolloutTable(rollouts: readonly RolloutForecast[], end: number): string {
	const rows = rollouts.map(
		({ daemonSet, desired, restarts, gains, losses, down, surge, startedAt, endedAt = end, verdict }) => {
			const counts = [desired, restarts, gains, losses, down.most, surge.pods]
			return `| ${[code(placeOf(daemonSet)), ...counts, formatDuration(endedAt - startedAt), verdict ?? "goes on"].join(" | ")} |\n`
		},
	)
	const header = ["DaemonSet", "nodes", "restart", "gain", "lose", "down at once", "surge", "time", "end"]
	return `| ${header.join(" | ")} |\n|${header.map((_, index) => (index === 0 ? "---" : "--:")).join("|")}|\n${rows.join("")}`
}

function orderLines({ order }: RolloutForecast): string[] {
	const lines = order.slice(0, NAMED).map(({ node }) => node)
	return order.length > NAMED ? [...lines, `and ${order.length - NAMED} more`] : lines
}

function folded(title: string, lines: readonly string[]): string {
	if (lines.length === 0) return ""
	const body = lines.map(oneLine).join("\n")
	// A fence longer than any in the text cannot be closed by it.
	const fence = "`".repeat(Math.max(3, longestTicks(body) + 1))
	return `<details><summary>${text(title)}</summary>\n\n${fence}\n${body}\n${fence}\n\n</details>\n`
}

/** Text of others as code: it links nothing, mentions nobody, and breaks no table. */
function code(value: string): string {
	const line = oneLine(value).replaceAll("|", "¦")
	const fence = "`".repeat(longestTicks(line) + 1)
	const space = line.startsWith("`") || line.endsWith("`") ? " " : ""
	return `${fence}${space}${line}${space}${fence}`
}

/** Words of ours with names of others in them. */
function text(value: string): string {
	return oneLine(value).replace(/[\\`*_[\]<>|#@]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}

function longestTicks(value: string): number {
	return Math.max(0, ...(value.match(/`+/g) ?? []).map((ticks) => ticks.length))
}
