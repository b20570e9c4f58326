import { expect, test } from "vitest"
import type { Clock } from "../../src/engine/index.ts"
import { Recorder } from "../../src/engine/recorder.ts"
import { begin } from "../../src/engine/restore.ts"
import { openStore } from "../../src/store/index.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const START = 1_760_000_000_000

test("Recorder spares itself a mark while nothing happens, but for the last: the next start goes on from there", () => {
	const clock: Clock = { wall: () => 0, monotonic: () => 0, sleep: async () => {} }
	const store = openStore(temporaryDirectory())
	const recorder = new Recorder(store, clock, () => {})
	const recorded = begin({ seed: "test", start: START })
	const markAfter = (ms: number, isLast: boolean): number | undefined => {
		recorded.advance(recorded.cluster.now() + ms)
		recorder.flush(recorded, "{}", undefined, isLast)
		return store.mark()?.at
	}
	expect([markAfter(0, false), markAfter(1, false), markAfter(1, true)]).toEqual([START, START, START + 2])
	store.close()
})
