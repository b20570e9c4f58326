import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, test } from "vitest"
import { openStore } from "../../src/store/index.ts"
import { newestSnapshot } from "../builders/ledger.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const ROUNDS = 10

/** Starts a writer, kills it after so many acknowledged batches and a little more, and says which was the last. */
async function killAfter(directory: string, batches: number, delayMs: number): Promise<number> {
	const script = new URL("../store/writer.ts", import.meta.url).pathname
	const child = spawn(process.execPath, ["--import", "tsx", script, directory, "write"], {
		stdio: ["ignore", "pipe", "inherit"],
	})
	let acknowledged = 0
	let seen = 0
	let rest = ""
	child.stdout.on("data", (data) => {
		const lines = (rest + String(data)).split("\n")
		rest = lines.pop() ?? ""
		for (const line of lines) acknowledged = Number(line)
		seen += lines.length
		if (seen >= batches) setTimeout(() => child.kill("SIGKILL"), delayMs)
	})
	await once(child, "close")
	return acknowledged
}

test("[29] a writer that is killed at any moment loses nothing that it acknowledged, and leaves no half batch", async () => {
	const directory = temporaryDirectory()
	for (let round = 0; round < ROUNDS; round++) {
		const acknowledged = await killAfter(directory, 1 + ((round * 13) % 29), (round * 7) % 5)
		const store = openStore(directory)
		const mark = store.mark()
		const journal = [...store.inputs(0)]
		expect(mark?.journal).toBeGreaterThanOrEqual(acknowledged)
		expect([journal.length, store.head().number, store.rest()]).toEqual([
			mark?.journal,
			2 * (mark?.journal ?? 0),
			`c${mark?.journal}`,
		])
		expect(store.verify()).toMatchObject({ sound: true })
		expect(store.ledger.commits({ limit: 1 })[0]?.commit).toBe(`c${mark?.journal}-again`)
		const snapshot = newestSnapshot(store)
		if (acknowledged > 7) expect(snapshot?.mark.journal).toBeGreaterThan(0)
		store.close()
	}
})
