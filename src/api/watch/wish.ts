import type { KubeObject } from "../../kube/index.ts"
import type { Edition } from "./edition.ts"
import type { Change } from "./kind-log.ts"

/** Which objects a client wants to hear of, and how they are to be shown. */
export type Wish = {
	/** The same for all who get the same text. */
	readonly key: string
	readonly sees: (object: KubeObject) => boolean
	/** A line. */
	readonly line: (type: "ADDED" | "MODIFIED" | "DELETED", edition: Edition) => string
	/** What comes first for a client, made of what comes first for others. */
	readonly first?: (text: string) => string
	/** Says where the watch stands: what is gone on with from there misses nothing. Absent where nobody wants it. */
	readonly bookmark?: (version: number, isInitial: boolean) => string
	/** Says that what happened since is no longer known. */
	readonly expired: (asked: number, now: number) => string
}

/** What the client is told: what begins to be selected is new to it, and what no longer is, is gone. */
export function linesFor(wish: Wish, { known, now, gone, left }: Change): string {
	const saw = known.some(({ before }) => before !== undefined && wish.sees(before))
	const sees = now !== undefined && wish.sees(now.object)
	const stays = saw && sees && gone === undefined
	const deleted = saw && !stays ? wish.line("DELETED", (gone ?? left)()) : ""
	return sees && now !== undefined ? deleted + wish.line(stays ? "MODIFIED" : "ADDED", now) : deleted
}
