/** Where a source's repository lies on this machine, now. */
export type Place = {
	readonly gitDir: string
	/** Where refs and objects are: another folder than gitDir in a worktree. */
	readonly commonDir: string
	/** Changes when another repository takes the place of this one. */
	readonly identity: string
	/** The full ref that follows the branch. */
	readonly ref: string
}

/** What differs between a repository of the user's and a mirror of a remote one. Failures are `SourceError`s. */
export type Origin = {
	readonly name: string
	/** Known once the default branch has been asked for. */
	readonly branch: string | undefined
	/** Finds out the default branch where none was named. */
	prepare(): Promise<void>
	/** Brings the place up to date. */
	update(): Promise<Place>
	/** The place as it was left, without asking anybody. */
	place(): Promise<Place>
	/** Why the ref stands for nothing, though the place is there. `lastTip` finds the new name of a renamed branch. */
	explain(place: Place, lastTip: string | undefined): Promise<Error>
	/** Puts a damaged place aside, where it is ours to put; the next update makes it anew. Fails where it is gone. */
	quarantine(): Promise<void>
	watch(moved: () => void, signal: AbortSignal): Promise<void>
	close(): void
}
