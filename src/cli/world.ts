import type { Instant } from "../base/index.ts"
import type { Pace } from "../cluster/index.ts"
import type { DriftMode, Fleet, Order, Planned, Suspension, Tracked } from "../engine/index.ts"
import type { AnswerRow, CommitRecord, Ledger, Quarantined, UndoWish } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { Change } from "../plan/index.ts"
import type { FaultStory, Gate, Lesson, Rehearsed, Strategy } from "../rehearse/index.ts"
import type { Kubeconfig } from "./compose/index.ts"
import type { StoryCommit } from "./demo/story.ts"
import type { LiveEvent, LiveModel } from "./live/model.ts"
import type { ClusterReader } from "./reader.ts"

/** What the commands need of the rest of Rollcall: the real one is made of `compose`, tests bring their own. */
export type World = {
	/** The state directory as it is, beside a running Rollcall or without one. Throws where nothing is recorded yet. */
	openReader(directory: string): Promise<Reader>
	/** The ledger as a record: to be copied out and verified. Throws where there is none. */
	openRecord(directory: string): Promise<LedgerRecord>
	/** Takes an export into a state directory without a history; gives its head. Throws where a line was changed. */
	importLedger(directory: string, path: string, expectedHead?: string): Promise<LedgerHead>
	/** Removes what was recorded before a moment (as `momentOf` reads it); undefined where there is nothing. */
	prune(directory: string, before: string, dryRun: boolean): Promise<Pruned | undefined>
	/** The main job, until it is told to stop (or, with `once`, until the newest commit is settled). */
	run(options: RunOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd>
	/** Walks the whole history in virtual time. */
	replay(options: ReplayOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd>
	/** What a state directory is the history of; undefined where nothing is recorded. */
	tracked(directory: string): Promise<Tracked | undefined>
	/** The same, with who is at work on it and who keeps it from working. Throws where nothing is recorded yet. */
	following(directory: string): Promise<Following>
	/** Between two commits, or between what is live and a commit (`from` absent). */
	diff(options: DiffOptions): Promise<DiffResult>
	/** Runs a commit ahead on a copy. */
	plan(options: PlanOptions): Promise<PlanResult>
	/** Finds the first commit that breaks a gate; tells each commit that it tried, and how many may be left to try. */
	bisect(
		options: BisectOptions,
		probed: (commit: CommitRecord, message: string | undefined, left: number) => void,
	): Promise<BisectResult>
	/** Takes a DaemonSet back to what it was, by a commit. */
	undo(options: UndoOptions): Promise<UndoResult>
	/** Asks a running Rollcall for something; where none runs, it is done here. It is durable then, or refused. */
	ask(options: AskOptions, signal: AbortSignal): Promise<AnswerRow>
	/** Takes back all that one commit changed, by a commit. */
	takeBack(options: TakeBackOptions): Promise<UndoResult>
	/** What reaches the API of a running Rollcall. Throws where it was never served, and where nobody can say what was then. */
	kubeconfig(options: KubeconfigOptions): Promise<Kubeconfig>
	/** Lets what a DaemonSet was rolled back from come again, by a commit. */
	release(options: ReleaseOptions): Promise<UndoResult>
	/** The nodes, and what else is there, of a file. */
	readFleet(path: string): Promise<Fleet>
	/** A repository with the commits of a story; one that is there already stays as it is. */
	makeRepository(directory: string, story: readonly StoryCommit[]): Promise<void>
}

export type KubeconfigOptions = {
	readonly state: string
	/** Of the cluster as it was: a time, so long ago, or a commit. */
	readonly at?: string
	/** What clusters, users and contexts are called. */
	readonly name?: string
}

export type Reader = {
	readonly cluster: ClusterReader
	/** The same at a moment of cluster time in the past. Throws where nothing was recorded so early. */
	at(moment: Instant): ClusterReader
	readonly ledger: Ledger
	/** The repository that is followed, where that is on record; `resolve` is git's word for a commit, or a failure. */
	readonly git?: {
		readonly repository: string
		readonly branch: string
		resolve(revision: string): Promise<string | undefined>
	}
	/** What the branch rolled away from, and the objects that it would bring back to that, with the reason why they wait. */
	readonly quarantined: readonly Quarantined[]
	readonly waiting: ReadonlyMap<ObjectKey, string>
	close(): void
}

export type SourceFlags = {
	/** An absolute path or a URL. */
	readonly repository: string
	readonly state: string
	readonly branch?: string
	readonly paths: readonly string[]
	readonly allowLocal: boolean
	readonly allowLoopback: boolean
	readonly intervalMs?: number
	readonly credentials: {
		readonly tokenFile?: string
		readonly sshKey?: string
		readonly knownHosts?: string
		readonly caFile?: string
	}
}

export type LedgerHead = { readonly number: number; readonly hash: string }
/** How many entries went, and the last of them. */
export type Pruned = { readonly count: number; readonly last: LedgerHead }

export type LedgerRecord = {
	readonly ledger: Pick<Ledger, "entries">
	/** Lines of canonical JSON, without line ends. */
	export(): Iterable<string>
	head(): LedgerHead
	verify(expectedHead?: string):
		| {
				readonly sound: true
				readonly entries: number
				readonly head: LedgerHead
		  }
		| { readonly sound: false; readonly number: number; readonly problem: string }
	close(): void
}

type EngineFlags = SourceFlags & {
	readonly fleet?: string
	readonly seed: string
	readonly plain: boolean
	readonly strict: boolean
	readonly allowDisruption: boolean
	readonly controlPlaneQps?: number
	readonly drift?: DriftMode
}

/**
 * What is told of each commit besides: a note on how it fared, under refs/notes/rollcall, and in the ledger what a
 * rehearsal said just before it acted.
 */
type TellingFlags = { readonly notes?: boolean; readonly forecast?: boolean }

/** Which commits must be signed, and the files with the keys: absolute paths. */
type SignatureFlags = {
	readonly signatures?: {
		readonly mode: "head" | "every"
		readonly allowedSigners?: string
		readonly keyring?: string
	}
}

export type RunOptions = EngineFlags &
	SignatureFlags &
	TellingFlags & {
		/** Cluster seconds for a second of real time. */
		readonly speed: number | "max"
		readonly once: boolean
		/** Rollbacks that DaemonSets ask for are written to the branch. */
		readonly allowWrite: boolean
		/** Where the Kubernetes API is served; absent where it is not. */
		readonly api?: Listen
		/** Before it follows the branch: every commit not yet taken, each rolled out before the next, at this speed. */
		readonly walk: boolean
	}

/** On this machine alone where no host is named; at the port of the last time where none is. */
export type Listen = { readonly host?: string; readonly port?: number }

export type ReplayOptions = EngineFlags &
	SignatureFlags &
	TellingFlags & {
		/** Each commit rolled out fully before the next. */
		readonly settle: boolean
	}

/** Is told what happens; it draws, or writes log lines. */
export type Watcher = {
	event(event: LiveEvent): void
	/** How to get the picture as it is now; asked for only when it is drawn. */
	follow(read: () => LiveModel): void
	progress(done: number, total: number, label: string): void
}

/** `stuck`: nothing is left to happen, and DaemonSets are not where they should be. */
export type RunEnd = {
	readonly kind: "done" | "stuck" | "stopped" | "no-source"
	readonly digest: string
	readonly commits: number
	readonly rollouts: number
	/** Why it is stuck, or what is wrong with the source and what to do about it. */
	readonly reasons: readonly string[]
	readonly next?: string
}

export type DiffOptions = SourceFlags & { readonly from?: string; readonly to?: string } & Pick<
		Tracked,
		"plain" | "strict"
	>
export type DiffResult = { readonly from: string; readonly to: string; readonly changes: readonly Change[] }

/** How a commit is read for a plan, and on which nodes it is rehearsed. */
export type GroundOptions = Omit<EngineFlags, "allowDisruption"> & SignatureFlags

export type BisectOptions = GroundOptions & { readonly good: string; readonly bad: string; readonly gate: Gate }
/** `first`: the first commit that breaks the gate, and how. */
export type BisectResult = { readonly commits: number; readonly first?: CommitRecord; readonly message?: string }

export type PlanOptions = GroundOptions & {
	readonly from?: string
	readonly to?: string
	/** On what the state directory holds, where nothing else is named. */
	readonly isLive: boolean
	/** In place of `to`: that commit with the work tree's manifests, or with these files of it alone. */
	readonly draft?: { readonly root: string; readonly files?: readonly string[] }
	/** Pods take as long as past rollouts of their image on record say, not as PodBehaviors do. */
	readonly isLearned: boolean
	/** How many dice the commit is tried with; 1 is the cluster's own. */
	readonly runs: number
	/** Other ways to roll it out. */
	readonly strategies: readonly Strategy[]
	/** How many faults it is tried with. */
	readonly faults: number
	/** The fault to rehearse it with. */
	readonly fault?: number
}
export type PlanResult = {
	readonly planned: Planned
	readonly base: PlanBase
	/** The fault that `planned` was rehearsed with. */
	readonly fault?: FaultStory
	readonly pace: Pace
	/** What the time of pods was learned from; absent where that was not asked for. */
	readonly learned?: readonly Lesson[]
	/** The same commit without a client limit: what it saves is what the pace takes. Absent where there is none, or a fault. */
	readonly unpaced?: Rehearsed
	/** The same commit under other dice: as many as were asked for beside the first. */
	readonly runs: readonly Rehearsed[]
	/** The same commit rolled out in other ways, in the order in which they were named. */
	readonly compared: readonly Compared[]
	/** The same commit with faults, the worst first. */
	readonly faults: readonly Faulted[]
}
export type Compared = { readonly strategy: Strategy; readonly rehearsed: Rehearsed }
export type Faulted = { readonly story: FaultStory; readonly rehearsed: Rehearsed }
/** What the commit is planned on. `at` is cluster time. */
export type PlanBase =
	| { readonly kind: "live"; readonly at: Instant }
	| { readonly kind: "commit"; readonly commit: string }
	| { readonly kind: "empty" }

/** How a commit of Rollcall's own is written. */
export type WriteOptions = Pick<SourceFlags, "state" | "allowLocal" | "allowLoopback" | "credentials"> & {
	/** A clone to write to in place of the repository that is followed. */
	readonly repository?: string
	readonly branch?: string
	readonly message?: string
	/** A new branch that gets the commit, for review. */
	readonly toBranch?: string
	/** To a URL: nothing is sent there unasked. */
	readonly push: boolean
	readonly dryRun: boolean
}

export type UndoOptions = WriteOptions & {
	readonly daemonSet: ObjectKey
	readonly wish: UndoWish | { readonly kind: "commit"; readonly commit: string }
}
export type TakeBackOptions = WriteOptions & { readonly commit: string }
export type ReleaseOptions = WriteOptions & { readonly daemonSet: ObjectKey }

/** `same`: nothing would change. `finished`: a commit that a kill left halfway; nothing more was written. */
export type UndoResult =
	| { readonly kind: "same"; readonly why: string }
	| { readonly kind: "finished"; readonly commit: string; readonly branch: string; readonly subject: string }
	| ({ readonly kind: "planned" } & UndoChange)
	| ({ readonly kind: "written"; readonly commit: string } & UndoChange)

export type UndoChange = {
	readonly branch: string
	readonly files: readonly FileEdit[]
	readonly message: string
}

export type Following = {
	readonly tracked: Tracked | undefined
	readonly suspension: Suspension | undefined
	readonly drift: DriftMode | undefined
	/** The process that writes to the state directory now. */
	readonly holder:
		| { readonly pid: number; readonly host: string; readonly since: string; readonly what: string }
		| undefined
}

export type AskOptions = {
	readonly state: string
	readonly order: Order
	/** Who asks, for the ledger; the user of this process where it is absent. */
	readonly by?: string
	readonly reason?: string
	readonly timeoutMs: number
}

/** One file of the branch; without `before` it is new, without `after` it goes. */
export type FileEdit = {
	readonly path: string
	readonly before: Uint8Array | undefined
	readonly after: Uint8Array | undefined
}
