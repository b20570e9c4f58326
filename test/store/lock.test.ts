import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { openStore, StorageError } from "../../src/store/index.ts"
import { batch, mark } from "../builders/ledger.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

function failureOf(action: () => unknown): StorageError {
	try {
		action()
	} catch (failure) {
		if (failure instanceof StorageError) return failure
		throw failure
	}
	throw new Error("nothing was thrown")
}

/** A process of its own that opens the directory to write, says so, and waits to be killed. */
async function writer(directory: string): Promise<{ pid: number; kill: () => Promise<unknown> }> {
	const script = new URL("./writer.ts", import.meta.url).pathname
	const child = spawn(process.execPath, ["--import", "tsx", script, directory, "hold"], {
		stdio: ["ignore", "pipe", "inherit"],
	})
	const ended = once(child, "close")
	const kill = () => {
		child.kill("SIGKILL")
		return ended
	}
	onTestFinished(async () => void (await kill()))
	const [line] = await once(child.stdout, "data")
	return { pid: Number(String(line)), kill }
}

test("a second writer is refused, told who the first one is and what to do; readers are not", async () => {
	const directory = temporaryDirectory()
	const { pid, kill } = await writer(directory)
	const failure = failureOf(() => openStore(directory))
	expect([failure.code, failure.message]).toEqual(["Locked", expect.stringContaining(`process ${pid} on `) as string])
	expect(failure.message).toContain("(test writer, since 20")
	expect(failure.next).toContain("--state DIR")
	const reader = openStore(directory, { readOnly: true })
	expect(reader.mark()).toEqual(mark(1))
	reader.close()
	await kill()
})

test("a lock ends with the process that held it, even where that was killed", async () => {
	const directory = temporaryDirectory()
	const { kill } = await writer(directory)
	await kill()
	expect(existsSync(join(directory, "lock"))).toBe(true)
	const store = openStore(directory, { what: "rollcall run" })
	expect(JSON.parse(readFileSync(join(directory, "lock"), "utf8"))).toMatchObject({
		pid: process.pid,
		what: "rollcall run",
	})
	store.commit(batch({ mark: mark(5) }))
	store.close()
	expect(existsSync(join(directory, "lock"))).toBe(false)
})

test("a leftover name of a process that is gone, or of another one with its number, holds nothing up", () => {
	const directory = temporaryDirectory()
	for (const started of ["", "1"]) {
		const leftover = { pid: process.pid, host: "elsewhere", started, since: "", what: "old" }
		writeFileSync(join(directory, "lock"), JSON.stringify(leftover))
		openStore(directory).close()
	}
})

test("two writers in one process are two writers", () => {
	const directory = temporaryDirectory()
	const first = openStore(directory)
	expect(failureOf(() => openStore(directory)).code).toBe("Locked")
	first.close()
	openStore(directory).close()
})
