import { randomBytes } from "node:crypto"
import { accessSync, constants, existsSync, renameSync, rmSync } from "node:fs"
import { userInfo } from "node:os"
import { isAbsolute, join } from "node:path"
import { type Serving, serveApi } from "../api/index.ts"
import { InvariantError } from "../base/index.ts"
import { loadCluster } from "../cluster/index.ts"
import {
	type DriftMode,
	driftIn,
	Engine,
	type EngineSettings,
	type ParseCache,
	Reading,
	type ReadingOptions,
	type RecordedCluster,
	type Restored,
	type RollbackWriter,
	restore,
	type Source,
	type Suspension,
	suspensionIn,
	type Told,
	type Tracked,
	trackedBy,
	type Verify,
} from "../engine/index.ts"
import {
	commitFiles,
	createRepository,
	openSource,
	openWriter,
	type SourceOptions,
	type Trust,
	trustDigest,
	writeNotes,
} from "../git/index.ts"
import type { ParsedFile } from "../manifest/index.ts"
import {
	type Holder,
	holderOf,
	linesOf,
	openInbox,
	openParseCache,
	openStore,
	type Prunable,
	SECRET_KEY,
	type StateDirectory,
	secretKey,
} from "../store/index.ts"
import { systemClock } from "./clock.ts"
import { STORY_START, type StoryCommit } from "./demo/story.ts"
import { CliError } from "./failure.ts"
import { Notes } from "./notes/notes.ts"
import { recallBeside } from "./past/recall-beside.ts"
import { readFleet } from "./read-fleet.ts"
import { rollbackWriter } from "./undo/rollback-writer.ts"
import type { Reader } from "./world.ts"

/** What `run` and `replay` are asked for. */
export type RunRequest = Omit<EngineSettings, "secretKey" | "fleet" | "verify"> &
	Omit<SourceOptions, "stateDir" | "trust"> & {
		readonly state: string
		/** A file of NodePools, Nodes or a dump. */
		readonly fleet?: string
		/** Which commits must be signed, and by which keys; without it, none. */
		readonly signatures?: Trust & Pick<Verify, "mode">
		/** For the lock's message: `rollcall run /srv/fleet`. */
		readonly what: string
		/** Rollbacks are written to the branch. */
		readonly allowWrite?: boolean
	}

export type OpenedEngine = {
	readonly engine: Engine
	readonly source: Source
	readonly state: StateDirectory
	close(): Promise<void>
}

/** Builds the engine with all that it needs: the one place that sees every part. */
export async function openEngine(request: RunRequest, observe: (told: Told) => void): Promise<OpenedEngine> {
	const state = openStore(request.state, { what: request.what })
	const opened: { close(): unknown }[] = [state]
	const close = async (): Promise<void> => {
		for (const part of opened.reverse()) await part.close()
	}
	try {
		const { fleet: path, signatures, ...asked } = request
		const fleet = path === undefined ? {} : { fleet: await readFleet(path) }
		const source = await openTracked(request, trackedBy(state.rest()))
		opened.push(source)
		const cache = openParseCache(request.state)
		opened.push(cache)
		const verify = await verifyOf({ ...(signatures && { signatures }) })
		const settings = { ...asked, secretKey: secretKey(request.state), ...fleet, ...verify }
		const inbox = openInbox(request.state)
		const rollbacks = request.allowWrite === true ? await openRollbacks(request, { source, state }) : undefined
		if (rollbacks !== undefined) opened.push(rollbacks)
		const parts = { source, store: state, cache, clock: systemClock, inbox, observe, ...(rollbacks && { rollbacks }) }
		const engine = new Engine(parts, settings)
		return { engine, source, state, close }
	} catch (failure) {
		await close()
		throw failure
	}
}

