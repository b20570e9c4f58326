import { byCodeUnit } from "../base/index.ts"
import type { TreeFile } from "../manifest/index.ts"
import { Conversation, type Take } from "./conversation.ts"
import { concernsManifests, labelOf, plainMode } from "./label.ts"
import type { Objects } from "./objects.ts"
import { type Limits, sized, tooMuch } from "./tree-files.ts"

export type Change = { readonly path: string; readonly after?: TreeFile }
type Raw = { readonly path: string; readonly before: string; readonly mode: string; readonly id: string }

/** What differs between two commits, asked through one `git diff-tree --stdin` that stays. */
export class TreeChanges {
	readonly #objects: Objects
	readonly #conversation: Conversation
	readonly #limits: Limits

	constructor(
		environment: Readonly<Record<string, string>>,
		objects: Objects,
		paths: readonly string[],
		limits: Limits,
	) {
		const how = ["--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--no-commit-id"]
		const safe = ["--no-ext-diff", "--no-textconv", "--ignore-submodules=none"]
		this.#objects = objects
		this.#limits = limits
		this.#conversation = new Conversation({
			args: ["diff-tree", ...how, ...safe, "--", ...paths],
			environment,
			limitBytes: Math.max(1024 * 1024, limits.files * 512),
		})
	}

	/** Both commits are known to be there: of a missing one diff-tree says nothing at all. */
	async between(base: string, commit: string): Promise<readonly Change[]> {
		// "sync" is no object id: diff-tree echoes it, and so says that the answer before it is whole.
		const raw = (await this.#conversation.ask(`${commit} ${base}\nsync\n`, takeChanges)).filter(
			(one) => concernsManifests(one.path, one.mode) || concernsManifests(one.path, one.before),
		)
		if (raw.length > this.#limits.files) throw tooMuch(`more than ${this.#limits.files} changed files`)
		const there = raw.filter((one) => one.mode !== "000000" && concernsManifests(one.path, one.mode))
		const after = new Map((await sized(this.#objects, there, this.#limits)).map((file) => [file.path, file]))
		return raw
			.map(({ path }) => {
				const file = after.get(path)
				return file === undefined ? { path } : { path, after: file }
			})
			.sort((a, b) => byCodeUnit(a.path, b.path))
	}

	restart(): void {
		this.#conversation.restart()
	}

	close(): void {
		this.#conversation.close()
	}
}

const SYNC = Buffer.from("sync\n")

const takeChanges: Take<readonly Raw[]> = (bytes) => {
	// An answer ends in SYNC; looking at the end first spares the rest while a long one is still coming.
	if (!bytes.subarray(-SYNC.length).equals(SYNC)) return 0
	const changes: Raw[] = []
	let at = 0
	while (bytes[at] === 58) {
		const meta = bytes.indexOf(0, at)
		const end = bytes.indexOf(0, meta + 1)
		if (meta < 0 || end < 0) return 0
		const [before = "", mode = "", , id = ""] = bytes.toString("latin1", at + 1, meta).split(" ")
		changes.push({
			path: labelOf(bytes.subarray(meta + 1, end)),
			before: before === "000000" ? before : plainMode(before),
			mode: mode === "000000" ? mode : plainMode(mode),
			id,
		})
		at = end + 1
	}
	const used = at + SYNC.length
	return bytes.subarray(at, used).equals(SYNC) ? { answer: changes, used } : 0
}
