import { execFileSync } from "node:child_process"
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gzipSync } from "node:zlib"
import { makeRepository } from "../../../src/cli/compose/index.ts"
import { readStory } from "../../../src/cli/demo/story.ts"
import { openStore } from "../../../src/store/index.ts"
import { LEDGER } from "../../../src/store/migrations.ts"
import { rollcallOn } from "../../builders/rollcall.ts"
import { FILES, type Released } from "./unpack.ts"

/**
 * `npx tsx test/store/released/make.ts`: a state directory as this version leaves it when it is killed in the middle of
 * a rollout, compressed, for all later versions to go on with. Run it before the schema of a release changes for the
 * next one; what was released never changes.
 */
const root = fileURLToPath(new URL("../../../", import.meta.url))
const released = join(root, "test", "store", "released", String(LEDGER.length))
if (existsSync(released)) throw new Error(`${released} is there already`)

const folder = mkdtempSync(join(tmpdir(), "rollcall-released-"))
const [path, state, killed] = ["repository", "state", "killed"].map((name) => join(folder, name)) as [
	string,
	string,
	string,
]
const git = (...words: readonly string[]): string =>
	execFileSync("git", ["-C", path, ...words], { encoding: "utf8" }).trim()

await makeRepository(path, readStory(join(root, "examples", "rolling-update-and-rollback")))
const tip = git("rev-parse", "main")
const rollcall = rollcallOn({ path }, { state, speed: 20 })
git("update-ref", "refs/heads/main", `${tip}~1`)
await rollcall.replay({ settle: true })
git("update-ref", "refs/heads/main", tip)
await killInTheMiddle()
const store = openStore(killed)
const { head, mark, newest } = {
	head: store.head(),
	mark: store.mark(),
	newest: store.ledger.rollouts({ limit: 1 })[0],
}
store.close()
if (mark === undefined || newest === undefined || newest.verdict !== undefined) {
	throw new Error("the newest rollout was to be under way")
}

mkdirSync(released)
for (const file of FILES)
	writeFileSync(join(released, `${file}.gz`), gzipSync(readFileSync(join(killed, file)), { level: 9 }))
execFileSync("git", ["-C", path, "bundle", "create", "--quiet", join(released, "repository.bundle"), "main"])
const facts: Released = { head, mark, rollout: newest.rollout }
writeFileSync(join(released, "released.json"), `${JSON.stringify(facts, undefined, "\t")}\n`)
rmSync(folder, { recursive: true })

/** Follows the branch until pods of the last commit's rollout move, and takes what is on the disk then. */
async function killInTheMiddle(): Promise<void> {
	const opened = await rollcall.open()
	const stop = new AbortController()
	const before = rollcall.facts.length
	const watching = setInterval(() => {
		const moved = rollcall.facts.slice(before).some(({ kind }) => kind === "pod")
		if (!moved || stop.signal.aborted) return
		mkdirSync(killed)
		for (const file of [...FILES, "ledger.db-wal", "snapshots.db-wal"]) {
			if (existsSync(join(state, file))) copyFileSync(join(state, file), join(killed, file))
		}
		stop.abort()
	}, 1)
	await opened.engine.follow(stop.signal)
	clearInterval(watching)
	await opened.close()
}