/** Serves the engine's cluster to kubectl; `failed` is told of a bug that one request met. */
export async function openApi(
	{ engine }: OpenedEngine,
	{ state, api }: { readonly state: string; readonly api: { readonly host?: string; readonly port?: number } },
	failed: (failure: unknown) => void,
): Promise<Serving> {
	try {
		return await serveApi({
			directory: state,
			listen: api,
			cluster: () => engine.recorded?.cluster,
			ask: (request) => engine.ask(request),
			past: async (when) => {
				const recalled = await recallBeside(state, when)
				if ("message" in recalled) return recalled
				const { cluster, asOf } = recalled
				return { cluster: loadCluster(cluster), bytes: cluster.length, asOf }
			},
			wall: () => new Date(systemClock.wall()),
			monotonic: () => systemClock.monotonic(),
			failed,
		})
	} catch (cause) {
		const { host = "127.0.0.1", port } = api
		const where = port === undefined ? host : `${host}:${port}`
		const isTaken = (cause as { readonly code?: unknown }).code === "EADDRINUSE"
		const reason = isTaken ? "another process listens there" : cause instanceof Error ? cause.message : cause
		const message = `Cannot serve the API at ${where}: ${reason}`
		throw new CliError(message, { next: "name another address with --listen, or leave it away with --no-api", cause })
	}
}

/**
 * The engine of a history that is there, without its repository: it acts on what is asked of it, and time stands still.
 * Throws a StorageError `Locked` where another process writes to it.
 */
export async function openAtRest(directory: string, what: string): Promise<Pick<OpenedEngine, "engine" | "close">> {
	const state = openStore(directory, { what })
	const cache = NO_CACHE
	try {
		const tracked = trackedBy(state.rest())
		if (tracked === undefined) throw new CliError(`Cannot open ${directory}: nothing is recorded there yet`)
		const settings = {
			...tracked,
			seed: "",
			speed: "max",
			secretKey: secretKey(directory),
			backfill: 0,
			largestShare: 0,
		} as const
		const inbox = openInbox(directory)
		const source = sourceAtRest(tracked)
		const engine = new Engine({ source, store: state, cache, clock: systemClock, inbox, observe: () => {} }, settings)
		return { engine, close: async () => state.close() }
	} catch (failure) {
		state.close()
		throw failure
	}
}

/** Known by its name alone: nobody reads it. */
function sourceAtRest({ repository, branch }: Tracked): Source {
	const unread = (): never => {
		throw new InvariantError("a history at rest does not read its repository")
	}
	return {
		name: repository,
		branch,
		poll: unread,
		files: unread,
		changedFiles: unread,
		read: unread,
		commit: unread,
		walk: unread,
		isAncestor: unread,
		signatures: unread,
		resolve: unread,
		watch: unread,
		close: async () => {},
	}
}

/** What an engine that may write to its branch writes rollbacks with. */
export async function openRollbacks(
	request: RunRequest,
	{ source, state }: Pick<OpenedEngine, "source" | "state">,
): Promise<RollbackWriter & { close(): Promise<void> }> {
	const { branch, name: repository } = source
	const opened = await openReading({ ...request, repository, branch })
	const writer = await openWriter({ ...request, repository, branch, stateDir: request.state })
	const rollbacks = rollbackWriter({ source, reading: opened.reading, ledger: state.ledger, writer })
	const close = async (): Promise<void> => {
		writer.close()
		await opened.close()
	}
	return { ...rollbacks, close }
}

/** Which signatures are good enough, as the engine wants to know it. Fails as `refused` where keys cannot be read. */
export async function verifyOf({ signatures }: Pick<RunRequest, "signatures">): Promise<{ readonly verify?: Verify }> {
	if (signatures === undefined) return {}
	const { mode, ...trust } = signatures
	return { verify: { mode, keys: await trustDigest(trust) } }
}

/** The repository to follow: the one that the history is of, at the branch that it is of unless another one is named. */
async function openTracked(request: RunRequest, tracked: Tracked | undefined): Promise<Source> {
	const { signatures, ...rest } = request
	const options = { ...rest, stateDir: request.state, ...(signatures === undefined ? {} : { trust: signatures }) }
	if (tracked === undefined) return openSource(options)
	const source = await openSource({ ...options, branch: request.branch ?? tracked.branch })
	if (source.name === tracked.repository && source.branch === tracked.branch) return source
	if (source.name === tracked.repository && (await isGone(request, tracked.branch))) return source
	await source.close()
	const other = `--state DIR gives it a directory of its own`
	if (source.name !== tracked.repository) {
		const message = `Cannot use ${request.state} for ${source.name}: it holds the history of ${tracked.repository}`
		throw new CliError(message, { next: other })
	}
	throw new CliError(
		`Cannot follow branch "${source.branch}" in ${request.state}: it holds the history of branch "${tracked.branch}"`,
		{ next: `go on with --branch ${tracked.branch}; ${other}` },
	)
}

