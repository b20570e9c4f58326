import { execFileSync } from "node:child_process"
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { loadCluster } from "../../src/cluster/index.ts"
import { type Mark, restore } from "../../src/engine/index.ts"
import { RecordedCluster } from "../../src/engine/recorded-cluster.ts"
import { canonicalEntry, type LedgerEntry } from "../../src/history/index.ts"
import { openStore, type StateDirectory, StorageError } from "../../src/store/index.ts"
import { newestSnapshot } from "../builders/ledger.ts"
import { ENVIRONMENT } from "./user.ts"

export type Head = { readonly number: number; readonly hash: string }

/** What does not hold after a kill. */
export class Broken extends Error {
	override readonly name = "Broken"
}

export function hold(claim: boolean, otherwise: string): void {
	if (!claim) throw new Broken(otherwise)
}

/** Before the first transaction there may be nothing to read. */
const NOT_YET = new Set(["Missing", "NotRollcall", "OlderVersion"])

/** What must hold of a state directory whose writer was killed. Gives the newest entry. */
export function checkState(state: string, acknowledged: Head | undefined): Head | undefined {
	const head = look(state, (store) => {
		const mark = checkRecord(store, acknowledged)
		const isFaithful = mark === undefined || restore(store)?.faithful === true
		hold(isFaithful, "the newest snapshot and the inputs after it lead to another cluster")
		return store.head()
	})
	hold(head !== undefined || acknowledged === undefined, "what was acknowledged cannot be read")
	// As it is found without the memory that SQLite shares between processes, and without a snapshot.
	const copy = mkdtempSync(join(tmpdir(), "rollcall-crash-copy-"))
	try {
		const files = ["ledger.db", "ledger.db-wal"].map((file) => join(state, file)).filter((path) => existsSync(path))
		// By another process: who closes a file of SQLite's lets go of all locks that its own process has on it.
		if (files.length > 0) execFileSync("cp", [...files, copy])
		look(copy, (store) => {
			const mark = checkRecord(store, acknowledged)
			if (mark !== undefined) checkReplay(store, mark)
		})
	} finally {
		rmSync(copy, { recursive: true, force: true })
	}
	return head
}

function look<T>(directory: string, at: (store: StateDirectory) => T): T | undefined {
	let store: StateDirectory
	try {
		store = openStore(directory, { readOnly: true })
	} catch (problem) {
		if (problem instanceof StorageError && NOT_YET.has(problem.code)) return undefined
		throw problem
	}
	try {
		return at(store)
	} finally {
		store.close()
	}
}

function checkRecord(store: StateDirectory, acknowledged: Head | undefined): Mark | undefined {
	const verification = store.verify(acknowledged?.hash)
	hold(verification.sound, `the chain does not verify: ${JSON.stringify(verification)}`)
	const mark = store.mark()
	const inputs = [...store.inputs(0)].length
	hold(inputs === (mark?.journal ?? 0), `${inputs} inputs are on record, and the mark says ${mark?.journal}`)
	hold((mark === undefined) === (store.rest() === undefined), "a mark without the engine's own state, or the reverse")
	return mark
}

/** The cluster as it is when nobody kills it: all inputs at their places, from the first. */
function checkReplay(store: StateDirectory, mark: Mark): void {
	const origin = newestSnapshot(store)
	if (origin === undefined) throw new Broken("the ledger has lost its beginning")
	const recorded = new RecordedCluster(loadCluster(origin.cluster), origin)
	for (const { at, wall, input } of store.inputs(0)) {
		recorded.advance(at)
		recorded.act(input, wall, () => [])
	}
	recorded.advance(mark.at)
	const reached = JSON.stringify(recorded.mark())
	hold(reached === JSON.stringify(mark), `an unkilled run is at ${reached}, not ${JSON.stringify(mark)}`)
	const derived = recorded.take().entries.map((entry) => canonicalEntry(entry))
	const onRecord = store.ledger.entries(0).filter(({ entry }) => isDerived(entry))
	for (const [index, { number, entry }] of onRecord.entries()) {
		hold(derived[index] === canonicalEntry(entry), `entry ${number} is another in an unkilled run: ${derived[index]}`)
	}
	hold(derived.length === onRecord.length, `an unkilled run has entries that are missing: ${derived[onRecord.length]}`)
}

/** What follows from the inputs alone; the other rows are the engine's own words. */
function isDerived(entry: LedgerEntry): boolean {
	return entry.kind.startsWith("rollout-") || (entry.kind === "revision" && entry.origin === "rolled-out")
}

/** What must hold of the repository. Gives the files of a write that was cut off. */
export function checkRepository(path: string): readonly string[] {
	execFileSync("git", ["-C", path, "fsck", "--strict", "--no-dangling"], { env: ENVIRONMENT, stdio: "pipe" })
	const git = join(path, ".git")
	const refs = readdirSync(join(git, "refs"), { recursive: true, encoding: "utf8" }).map((name) => join("refs", name))
	const ours = (name: string): boolean => name.endsWith(".lock") || name.startsWith("rollcall-")
	const beside = readdirSync(path).filter((name) => name.includes(".rollcall-"))
	const locks = [...readdirSync(git), ...refs].filter(ours)
	return [...locks.map((name) => join(git, name)), ...beside.map((name) => join(path, name))]
}
