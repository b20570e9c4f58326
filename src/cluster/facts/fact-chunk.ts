import type { Fact, NodeReading, PodFact } from "../fact.ts"

/** How facts lie in memory: rows of numbers, and facts that are no rows by the place that their row names. */
export type FactChunk = { readonly cells: Float64Array; readonly rare: RareFact[] }
export type RareFact = Extract<Fact, { readonly kind: "object" | "revision" | "status" }>

/** Facts of one chunk: chunks come and go whole, so that nothing is moved. */
export const CHUNK_BITS = 12
export const CHUNK = 1 << CHUNK_BITS
export const COLUMNS = 11

/** The second cell of a row is its kind times 256, and the step, or the code of an Event. */
export const Kind = { Pod: 0, Node: 1, Event: 2, Rare: 3 } as const

export const POD_STEPS = [
	"created",
	"scheduled",
	"unschedulable",
	"pulling",
	"started",
	"ready",
	"available",
	"unready",
	"failing",
	"failed",
	"succeeded",
	"evicted",
	"preempted",
	"terminating",
	"gone",
] as const satisfies readonly PodFact["step"][]

export const NODE_STEPS = [
	"joined",
	"left",
	"ready",
	"not-ready",
	"unknown",
	"cordoned",
	"uncordoned",
	"tainted",
	"untainted",
] as const satisfies readonly NodeReading["step"][]