/** True where the branch was deleted, or renamed: its history goes on under another name. */
async function isGone(request: RunRequest, branch: string): Promise<boolean> {
	const source = await openSource({ ...request, stateDir: request.state, branch })
	try {
		return (await source.poll()).kind === "no-branch"
	} finally {
		await source.close()
	}
}

export type ReadingRequest = Omit<ReadingOptions, "secretKey"> &
	Omit<SourceOptions, "stateDir" | "trust"> &
	Pick<RunRequest, "signatures"> & {
		readonly state: string
		/** Not even what was parsed is kept. */
		readonly readOnly?: boolean
	}

export type OpenedReading = {
	readonly source: Source
	readonly cache: ParseCache
	/** What Secrets' values are digested with. */
	readonly secretKey: string
	/** A reader that stands nowhere yet. */
	reading(): Reading
	close(): Promise<void>
}

/** Opens a repository to read its manifests, without a cluster; what was parsed is kept where a state directory is. */
export async function openReading(request: ReadingRequest): Promise<OpenedReading> {
	const trust = request.signatures === undefined ? {} : { trust: request.signatures }
	const source = await openSource({ ...request, ...trust, stateDir: request.state })
	const kept = isReadable(join(request.state, SECRET_KEY))
	const cache = kept ? openParseCache(request.state, { readOnly: request.readOnly === true }) : memoryCache()
	const options = { ...request, secretKey: kept ? secretKey(request.state) : randomBytes(32).toString("hex") }
	const close = async (): Promise<void> => {
		await source.close()
		cache.close()
	}
	const { secretKey: key } = options
	return { source, cache, secretKey: key, reading: () => new Reading(source, cache, options), close }
}

/** Another user may read a history, but not the key that is its owner's. */
function isReadable(path: string): boolean {
	try {
		accessSync(path, constants.R_OK)
		return true
	} catch {
		return false
	}
}

/** What was parsed is kept as long as the process lasts: who looks at many commits reads each file once. */
function memoryCache(): ParseCache & { close(): void } {
	const known = new Map<string, ParsedFile>()
	return {
		get: (blobs) => {
			const found = new Map<string, ParsedFile>()
			for (const blob of blobs) {
				const file = known.get(blob)
				if (file !== undefined) found.set(blob, file)
			}
			return found
		},
		put: (files) => {
			for (const [blob, file] of files) known.set(blob, file)
		},
		close: () => known.clear(),
	}
}

const NO_CACHE = { get: () => new Map<string, ParsedFile>(), put: () => {}, close: () => {} }

/** What a state directory is the history of, and who is at work on it. */
export type Following = {
	readonly tracked: Tracked | undefined
	readonly suspension: Suspension | undefined
	readonly drift: DriftMode | undefined
	readonly holder: Holder | undefined
}

export function followingIn(directory: string): Following {
	const state = openStore(directory, { readOnly: true })
	try {
		const rest = state.rest()
		const holder = holderOf(directory)
		return { tracked: trackedBy(rest), suspension: suspensionIn(rest), drift: driftIn(rest)?.mode, holder }
	} finally {
		state.close()
	}
}

export type OpenedLedger = {
	readonly state: StateDirectory
	/** What it is the history of; undefined where nothing was recorded. */
	readonly tracked: Tracked | undefined
	/** The cluster as it was recorded last; undefined where nothing was recorded. */
	recorded(): RecordedCluster | undefined
	/** The same at a moment of cluster time; undefined where nothing of that time is recorded. */
	at(moment: number): Restored | undefined
	close(): void
}

