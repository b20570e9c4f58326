import { setTimeout as timer } from "node:timers/promises"
import type { Clock, Source, SourceState } from "../engine/index.ts"
import type { CommitRecord } from "../history/index.ts"
import type { TreeFile } from "../manifest/index.ts"
import { parseAddress } from "./address.ts"
import { isBranchName } from "./branch-name.ts"
import type { Credentials } from "./credentials.ts"
import { type NotReady, SourceError, stateOf } from "./failure.ts"
import { localOrigin } from "./local.ts"
import { mirrorOrigin } from "./mirror.ts"
import type { Origin, Place } from "./origin.ts"
import { Reader } from "./reader.ts"
import { checkGit } from "./simple.ts"
import { type Limits, missingObject } from "./tree-files.ts"

export type SourceOptions = {
	/** A path, a URL (https, ssh) or `user@host:path`. */
	readonly repository: string
	/** The short name; without one the repository's own default: its HEAD. */
	readonly branch?: string
	/** Folders or files to watch, relative to the root of the repository; without any, all of it. */
	readonly paths?: readonly string[]
	/** Where mirrors of URLs are kept. A local repository needs none. */
	readonly stateDir: string
	/** Also `file://` URLs, and folders that belong to another user. */
	readonly allowLocal?: boolean
	/** Also servers on this machine, and http:// to them. */
	readonly allowLoopback?: boolean
	readonly credentials?: Credentials
	/** How often a URL is asked; 15 s unless said. */
	readonly intervalMs?: number
	/** How often a local repository is asked though nothing was noticed; 1 s unless said. */
	readonly safetyMs?: number
	readonly limits?: Partial<Limits> & { readonly fetchMs?: number; readonly fetchBytes?: number }
	readonly clock?: Pick<Clock, "sleep">
}

const MIB = 1024 * 1024
const LIMITS: Limits = { fileBytes: 4 * MIB, files: 100_000, depth: 64, totalBytes: 1024 * MIB }
const FETCH_MS = 10 * 60_000
const FETCH_BYTES = 4096 * MIB

/**
 * The repository as a source of commits. What is wrong with it, or with what was typed, is what `poll` says; only a
 * git that is missing or too old fails here, with a `SourceError`. Asking a source that is not ready for commits or
 * files fails with a `SourceError` too, whose `state` is what `poll` says.
 */
export async function openSource(options: SourceOptions): Promise<Source> {
	await checkGit()
	const origin = originOf(options)
	if (!("prepare" in origin)) return refusedSource(origin.name, options.branch ?? "HEAD", origin.state)
	const paths = pathsOf(options.paths ?? [])
	if (!Array.isArray(paths)) return refusedSource(origin.name, options.branch ?? "HEAD", paths as NotReady)
	await origin.prepare().catch((error) => stateOf(error))
	return new GitSource(origin, paths, { ...LIMITS, ...options.limits })
}

function originOf(options: SourceOptions): Origin | { readonly name: string; readonly state: NotReady } {
	const { allowLocal = false, allowLoopback = false, branch } = options
	const address = parseAddress(options.repository, { allowLocal, allowLoopback })
	if (address.kind === "refused") return address
	if (branch !== undefined && !isBranchName(branch)) {
		const message = `Cannot follow ${JSON.stringify(branch.slice(0, 80))}: it is not the name of a branch`
		return { name: address.name, state: { kind: "refused", message, next: "name a branch as git branch lists it" } }
	}
	const sleep = options.clock?.sleep ?? sleepFor
	if (address.kind === "local")
		return localOrigin({ path: address.path, branch, allowLocal, safetyMs: options.safetyMs ?? 1000, sleep })
	return mirrorOrigin({
		remote: address,
		branch,
		stateDir: options.stateDir,
		credentials: options.credentials ?? {},
		allowLoopback,
		intervalMs: options.intervalMs ?? 15_000,
		sleep,
		fetchMs: options.limits?.fetchMs ?? FETCH_MS,
		fetchBytes: options.limits?.fetchBytes ?? FETCH_BYTES,
	})
}

async function sleepFor(durationMs: number, signal: AbortSignal): Promise<void> {
	await timer(durationMs, undefined, { signal }).catch(() => {})
}

/** Watched paths in git's own form, without those inside another; "." is all of it. */
function pathsOf(paths: readonly string[]): readonly string[] | NotReady {
	const clean: string[] = []
	for (const path of paths) {
		const parts = path.split("/").filter((part) => part !== "" && part !== ".")
		if (path.startsWith("/") || parts.includes("..") || /\p{Cc}/u.test(path)) {
			const message = `Cannot watch ${JSON.stringify(path.slice(0, 200))}: it is not a path inside the repository`
			return { kind: "refused", message, next: "name folders from the root of the repository, such as clusters/prod" }
		}
		clean.push(parts.join("/"))
	}
	if (clean.includes("")) return []
	return clean.filter((path) => !clean.some((other) => path.startsWith(`${other}/`))).sort()
}

class GitSource implements Source {
	readonly #origin: Origin
	readonly #paths: readonly string[]
	readonly #limits: Limits
	/** Blobs that could not be read: they are tried again before their commit is called ready. */
	readonly #suspect = new Set<string>()
	#reader: Reader | undefined
	#verified: string | undefined
	#putAside = false
	#polling: Promise<SourceState> | undefined
	#queued: Promise<SourceState> | undefined
	#closed = false

	constructor(origin: Origin, paths: readonly string[], limits: Limits) {
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
			if (state.kind === "corrupt" && !(await this.#isWhole())) await this.#quarantine()
			return state
		}
	}

	async #follow(place: Place): Promise<SourceState> {
		const reader = this.#readerOf(place)
		const tip = await reader.refs.tip()
		if (tip === undefined) throw await this.#origin.explain(place, this.#verified)
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

	watch(moved: () => void, signal: AbortSignal): Promise<void> {
		return this.#origin.watch(moved, signal)
	}

	async close(): Promise<void> {
		this.#closed = true
		this.#origin.close()
		await (this.#queued ?? this.#polling)
		this.#forget()
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

/** A source of which nothing can be had but the reason. */
function refusedSource(name: string, branch: string, state: NotReady): Source {
	const refuse = (): Promise<never> => Promise.reject(new SourceError(state))
	return {
		name,
		branch,
		poll: async () => state,
		files: refuse,
		changedFiles: refuse,
		read: refuse,
		commit: refuse,
		isAncestor: refuse,
		// biome-ignore lint/correctness/useYield: there is nothing to yield
		async *walk() {
			await refuse()
		},
		watch: (moved, signal) =>
			new Promise((resolve) => {
				moved()
				if (signal.aborted) resolve()
				signal.addEventListener("abort", () => resolve(), { once: true })
			}),
		close: async () => {},
	}
}
