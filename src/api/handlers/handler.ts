import type { Cluster } from "../../cluster/index.ts"
import type { Ask, Reply } from "../ask.ts"
import type { ApiParts } from "../contract.ts"
import type { Accepted } from "../route/accept.ts"
import type { Target } from "../route/target.ts"
import type { Changes } from "../watch/changes.ts"
import type { Watches } from "../watch/watches.ts"
import type { Pins } from "./list/pins.ts"

/** What a handler answers from. */
export type Call = {
	readonly ask: Ask
	readonly accepted: Accepted
	readonly target: Target
	readonly cluster: Cluster
	readonly parts: ApiParts
	readonly pins: Pins
	readonly changes: Changes
	readonly watches: Watches
	/** Milliseconds of a clock that never goes back. */
	readonly now: () => number
}

export type Handler = (call: Call) => Reply | Promise<Reply>
