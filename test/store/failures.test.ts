import { spawnSync } from "node:child_process"
import { chmodSync, cpSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { Database } from "../../src/store/database.ts"
import { openStore, StateDirectory, StorageError } from "../../src/store/index.ts"
import { LEDGER, migrate } from "../../src/store/migrations.ts"
import { anotherUser, canBeAnotherUser } from "../builders/another-user.ts"
import { applyInput, batch, commitEntry, configMap, mark, placed } from "../builders/ledger.ts"
import { tamper } from "../builders/tamper.ts"
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

function filled(batches = 3): string {
	const directory = temporaryDirectory()
	const store = openStore(directory)
	for (let number = 1; number <= batches; number++) {
		store.commit(batch({ entries: [commitEntry(`c${number}`)], rest: `r${number}`, mark: mark(number) }))
	}
	store.close()
	return directory
}

test("[30] on a full disk the batch is refused whole, what was recorded stays, and with space it goes on", () => {
	const path = join(temporaryDirectory(), "ledger.db")
	const ledger = new Database(path, { synchronous: "FULL" })
	migrate(ledger, LEDGER)
	const store = new StateDirectory(ledger, undefined, () => {})
	ledger.exec("PRAGMA max_page_count = 60")
	let written = 0
	const write = () => {
		const large = configMap(`c${written}`, "x".repeat(20_000))
		const over = { inputs: [placed(applyInput(large))], entries: [commitEntry("4f2c")] }
		store.commit(batch({ ...over, mark: mark(written + 1, { journal: written + 1 }) }))
		written++
	}
	const failure = failureOf(() => {
		for (;;) write()
	})
	expect([failure.code, failure.next]).toEqual(["DiskFull", expect.stringContaining("free some space") as string])
	expect([store.mark()?.journal, [...store.inputs(0)].length, store.head().number]).toEqual([written, written, written])
	ledger.exec("PRAGMA max_page_count = 1000")
	write()
	expect([store.mark()?.journal, store.verify().sound]).toEqual([written, true])
	store.close()
})

test.skipIf(!canBeAnotherUser())(
	"[30] a directory that cannot be written is refused to writers, and read all the same",
	() => {
		const directory = filled()
		const leftOver = temporaryDirectory()
		// As a killed writer leaves it: the newest batches only in the log.
		const store = openStore(directory)
		store.commit(batch({ entries: [commitEntry("c4")], rest: "r4", mark: mark(4) }))
		for (const file of ["ledger.db", "ledger.db-wal"]) cpSync(join(directory, file), join(leftOver, file))
		store.close()
		expect(readAsNobody(directory)).toEqual({ mark: 4, rest: "r4", sound: true })
		expect(readAsNobody(leftOver)).toEqual({ mark: 4, rest: "r4", sound: true })
		expect(readAsNobody(directory, "write")).toMatchObject({
			code: "ReadOnly",
			next: expect.stringContaining("--state DIR"),
		})
	},
)

test("reading where nothing was recorded yet says how to begin, and makes nothing", () => {
	const directory = temporaryDirectory()
	const read = () => failureOf(() => openStore(directory, { readOnly: true }))
	expect([read().code, read().next]).toEqual(["Missing", expect.stringContaining("rollcall run") as string])
	expect(existsSync(join(directory, "ledger.db"))).toBe(false)
	// As a writer leaves it that was killed before its first transaction.
	writeFileSync(join(directory, "ledger.db"), "")
	expect(read().code).toBe("Missing")
})

test("a state directory below a file cannot be made, and the refusal names it", () => {
	const file = join(temporaryDirectory(), "file")
	writeFileSync(file, "")
	for (const directory of [file, join(file, "state"), join(file, "far", "below")]) {
		expect(failureOf(() => openStore(directory)).message).toContain(directory)
	}
})

test.skipIf(!existsSync("/proc/self"))("a state directory where no folder can be made is refused, at once", () => {
	for (const directory of ["/proc/rollcall", "/proc/rollcall/far/below"]) {
		const { code, message, next } = failureOf(() => openStore(directory))
		expect([code, message, next]).toEqual([
			"ReadOnly",
			"Cannot make the state directory /proc/rollcall: /proc takes no folders",
			"give another one with --state DIR",
		])
	}
})

test("a state directory is made with all that is missing above it", () => {
	const directory = join(temporaryDirectory(), "far", "below")
	openStore(directory).close()
	openStore(directory).close()
	expect(existsSync(join(directory, "ledger.db"))).toBe(true)
})

test("a database of another program is left alone", () => {
	const directory = temporaryDirectory()
	tamper(directory, "CREATE TABLE theirs (a); INSERT INTO theirs VALUES (1)")
	const before = readFileSync(join(directory, "ledger.db"))
	expect(failureOf(() => openStore(directory)).code).toBe("NotRollcall")
	expect(failureOf(() => openStore(directory, { readOnly: true })).code).toBe("NotRollcall")
	// Only the header's note of the journal mode may differ.
	expect(readFileSync(join(directory, "ledger.db")).subarray(100)).toEqual(before.subarray(100))
})

test("a ledger of a newer Rollcall is refused and not changed", () => {
	const directory = filled()
	tamper(directory, `PRAGMA user_version = ${LEDGER.length + 1}`)
	for (const readOnly of [false, true]) {
		const failure = failureOf(() => openStore(directory, { readOnly }))
		expect([failure.code, failure.next]).toEqual(["NewerVersion", expect.stringContaining("newer Rollcall") as string])
	}
})

test("[30] a file that is no database, and a damaged page, are told apart from all else, with the way out", () => {
	const noDatabase = filled()
	writeFileSync(join(noDatabase, "ledger.db"), "not a database ".repeat(2000))
	expect(failureOf(() => openStore(noDatabase)).code).toBe("Damaged")
	const damaged = filled(300)
	const file = openSync(join(damaged, "ledger.db"), "r+")
	const { length } = readFileSync(join(damaged, "ledger.db"))
	for (let page = 1; page * 4096 < length; page++) writeSync(file, Buffer.alloc(4096, 0xee), 0, 4096, page * 4096)
	const failure = failureOf(() => {
		const store = openStore(damaged, { readOnly: true })
		onTestFinished(() => store.close())
		store.verify()
	})
	expect([failure.code, failure.next]).toEqual(["Damaged", expect.stringContaining("backup") as string])
})

test("a reader beside a writer sees each batch whole, as soon as it is written", () => {
	const directory = filled()
	const writer = openStore(directory)
	const reader = openStore(directory, { readOnly: true })
	for (let number = 4; number < 40; number++) {
		writer.commit(batch({ entries: [commitEntry(`c${number}`)], rest: `r${number}`, mark: mark(number) }))
		const newest = reader.ledger.commits({ limit: 1 })[0]?.commit
		expect([reader.mark()?.sequence, reader.rest(), newest]).toEqual([number, `r${number}`, `c${number}`])
	}
	const failure = failureOf(() => reader.commit(batch({ mark: mark(99) })))
	expect([failure.code, writer.mark()?.sequence]).toEqual(["ReadOnly", 39])
	reader.close()
	writer.close()
})

/** Reads as a user who may not write there; root may write anywhere, so it asks a process of another user. */
function readAsNobody(directory: string, mode = "read"): unknown {
	chmodSync(directory, 0o555)
	onTestFinished(() => chmodSync(directory, 0o755))
	const script = new URL("./reader.ts", import.meta.url).pathname
	const { stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, directory, mode], anotherUser())
	return String(stderr) === "" ? JSON.parse(String(stdout)) : String(stderr)
}
