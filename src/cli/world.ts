import type { Ledger } from "../history/index.ts"
import type { Change } from "../plan/index.ts"
import type { LiveEvent, LiveModel } from "./live/model.ts"
import type { ClusterReader } from "./reader.ts"

/** What the commands need of the rest of Rollcall; `compose.ts` has the real one, tests bring their own. */
export type World = {
	/** The state directory as it is, beside a running Rollcall or without one. Throws where nothing is recorded yet. */
	openReader(directory: string): Promise<Reader>
	/** The main job, until it is told to stop (or, with `once`, until the newest commit is settled). */
	run(options: RunOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd>
	/** Walks the whole history in virtual time. */
	replay(options: ReplayOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd>
	/** Between two commits, or between what is live and a commit (`from` absent). */
	diff(options: DiffOptions): Promise<DiffResult>
}

export type Reader = {
	readonly cluster: ClusterReader
	readonly ledger: Ledger
	close(): void
}

export type SourceOptions = {
	/** An absolute path or a URL. */
	readonly repository: string
	readonly state: string
	readonly branch?: string
	readonly paths: readonly string[]
	readonly fleet: readonly string[]
	readonly seed: string
	readonly plain: boolean
	readonly strict: boolean
	readonly allowDisruption: boolean
	readonly allowLocal: boolean
	readonly intervalMs: number
	readonly credentials: Credentials
}

export type Credentials = {
	readonly tokenFile?: string
	readonly sshKey?: string
	readonly knownHosts?: string
	readonly caFile?: string
}

export type RunOptions = SourceOptions & {
	/** Cluster seconds for a second of real time; Infinity for as fast as it can. */
	readonly speed: number
	readonly once: boolean
}

export type ReplayOptions = SourceOptions & {
	/** Each commit rolled out fully before the next. */
	readonly settle: boolean
}

/** Is told what happens; it draws, or writes log lines. */
export type Watcher = {
	event(event: LiveEvent): void
	/** The picture as it is now; asked for only when it is drawn. */
	model(read: () => LiveModel): void
	progress(done: number, total: number, label: string): void
}

export type RunEnd =
	| { readonly kind: "done"; readonly digest: string; readonly rollouts: number; readonly commits: number }
	| { readonly kind: "stuck"; readonly digest: string; readonly causes: readonly string[] }
	| { readonly kind: "stopped" }

export type DiffOptions = {
	readonly repository: string
	readonly state: string
	readonly branch?: string
	readonly paths: readonly string[]
	readonly from?: string
	readonly to?: string
}
export type DiffResult = { readonly from: string; readonly to: string; readonly changes: readonly Change[] }
