import { setTimeout as sleep } from "node:timers/promises"
import type { Clock } from "../engine/index.ts"

/** The machine's own clock. */
export const systemClock: Clock = {
	wall: () => Date.now(),
	monotonic: () => performance.now(),
	sleep: async (durationMs, signal) => {
		if (signal.aborted) return
		try {
			await sleep(durationMs, undefined, { signal })
		} catch {
			// Woken: the caller asks why.
		}
	},
}
