import type { CommitRecord } from "../history/index.ts"
import { type Commit, parseCommit } from "./commit-text.ts"
import { failure, lastWords } from "./failure.ts"
import { isObjectId, type Objects } from "./objects.ts"
import { runGit } from "./run.ts"

/** Commits that one first-parent step may bring in and still have each of them named. */
const BROUGHT = 1000
const READ_AT_ONCE = 256
const KEPT = 4096

/** Commits and the way from one to the next: first parents only; what a merge brings in belongs to the merge. */
export class Commits {
	readonly #environment: Readonly<Record<string, string>>
	readonly #objects: Objects
	readonly #records = new Map<string, CommitRecord>()

	constructor(environment: Readonly<Record<string, string>>, objects: Objects) {
		this.#environment = environment
		this.#objects = objects
	}

	/** The commit object alone. Fails as `corrupt` where there is none. */
	async one(id: string): Promise<Commit> {
		const [commit] = await this.#read([id])
		if (commit === undefined) throw missingCommit(id)
		return commit
	}

	async record(id: string): Promise<CommitRecord> {
		const known = this.#records.get(id)
		if (known !== undefined) return known
		const commit = await this.one(id)
		if (commit.parents.length < 2) return this.#keep(recordOf(commit, []))
		const side = await this.#revList([`--max-count=${BROUGHT}`, "--topo-order", id, `^${commit.parents[0]}`])
		const brought = await this.#read(side.map((line) => line[0] ?? "").filter((one) => one !== id))
		return this.#keep(recordOf(commit, brought))
	}

	/** First-parent commits after `base` up to `tip`, oldest first, the newest `limit`. */
	async *walk(base: string | undefined, tip: string, limit: number | undefined): AsyncIterable<CommitRecord> {
		for (const id of [base, tip]) if (id !== undefined && !isObjectId(id)) throw missingCommit(id)
		const newest = limit === undefined ? [] : [`--max-count=${Math.max(0, Math.trunc(limit))}`]
		const upTo = base === undefined ? [tip] : [tip, `^${base}`]
		const lines = (await this.#revList(["--first-parent", "--parents", ...newest, ...upTo])).reverse()
		const brings = lines.some((line) => line.length > 2) ? await this.#bringsOf(lines) : new Map<string, string[]>()
		for (let from = 0; from < lines.length; from += READ_AT_ONCE) {
			const ids = lines.slice(from, from + READ_AT_ONCE).map((line) => line[0] ?? "")
			const commits = await this.#read(ids)
			const sides = await this.#read(ids.flatMap((id) => brings.get(id) ?? []))
			let at = 0
			for (const commit of commits) {
				const count = brings.get(commit.commit)?.length ?? 0
				yield this.#keep(recordOf(commit, sides.slice(at, at + count)))
				at += count
			}
		}
	}

	async isAncestor(base: string, tip: string): Promise<boolean> {
		const found = await this.#objects.info([base, tip])
		if (found.some((one) => one?.type !== "commit")) return false
		const ran = await runGit(["merge-base", "--is-ancestor", base, tip], { environment: this.#environment })
		return ran.code === 0
	}

	forget(): void {
		this.#records.clear()
	}

	/**
	 * For each first-parent commit what it brings in, newest first: each other commit belongs to the oldest one that
	 * reaches it. One walk over the graph for all of them.
	 */
	async #bringsOf(lines: readonly (readonly string[])[]): Promise<Map<string, string[]>> {
		const tip = lines.at(-1)?.[0] ?? ""
		const before = lines[0]?.[1]
		const graph = await this.#revList([
			"--topo-order",
			"--parents",
			tip,
			...(before === undefined ? [] : [`^${before}`]),
		])
		const parents = new Map(graph.map((line) => [line[0] ?? "", line.slice(1)] as const))
		const order = new Map(graph.map((line, index) => [line[0] ?? "", index] as const))
		const taken = new Set(lines.map((line) => line[0] ?? ""))
		const brings = new Map<string, string[]>()
		for (const [id = "", , ...others] of lines) {
			const mine: string[] = []
			const open = [...others]
			for (let next = open.pop(); next !== undefined; next = open.pop()) {
				if (taken.has(next) || !parents.has(next)) continue
				taken.add(next)
				mine.push(next)
				open.push(...(parents.get(next) ?? []))
			}
			if (mine.length === 0) continue
			mine.sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0))
			brings.set(id, mine.slice(0, BROUGHT))
		}
		return brings
	}

	async #read(ids: readonly string[]): Promise<readonly Commit[]> {
		const objects = await this.#objects.contents(ids)
		return objects.map((object, index) => {
			if (object?.type !== "commit") throw missingCommit(ids[index] ?? "")
			return parseCommit(object.id, object.bytes)
		})
	}

	/** Ids of a walk, one line each: the commit and, with --parents, its parents. */
	async #revList(args: readonly string[]): Promise<string[][]> {
		const ran = await runGit(["rev-list", ...args, "--"], {
			environment: this.#environment,
			limitMs: 120_000,
			limitBytes: 512 * 1024 * 1024,
		})
		if (ran.code !== 0)
			throw failure(
				"corrupt",
				`Cannot walk the history: ${lastWords(ran.stderr)}`,
				"run git fsck there, or fetch what is missing",
			)
		const text = ran.stdout.toString("latin1").trimEnd()
		return text === "" ? [] : text.split("\n").map((line) => line.split(" "))
	}

	#keep(record: CommitRecord): CommitRecord {
		this.#records.set(record.commit, record)
		if (this.#records.size > KEPT)
			for (const [oldest] of this.#records) {
				this.#records.delete(oldest)
				break
			}
		return record
	}
}

function recordOf(commit: Commit, brought: readonly Commit[]): CommitRecord {
	const { tree: _, trailers: __, ...facts } = commit
	return {
		...facts,
		trailers: [commit, ...brought].flatMap((one) =>
			one.trailers.map((trailer) => ({ ...trailer, commit: one.commit, author: one.author })),
		),
		brings: brought.map((one) => ({ commit: one.commit, author: one.author, subject: one.subject })),
	}
}

function missingCommit(id: string): Error {
	return failure(
		"corrupt",
		`Cannot read commit ${id.slice(0, 64)}: it is not in the repository`,
		"it may have been removed after a force push; otherwise run git fsck there, or git fetch",
	)
}