/** Opens a state directory to read, beside a running `rollcall run` or without one. */
export function openLedger(directory: string): OpenedLedger {
	const state = openStore(directory, { readOnly: true })
	const tracked = trackedBy(state.rest())
	const at = (moment?: number): Restored | undefined => restore(state, moment)
	return { state, tracked, recorded: () => at()?.recorded, at, close: () => state.close() }
}

/** What git calls commits in the repository that is followed, as far as it is on this machine: nothing is fetched. */
export function namesIn(stateDir: string, { repository, branch }: Tracked): NonNullable<Reader["git"]> {
	const resolve = async (revision: string): Promise<string | undefined> => {
		// Of a URL there is a copy of our own.
		const isOurs = !isAbsolute(repository)
		const source = await openSource({ repository, branch, stateDir, allowLocal: isOurs, allowLoopback: isOurs })
		return source.resolve(revision).finally(() => source.close())
	}
	return { repository, branch, resolve }
}

/** Takes an export into a state directory without a history; see `StateDirectory.import`. */
export function importLedger(
	directory: string,
	path: string,
	expectedHead?: string,
): ReturnType<StateDirectory["head"]> {
	const state = openStore(directory, { what: "rollcall ledger import" })
	try {
		return state.import(linesOf(path), expectedHead)
	} finally {
		state.close()
	}
}

/** Removes what was recorded before a moment of cluster time; undefined where there is nothing. */
export function pruneLedger(directory: string, before: number, dryRun: boolean): Prunable | undefined {
	const state = openStore(directory, { what: "rollcall ledger prune" })
	try {
		if (dryRun || state.prunable(before) === undefined) return state.prunable(before)
		// Later moments are worked out from here on: what is kept must lead there.
		const then = restore(state, before - 1)
		if (then?.faithful === false) {
			const message = `Cannot prune ${directory}: the recorded inputs lead to another cluster than the one that was recorded`
			throw new CliError(message, { next: "name a later moment, or prune with the version that recorded it" })
		}
		const at = state.mark()?.at ?? state.lastAt() ?? before
		return state.prune(before, then?.recorded.save(), systemClock.wall(), ({ last }) => ({
			kind: "prune",
			at,
			before,
			last: last.number,
			hash: last.hash,
			who: userName(),
		}))
	} finally {
		state.close()
	}
}

function userName(): string {
	try {
		return userInfo().username
	} catch {
		return "unknown"
	}
}

/** Keeps notes on the commits of a repository on this machine; `warn` is told what keeps them from being written. */
export function openNotes(
	{ source, state }: OpenedEngine,
	request: Pick<RunRequest, "allowLocal">,
	warn: (problem: unknown) => void,
): Notes {
	const { name: dir } = source
	if (!isAbsolute(dir)) {
		const next = "start it on a clone, or leave --notes away; rollcall history --commits tells the same"
		throw new CliError(`Cannot write notes to ${dir}: that is done only in a repository on this machine`, { next })
	}
	const write = (notes: ReadonlyMap<string, string>, message: string): Promise<number> => {
		const at = Math.floor(systemClock.wall() / 1000)
		return writeNotes({ dir, allowLocal: request.allowLocal === true, notes, message, at })
	}
	return new Notes({ state, write, warn })
}

/** Makes a repository of a story's commits; one that is there already stays as it is. */
export async function makeRepository(directory: string, story: readonly StoryCommit[]): Promise<void> {
	if (existsSync(join(directory, ".git"))) return
	// A kill halfway must not leave half a story: it is made beside, and then moved.
	const unfinished = `${directory}.unfinished`
	rmSync(unfinished, { recursive: true, force: true })
	await createRepository(unfinished)
	let at = STORY_START
	for (const { files, message, author, afterMs } of story) {
		at += afterMs
		await commitFiles(unfinished, "main", { files, message, author, at })
	}
	renameSync(unfinished, directory)
}

export {
	EXTENSION,
	type Kubeconfig,
	kubeconfigAt,
	kubeconfigOf,
	type Serving,
	type Whereabouts,
	wayIn,
} from "../api/index.ts"
export { openWriter, workFiles } from "../git/index.ts"
export { leaveRequest } from "../store/index.ts"
