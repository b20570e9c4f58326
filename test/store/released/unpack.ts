import { execFileSync } from "node:child_process"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import type { Mark } from "../../../src/engine/index.ts"
import { tamper } from "../../builders/tamper.ts"
import { temporaryDirectory } from "../../builders/temporary-directory.ts"

/** What of a state directory is kept. */
export const FILES = ["ledger.db", "snapshots.db", "secret.key"] as const

/** What a released version had recorded when it was killed. */
export type Released = {
	readonly head: { readonly number: number; readonly hash: string }
	readonly mark: Mark
	/** The number of the newest rollout: it was under way. */
	readonly rollout: number
}

export type Unpacked = Released & { readonly state: string; readonly repository: string }

/** The versions of the schema that were released, oldest first. */
export const RELEASED = readdirSync(import.meta.dirname, { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map((entry) => Number(entry.name))
	.sort((a, b) => a - b)

/** A copy of what a released version left, and of the repository that it followed, gone when the test is over. */
export function unpack(version: number): Unpacked {
	const from = join(import.meta.dirname, String(version))
	const [state, repository] = [temporaryDirectory(), temporaryDirectory()]
	for (const file of FILES) writeFileSync(join(state, file), gunzipSync(readFileSync(join(from, `${file}.gz`))))
	execFileSync("git", ["clone", "--quiet", "--branch", "main", join(from, "repository.bundle"), repository])
	// It was recorded in a folder that is gone.
	tamper(state, `UPDATE state SET body = json_set(body, '$.tracked.repository', '${repository}') WHERE name = 'rest'`)
	const facts = JSON.parse(readFileSync(join(from, "released.json"), "utf8")) as Released
	return { ...facts, state, repository }
}
