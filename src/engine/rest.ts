import type { Quarantined } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { DesiredObject, RepositoryConfig } from "../manifest/index.ts"
import type { SavedDrift } from "./drift.ts"
import { NO_QUARANTINE, type SavedQuarantine } from "./quarantine.ts"
import type { Suspension } from "./source-orders.ts"

/** What a restart needs beside the ledger: small, and written with every batch that changes it. */
export type Rest = {
	readonly tracked?: Tracked
	readonly commit?: string
	/** Objects that a held commit left unapplied. */
	readonly pending: readonly ObjectKey[]
	readonly retained: readonly DesiredObject[]
	readonly fleet?: string
	readonly suspension?: Suspension
	/** The commit that was seen last is held for its signature: by which keys, and which commit was read before it. */
	readonly unverified?: Unverified
	/** Any object may differ from what was applied. */
	readonly anew?: true
	readonly quarantine?: SavedQuarantine
	readonly drift?: SavedDrift
	readonly config?: RepositoryConfig
}

export type Unverified = { readonly keys: string; readonly read?: string }

export const NOTHING_SEEN: Rest = { pending: [], retained: [] }

/** What a ledger is about, and how it was read: the same is gone on with, and compared, later. */
export type Tracked = {
	readonly repository: string
	readonly branch: string
	readonly paths: readonly string[]
	readonly plain: boolean
	readonly strict: boolean
}

/** What decides which objects a commit describes. */
export type ReadAs = Pick<Tracked, "paths" | "plain" | "strict">

/** What the engine noted of it beside the ledger (`Store.rest`); undefined where nothing was recorded yet. */
export function trackedBy(rest: string | undefined): Tracked | undefined {
	return rest === undefined ? undefined : (JSON.parse(rest) as Rest).tracked
}

/** The objects that the branch would bring back to what was rolled away from, and why they wait. */
export function waitingBy(rest: string | undefined): ReadonlyMap<ObjectKey, string> {
	return new Map(quarantineBy(rest).waiting)
}

/** What is quarantined as of the commit that was taken last. */
export function quarantinedBy(rest: string | undefined): readonly Quarantined[] {
	return quarantineBy(rest).quarantined
}

function quarantineBy(rest: string | undefined): SavedQuarantine {
	return (rest === undefined ? undefined : (JSON.parse(rest) as Rest).quarantine) ?? NO_QUARANTINE
}

/** Who keeps commits from being applied, where somebody does. */
export function suspensionIn(rest: string | undefined): Suspension | undefined {
	return rest === undefined ? undefined : (JSON.parse(rest) as Rest).suspension
}

/** What the engine noted of drift. */
export function driftIn(rest: string | undefined): SavedDrift | undefined {
	return rest === undefined ? undefined : (JSON.parse(rest) as Rest).drift
}

/** How the settings would have it read. */
export function readAs({ paths = [], plain = false, strict = false }: Partial<ReadAs>): ReadAs {
	return { paths, plain, strict }
}
