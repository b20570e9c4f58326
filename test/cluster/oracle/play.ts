import type { Cluster } from "../../../src/cluster/index.ts"
import { auditBooks } from "./books.ts"
import { HardLimit } from "./hard-limit.ts"
import { enact, opening, type Story, writesOf } from "./story.ts"
import { runOne } from "./watcher.ts"

const HOUR_MS = 3_600_000

/**
 * Plays a story to its end, entry by entry, holding every entry against the rules, and the books (every `auditEvery`
 * entries, and after every act) against the same from scratch. Throws an Error that names the step at the first difference.
 */
export function playHeld(story: Story, auditEvery: number): Cluster {
	const on = opening(story)
	const applied = new Map()
	const hardLimit = new HardLimit()
	let ran = 0
	const hold = (what: string, wrong: readonly string[]) => {
		if (wrong.length > 0) throw new Error(`${what}:\n${wrong.slice(0, 8).join("\n")}`)
	}
	const runTo = (to: number, what: string) => {
		for (let at = on.nextAt(); at !== undefined && at <= to; at = on.nextAt()) {
			hold(`${what}, entry ${ran} at ${at}`, runOne(on, to, hardLimit))
			if (++ran % auditEvery === 0) hold(`${what}, after entry ${ran} at ${at}`, auditBooks(on))
			if (what === "the end" && on.settled()) return
		}
		on.advance(to)
	}
	for (const [place, act] of story.acts.entries()) {
		runTo(on.now() + act.afterMs, `before act ${place} (${act.kind})`)
		enact(on, writesOf(act, on), applied)
		hold(`after act ${place} (${act.kind})`, auditBooks(on))
	}
	runTo(on.now() + HOUR_MS, "the end")
	hold("the end", auditBooks(on))
	if (!on.settled()) throw new Error(`an hour after its last act the story has not settled: next at ${on.nextAt()}`)
	return on
}

/** The same story without looking; `move` brings the cluster from one instant to the next. */
export function playFreely(story: Story, move: (on: Cluster, to: number) => Cluster): string {
	let on = opening(story)
	const applied = new Map()
	for (const act of story.acts) {
		on = move(on, on.now() + act.afterMs)
		enact(on, writesOf(act, on), applied)
	}
	on = move(on, on.now() + HOUR_MS / 4)
	return `${on.digest()} ${on.sequence()} ${Buffer.from(on.save()).toString("base64")}`
}
