import type { Instant } from "../base/index.ts"
import type { Input } from "../cluster/index.ts"
import type { CommitRecord, LedgerEntry, RolloutRow, Signature } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { ParsedFile, TreeFile } from "../manifest/index.ts"

/** Where commits come from. Two implementations: git/, and the one tests use. */
export type Source = {
	/** What the repository is called in the ledger: its path or URL, credentials removed. */
	readonly name: string
	readonly branch: string
	/** Brings a remote up to date (nothing to do for a local one) and says where the branch stands. */
	poll(): Promise<SourceState>
	/** Every manifest file of the commit at the watched paths, in path order; nothing is read but the trees. */
	files(commit: string): Promise<readonly TreeFile[]>
	/** The files that differ: `after` absent where it is gone. `base` may be any commit. */
	changedFiles(base: string, commit: string): Promise<readonly { readonly path: string; readonly after?: TreeFile }[]>
	/** The bytes of a blob, whole; over the size limit it is refused by `files` already. */
	read(blobs: readonly string[]): Promise<readonly Uint8Array[]>
	commit(id: string): Promise<CommitRecord>
	/** First-parent commits after `base` (exclusive; from the root without one) up to `tip`, oldest first, the newest `limit`. */
	walk(base: string | undefined, tip: string, limit?: number): AsyncIterable<CommitRecord>
	isAncestor(base: string, tip: string): Promise<boolean>
	/** What the signatures of commits come to, in their order: by the keys that the source was opened with, as of now. */
	signatures(commits: readonly string[]): Promise<readonly Signature[]>
	/**
	 * The commit that a person names as git does: an id or its beginning, a branch, a tag, `HEAD~2`, `@{yesterday}`; of a
	 * URL, HEAD is the branch that is followed. Undefined where there is none.
	 */
	resolve(revision: string): Promise<string | undefined>
	/** Calls back when something may have moved; level-triggered: ask `poll`. Ends when the signal aborts. */
	watch(moved: () => void, signal: AbortSignal): Promise<void>
	close(): Promise<void>
}

/** Each state has a name, a message and a next step; but for `ready`, the cluster keeps what it has. */
export type SourceState =
	| { readonly kind: "ready"; readonly tip: string }
	| {
			readonly kind: "missing" | "no-branch" | "empty" | "no-manifests" | "unreachable" | "corrupt" | "refused"
			readonly message: string
			readonly next: string
	  }

/** Where wall time comes from and how to wait; edges implement it over timers, tests over nothing. */
export type Clock = {
	/** Wall time, for the record only. */
	wall(): Instant
	/** Monotonic milliseconds: what cluster time is tied to. */
	monotonic(): number
	/** Resolves after that long, or at once when the signal aborts. */
	sleep(durationMs: number, signal: AbortSignal): Promise<void>
}

/** Parsed files by blob id: blobs never change, so neither do these. `version` of the parser is part of the key. */
export type ParseCache = {
	get(blobs: readonly string[]): ReadonlyMap<string, ParsedFile>
	put(files: ReadonlyMap<string, ParsedFile>): void
}

/** One input with its place in the journal. */
export type JournalRow = {
	readonly number: number
	/** Cluster time and the newest fact's sequence before it. */
	readonly at: Instant
	readonly after: number
	readonly wall: Instant
	readonly input: Input
}

/** How far the ledger has followed the cluster: replay goes to here and must give this digest. */
export type Mark = {
	readonly at: Instant
	readonly sequence: number
	readonly digest: string
	readonly journal: number
}

/** A point to restart from: the cluster's bytes and the engine's and history's own state (plain JSON). */
export type Snapshot = { readonly mark: Mark; readonly cluster: Uint8Array; readonly rest: string }

/** What is written together, or not at all: nothing is told to anyone before its batch is durable. */
export type Batch = {
	/** Inputs that acted, each with the place it acted at, in order. */
	readonly inputs: readonly PlacedInput[]
	readonly entries: readonly LedgerEntry[]
	/** Blocks of node steps that `entries` name, by their hash: as history's `fold` gave them. */
	readonly steps: ReadonlyMap<string, Uint8Array>
	/** The engine's own small state, plain JSON, where it changed; `Store.rest` gives the newest back. */
	readonly rest?: string
	readonly mark: Mark
	readonly wall: Instant
}

export type PlacedInput = Pick<JournalRow, "at" | "after" | "wall" | "input">

/** The state directory, as the engine writes it. */
export type Store = {
	/** One transaction: inputs, rows and the mark. The inputs get the numbers after `mark().journal`, in order. */
	commit(batch: Batch): void
	/** Written in chunks beside the ledger; the newest whole one counts. */
	saveSnapshot(snapshot: Snapshot): void
	/** Those at or before `at`, newest first, each read when it is asked for; the last is the beginning of what is kept. */
	snapshots(at?: Instant): Iterable<Snapshot>
	/** Rollouts that have no end on record, or are stuck. */
	openRollouts(): readonly RolloutRow[]
	/** How far the ledger goes; undefined where nothing is recorded yet. With `at`: the newest kept mark until then. */
	mark(at?: Instant): Mark | undefined
	/** What the newest batch that had one said of the engine's own state. */
	rest(): string | undefined
	/** Cluster time of the newest entry; undefined where there is none. */
	lastAt(): Instant | undefined
	/** A number that no rollout on record has, nor any after it. */
	nextRollout(): number
	/** The row that answers the request with this id. */
	answer(request: string): Extract<LedgerEntry, { readonly kind: "decision" }> | undefined
	/** Inputs with a number above `after`, in order. */
	inputs(after: number): Iterable<JournalRow>
	close(): void
}

/** Where other processes leave requests. What is durable of them is in the ledger: a file here is only a wish. */
export type Inbox = {
	/** What waits, oldest first; a few at a time. */
	waiting(): readonly Letter[]
	/** It is answered. */
	remove(name: string): void
	/** It cannot be read: it goes where people find it, and nobody looks again. */
	putAside(name: string): void
	/** Calls back when something may have come, until it is closed. Not every disk tells: look now and then all the same. */
	watch(arrived: () => void): { close(): void }
}

/** `name` is what its id should be. */
export type Letter =
	| { readonly name: string; readonly text: string }
	| { readonly name: string; readonly problem: string }

/** A rollback that was decided on: the DaemonSet's newest rollout failed, and is to be taken back through git. */
export type Rollback = {
	/** Found again in the commit's trailer: letters, digits and `-`. One decision has one id, for good. */
	readonly id: string
	readonly daemonSet: ObjectKey
	/** The rollout that failed, and why, as the commit's message is to say it. */
	readonly rollout: number
	readonly reason: string
}

/** What became of it. After `refused` it may be asked for again; the others are the end of it. */
export type RollbackEnd =
	/** It is on the branch, now or since before a restart: the source brings it like any commit. */
	| { readonly kind: "written"; readonly commit: string }
	/** There is nothing to take back any more: a newer version came. */
	| { readonly kind: "overtaken"; readonly message: string }
	/** As when the file has uncommitted changes, or there is nothing healthy to go back to. */
	| { readonly kind: "refused"; readonly message: string; readonly next: string }

/**
 * Writes rollbacks to the branch that is followed, one at a time, where Rollcall may write. It goes back to where
 * `rollout undo` would go, looks for the id on the branch before it writes, and pushes to a URL. The decision must be
 * durable before it is asked; it takes as long as git takes, so ask beside the loop. Throws for nothing but a bug.
 */
export type RollbackWriter = { rollBack(rollback: Rollback): Promise<RollbackEnd> }
