import { formatDuration, formatInstant } from "../../base/index.ts"
import { type Broken, type RolloutForecast, type Timeline, timelineOf } from "../../rehearse/index.ts"
import { placeOf, shortCommit } from "../ledger/words.ts"
import { escapeMarkup } from "../output/markup.ts"
import { plain } from "../output/paint.ts"
import { oneLine } from "../output/visible.ts"
import { changeLines } from "../report/diff.ts"
import { findingLine } from "../report/findings.ts"
import type { PlanResult } from "../world.ts"
import { basisLines, placeLines } from "./basis.ts"
import { baseText } from "./text.ts"
import { sentence } from "./words.ts"

const WIDTH = 720
const HEIGHT = 160
const PARTS = 180
/** A page of a hundred thousand rows opens in no browser. */
const ROWS = 2_000

const STYLE = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c2330}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin-top:2rem}pre{background:#f4f5f7;padding:.75rem;overflow:auto}
table{border-collapse:collapse}td,th{padding:.2rem .8rem .2rem 0;text-align:right}td:first-child,th:first-child{text-align:left}
.fails{color:#b00020}.old{fill:#c3c9d4}.new{fill:#2e8b57}.down{fill:#c62828}
@media(prefers-color-scheme:dark){body{background:#14181f;color:#dde3ec}pre{background:#1e242e}}`

/** One file that needs nothing else: no script, no link, nothing loaded. */
export function planHtml(result: PlanResult, broken: readonly Broken[]): string {
	const { planned, base, fault } = result
	const { record, rehearsed, changes, findings } = planned
	const title = `${shortCommit(record.commit)} ${oneLine(record.subject)}`
	return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeMarkup(title)}</title><style>${STYLE}</style></head><body>
<h1>${escapeMarkup(title)}</h1>
<p>${escapeMarkup(record.author.name)}, ${escapeMarkup(baseText(base))}, at ${formatInstant(rehearsed.startedAt)}</p>
<p><strong>${escapeMarkup(sentence(planned))}</strong></p>
${fault === undefined ? "" : `<p>With fault ${fault.number}: ${escapeMarkup(fault.says)}</p>`}
${broken.map(({ message }) => `<p class="fails">${escapeMarkup(message)}</p>`).join("\n")}
${rehearsed.rollouts.map((rollout) => rolloutHtml(rollout, result)).join("\n")}
${block(
	"Changes",
	changes.flatMap((change) => changeLines(change, plain)),
)}
${block(
	"Findings",
	findings.map((finding) => findingLine(finding, plain)),
)}
</body></html>
`
}

function rolloutHtml(rollout: RolloutForecast, result: PlanResult): string {
	const { daemonSet, order, startedAt, reason, down } = rollout
	if (order.length === 0) return ""
	const timeline = timelineOf(rollout, PARTS, result.planned.rehearsed.endedAt)
	const rows = order.slice(0, ROWS).map(({ node, stoppedAt, availableAt, cause }) => {
		const times = [stoppedAt, availableAt].map((at) => (at === 0 ? "" : formatDuration(at - startedAt)))
		return `<tr><td>${escapeMarkup(node)}</td>${times.map((time) => `<td>${time}</td>`).join("")}<td>${escapeMarkup(cause)}</td></tr>`
	})
	const more = order.length > ROWS ? `<p>and ${order.length - ROWS} more</p>` : ""
	return `<h2>${escapeMarkup(placeOf(daemonSet))}</h2>
${reason === undefined ? "" : `<p class="fails">${escapeMarkup(reason)}</p>`}
<p>${order.length} nodes in ${formatDuration(timeline.to - timeline.from)}, at most ${down.most} down at once</p>
${picture(timeline)}
${[...placeLines(rollout), ...basisLines(rollout, result)].map((line) => `<p>${escapeMarkup(line)}</p>`).join("\n")}
<details><summary>Nodes, in their order</summary><table><tr><th>node</th><th>stops after</th><th>available after</th><th></th></tr>
${rows.join("\n")}</table>${more}</details>`
}

/** New pods from below, old ones above them, and nodes that are down in front. */
function picture({ from, to, old, updated, down }: Timeline): string {
	const largest = Math.max(1, ...old.map((count, part) => count + (updated[part] ?? 0)), ...down)
	const width = WIDTH / PARTS
	const bar = (part: number, from_: number, count: number, kind: string): string => {
		if (count === 0) return ""
		const height = (count * HEIGHT) / largest
		const top = HEIGHT - (from_ * HEIGHT) / largest - height
		return `<rect class="${kind}" x="${round(part * width)}" y="${round(top)}" width="${round(width)}" height="${round(height)}"/>`
	}
	const bars = old.map((count, part) => {
		const fresh = updated[part] ?? 0
		return bar(part, 0, fresh, "new") + bar(part, fresh, count, "old") + bar(part, 0, down[part] ?? 0, "down")
	})
	const label = `old pods, new pods and nodes that are down, over ${formatDuration(to - from)}`
	return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" role="img" aria-label="${label}">${bars.join("")}</svg>
<p><svg width="10" height="10"><rect class="old" width="10" height="10"/></svg> old
<svg width="10" height="10"><rect class="new" width="10" height="10"/></svg> new
<svg width="10" height="10"><rect class="down" width="10" height="10"/></svg> down</p>`
}

function round(value: number): number {
	return Math.round(value * 100) / 100
}

function block(title: string, lines: readonly string[]): string {
	return lines.length === 0 ? "" : `<h2>${title}</h2>\n<pre>${lines.map(escapeMarkup).join("\n")}</pre>`
}
