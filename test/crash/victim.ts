/**
 * The process that is killed: Rollcall on a repository, and an undo being written beside it. It says on its standard
 * output what was acknowledged, a line each, as soon as it is.
 */
import { writeSync } from "node:fs"
import { setTimeout as sleep } from "node:timers/promises"
import { openEngine } from "../../src/cli/compose.ts"
import { undo } from "../../src/cli/undo/undo.ts"
import { moment, moments } from "./moments.ts"
import { AGENT, requestFor, type VictimOrders } from "./orders.ts"

const orders = JSON.parse(process.argv[2] ?? "{}") as VictimOrders
const forEver = new AbortController().signal
const say = (line: string): void => void writeSync(1, `${line}\n`)

const opened = await openEngine(requestFor(orders), () => {
	moment("told")
	const { number, hash } = opened.state.head()
	say(`told ${number} ${hash}`)
})
say(`ready ${moments()}`)
await Promise.all([work(), takeBack()])
opened.engine.stop()
await opened.close()
say("ended now")

async function work(): Promise<unknown> {
	const { engine } = opened
	if (orders.work === "follow") return engine.follow(forEver)
	return engine.walk({ settle: orders.work === "settle", paced: false }, forEver, () => {})
}

async function takeBack(): Promise<void> {
	if (orders.undoAfterMs === undefined) return
	await sleep(orders.undoAfterMs)
	const { state } = orders
	try {
		const how = { allowLocal: false, allowLoopback: false, credentials: {}, push: false, dryRun: false }
		const done = await undo({ state, daemonSet: AGENT, wish: { kind: "last" }, ...how })
		say(done.kind === "written" || done.kind === "finished" ? `undone ${done.commit}` : `refused ${done.kind}`)
	} catch (problem) {
		say(`refused ${String(problem).replaceAll("\n", " ")}`)
	}
}
