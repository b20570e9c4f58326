import { Worker } from "node:worker_threads"
import type { Recalled } from "./recall.ts"

/** `recall` in a thread of its own: replaying may take seconds, and what runs goes on meanwhile. */
export function recallBeside(directory: string, when: string): Promise<Recalled> {
	const worker = new Worker(new URL("./past.js", import.meta.url), { workerData: { directory, when } })
	// Whoever ends the program does not wait for it.
	worker.unref()
	return new Promise((resolve, reject) => {
		worker.once("message", resolve).once("error", reject)
		worker.once("exit", () => reject(new Error(`the past of ${when} was not worked out`)))
	})
}
