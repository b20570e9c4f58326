import type { Source, SourceState } from "../engine/index.ts"
import type { CommitRecord, Signature } from "../history/index.ts"
import type { TreeFile } from "../manifest/index.ts"
import { type NotReady, SourceError, stateOf } from "./failure.ts"
import type { Origin, Place } from "./origin.ts"
import { Reader } from "./reader.ts"
import { isRevision, partsOf } from "./revision.ts"
import type { Signatures } from "./signatures.ts"
import { type Limits, missingObject } from "./tree-files.ts"

/** A branch of one repository, wherever that is: `Origin` brings it here, `Reader` reads it. */
export class GitSource implements Source {
	readonly #origin: Origin
	readonly #paths: readonly string[]
	readonly #limits: Limits
	readonly #signatures: Signatures
	/** Blobs that could not be read: they are tried again before their commit is called ready. */
	readonly #suspect = new Set<string>()
	#reader: Reader | undefined
	#verified: string | undefined
	#putAside = false
	#polling: Promise<SourceState> | undefined
	#queued: Promise<SourceState> | undefined
	#closed = false

	constructor(origin: Origin, paths: readonly string[], limits: Limits, signatures: Signatures) {
		this.#signatures = signatures
		this.#origin = origin
		this.#paths = paths
		this.#limits = limits
	}

	get name(): string {
		return this.#origin.name
	}

	get branch(): string {
		return this.#origin.branch ?? "HEAD"
	}

	/** One at a time. Calls that come while one is under way share the next: what moved since must be in their answer. */
	poll(): Promise<SourceState> {
		if (this.#queued !== undefined) return this.#queued
		if (this.#polling === undefined) return this.#ask()
		const next = (): Promise<SourceState> => {
			this.#queued = undefined
			return this.#ask()
		}
		this.#queued = this.#polling.then(next, next)
		return this.#queued
	}

	#ask(): Promise<SourceState> {
		this.#polling = this.#poll().finally(() => {
			this.#polling = undefined
		})
		return this.#polling
	}

	async #poll(): Promise<SourceState> {
		if (this.#closed) return this.#closedState()
		try {
			return await this.#follow(await this.#origin.update())
		} catch (error) {
			const state = stateOf(error)
			// What was sent may be bad while what is here is whole; only what is here can be put aside.
			if (state.kind !== "corrupt" || (await this.#isWhole())) return state
			return this.#quarantine().then(() => state, stateOf)
		}
	}

	async #follow(place: Place): Promise<SourceState> {
		const reader = this.#readerOf(place)
		let tip = await reader.refs.tip()
		if (tip === undefined) {
			const reason = await this.#origin.explain(place, this.#verified)
			// A branch that was made meanwhile needs no explanation.
			tip = await reader.refs.tip()
			if (tip === undefined) throw reason
		}
		if (tip.type !== "commit") throw missingObject(tip.id, place.ref)
		if (tip.id !== this.#verified) await this.#verify(reader, tip.id)
		return { kind: "ready", tip: tip.id }
	}

	/** Whether the branch, as it was left here, can be read. */
	async #isWhole(): Promise<boolean> {
		try {
			const reader = await this.#readerNow()
			const tip = await reader.refs.tip()
			if (tip !== undefined) await this.#verify(reader, tip.id)
			return tip !== undefined
		} catch {
			return false
		}
	}

	/** Once, until something can be read again: from a server that is damaged itself no clone would help. */
	async #quarantine(): Promise<void> {
		if (this.#closed || this.#putAside) return
		this.#putAside = true
		this.#forget()
		await this.#origin.quarantine()
	}

	/** A commit is ready when all that will be read of it is there: nothing is applied by halves. */
	async #verify(reader: Reader, tip: string): Promise<void> {
		const before = this.#verified
		this.#verified = undefined
		const known = before !== undefined && this.#suspect.size === 0 && (await reader.has(before))
		if (known) await reader.changes(before, tip)
		else for (const { blob } of await reader.files(tip)) if (this.#suspect.has(blob)) await reader.read([blob])
		this.#suspect.clear()
		this.#verified = tip
		this.#putAside = false
	}

	async files(commit: string): Promise<readonly TreeFile[]> {
		return this.#reading((reader) => reader.files(commit))
	}

	async changedFiles(base: string, commit: string): ReturnType<Source["changedFiles"]> {
		return this.#reading((reader) => reader.changes(base, commit))
	}

	async read(blobs: readonly string[]): Promise<readonly Uint8Array[]> {
		return this.#reading(async (reader) => {
			try {
				return await reader.read(blobs)
			} catch (error) {
				if (error instanceof SourceError && error.code === "corrupt") for (const blob of blobs) this.#suspect.add(blob)
				throw error
			}
		})
	}

	async commit(id: string): Promise<CommitRecord> {
		return this.#reading((reader) => reader.commits.record(id))
	}

	async *walk(base: string | undefined, tip: string, limit?: number): AsyncIterable<CommitRecord> {
		const reader = await this.#readerNow()
		yield* reader.commits.walk(base, tip, limit)
	}

	async isAncestor(base: string, tip: string): Promise<boolean> {
		return this.#reading((reader) => reader.commits.isAncestor(base, tip))
	}

	async signatures(commits: readonly string[]): Promise<readonly Signature[]> {
		return this.#reading((reader) => this.#signatures.of(commits, reader.gitDir, reader.objects))
	}

	async resolve(revision: string): Promise<string | undefined> {
		if (!isRevision(revision)) return undefined
		const { name, steps } = partsOf(revision)
		if (name === this.branch) return this.#fromTip(steps)
		const known = await this.#reading((reader) => reader.resolve(revision))
		// The copy of a URL has no HEAD of its own.
		return known === undefined && (name === "HEAD" || name === "@") ? this.#fromTip(steps) : known
	}

	async #fromTip(steps: string): Promise<string | undefined> {
		const state = await this.poll()
		if (state.kind !== "ready") throw new SourceError(state)
		return steps === "" ? state.tip : this.#reading((reader) => reader.resolve(`${state.tip}${steps}`))
	}

	watch(moved: () => void, signal: AbortSignal): Promise<void> {
		return this.#origin.watch(moved, signal)
	}

	async close(): Promise<void> {
		this.#closed = true
		this.#origin.close()
		await (this.#queued ?? this.#polling)
		this.#forget()
		await this.#signatures.close()
	}

	async #reading<T>(read: (reader: Reader) => Promise<T>): Promise<T> {
		try {
			return await read(await this.#readerNow())
		} catch (error) {
			if (error instanceof SourceError && error.code === "corrupt") this.#verified = undefined
			throw error
		}
	}

	async #readerNow(): Promise<Reader> {
		if (this.#closed) throw new SourceError(this.#closedState())
		return this.#reader ?? this.#readerOf(await this.#origin.place())
	}

	#readerOf(place: Place): Reader {
		if (this.#reader?.identity === place.identity) return this.#reader
		this.#forget()
		this.#reader = new Reader(place, this.#paths, this.#limits)
		return this.#reader
	}

	#closedState(): NotReady {
		return { kind: "unreachable", message: `Cannot read "${this.name}": it is closed`, next: "open it again" }
	}

	#forget(): void {
		this.#reader?.close()
		this.#reader = undefined
	}
}
