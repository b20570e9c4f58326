/**
 * The process that is killed: Rollcall on a repository, and an undo being written beside it. It says on its standard
 * output what was acknowledged, a line each, as soon as it is.
 */
import { writeSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { type OpenedEngine, openEngine } from "../../src/cli/compose/index.ts"
import { undo } from "../../src/cli/undo/undo.ts"
import { moment, moments } from "./moments.ts"
import { AGENT, requestFor, type VictimOrders } from "./orders.ts"

const orders = JSON.parse(process.argv[2] ?? "{}") as VictimOrders
const forEver = new AbortController().signal
const say = (line: string): void => void writeSync(1, `${line}\n`)

try {
	if (orders.work === "undo") await takeBack()
	else await run()
	say("ended now")
} catch (problem) {
	// What a user sees where the disk is full.
	const { name, message, next } = problem as Error & { readonly next?: unknown }
	say(`failed ${name}: ${message} ${typeof next === "string" ? "with a way out" : "with none"}`)
}

async function run(): Promise<void> {
	let head = (): string => ""
	const opened = await openEngine(requestFor(orders), () => {
		moment("told")
		say(`told ${head()}`)
	})
	head = () => `${opened.state.head().number} ${opened.state.head().hash}`
	say(`ready ${moments()}`)
	const undoing = orders.undoAfterMs === undefined ? undefined : sleep(orders.undoAfterMs).then(takeBack)
	try {
		await Promise.all([work(opened), undoing])
		opened.engine.stop()
	} finally {
		await opened.close()
	}
}

async function work({ engine }: OpenedEngine): Promise<unknown> {
	if (orders.work === "follow") return engine.follow(forEver)
	return engine.walk({ settle: orders.work === "settle", paced: false }, forEver, () => {})
}

async function takeBack(): Promise<void> {
	const { state, undoTo } = orders
	const wish = undoTo === undefined ? ({ kind: "last" } as const) : ({ kind: "commit", commit: undoTo } as const)
	try {
		const how = { allowLocal: false, allowLoopback: false, credentials: {}, push: false, dryRun: false }
		const done = await undo({ state, daemonSet: AGENT, wish, ...how })
		say("commit" in done ? `undone ${done.commit}` : `refused ${done.kind}`)
	} catch (problem) {
		say(`refused ${String(problem).replaceAll("\n", " ")}`)
	}
}
