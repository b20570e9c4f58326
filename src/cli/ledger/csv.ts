import { formatInstant } from "../../base/index.ts"
import type { Ledger, LedgerEntry, NumberedEntry } from "../../history/index.ts"
import { placeOf } from "./words.ts"

type Cells = { readonly [column in (typeof COLUMNS)[number]]?: string | number | undefined }

/** What stands where is said in the README; columns are only ever added at the end. */
const COLUMNS = [
	"number",
	"at",
	"kind",
	"object",
	"rollout",
	"revision",
	"commit",
	"who",
	"verdict",
	"rule",
	"message",
	"desired",
	"updated",
	"available",
	"hash",
] as const

const PAGE = 500

/** The ledger as CSV (RFC 4180): a header, then a line an entry; without line ends, and without wall time. */
export function* csvLines(ledger: Pick<Ledger, "entries">): Iterable<string> {
	yield COLUMNS.join(",")
	let after = -1
	for (;;) {
		const entries = ledger.entries(after, PAGE)
		for (const entry of entries) yield lineOf(entry)
		if (entries.length < PAGE) return
		after = entries.at(-1)?.number ?? after
	}
}

function lineOf({ number, hash, entry }: NumberedEntry): string {
	const cells: Cells = { number, at: formatInstant(entry.at), kind: entry.kind, ...cellsOf(entry), hash }
	return COLUMNS.map((column) => csvCell(cells[column] ?? "")).join(",")
}

function cellsOf(entry: LedgerEntry): Cells {
	switch (entry.kind) {
		case "commit":
			return {
				commit: entry.commit.commit,
				who: entry.commit.author.name,
				verdict: entry.verdict,
				message: entry.reason ?? entry.commit.subject,
			}
		case "decision":
			return {
				object: entry.object && placeOf(entry.object),
				commit: entry.commit,
				who: entry.who,
				verdict: entry.refused === undefined ? entry.decision : `${entry.decision} refused`,
				rule: entry.rule,
				message: entry.message,
			}
		case "forecast":
			return { commit: entry.commit, message: entry.rollouts.map(({ rollout }) => `rollout ${rollout}`).join(" ") }
		case "write":
			return {
				object: placeOf(entry.key),
				who: entry.client,
				verdict: entry.action,
				message: entry.fields.map(({ path }) => path).join(" "),
			}
		case "drift":
			return {
				object: placeOf(entry.key),
				who: entry.client,
				verdict: `${entry.action}, ${entry.response}`,
				message: entry.reason ?? entry.fields.map(({ path }) => path).join(" "),
			}
		case "revision":
			return {
				object: placeOf(entry.daemonSet),
				revision: entry.revision,
				commit: entry.commit,
				who: entry.by?.author,
				verdict: entry.origin,
				message: entry.images.join(" "),
			}
		case "rollout-started":
			return {
				object: placeOf(entry.daemonSet),
				rollout: entry.rollout,
				revision: entry.to.revision,
				...triggerCells(entry.trigger),
				message: entry.fields.map(({ path }) => path).join(" "),
			}
		case "rollout-ended":
			return {
				object: placeOf(entry.daemonSet),
				rollout: entry.rollout,
				verdict: entry.verdict,
				message: entry.reason,
				desired: entry.nodes.desired,
				updated: entry.nodes.updated,
				available: entry.nodes.available,
			}
		case "rollout-tail":
			return {
				object: placeOf(entry.daemonSet),
				rollout: entry.rollout,
				verdict: entry.removed ? "removed" : undefined,
				updated: entry.steps.nodes,
			}
		case "prune":
			return { who: entry.who, message: `entries up to ${entry.last} were removed: ${entry.hash}` }
	}
}

function triggerCells(trigger: Extract<LedgerEntry, { kind: "rollout-started" }>["trigger"]): Cells {
	if (trigger.kind === "commit") return { commit: trigger.commit }
	if (trigger.kind === "client") return { who: trigger.client }
	return trigger.kind === "engine" ? { rule: trigger.rule } : { who: "fleet" }
}

/** A spreadsheet takes a cell that begins so for a formula, and would run it. */
const FORMULA = /^\s*[=+\-@|\t\r\n]/

function csvCell(value: string | number): string {
	if (typeof value === "number") return `${value}`
	const text = FORMULA.test(value) ? `'${value}` : value
	return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
