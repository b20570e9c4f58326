import type { JsonObject } from "../../base/index.ts"
import type { KubeObject, PodSpec, StringMap } from "../../kube/index.ts"

/** What the pods of one template share: all that the API stores but what is the pod's own. */
export type PodShape = JsonObject & {
	readonly labels: StringMap
	readonly annotations: StringMap
	readonly finalizers: readonly string[]
	/** Tolerations and priority as stored (rule P5); no `nodeName`, and the affinity without the pin of rule P6. */
	readonly spec: PodSpec
}

/**
 * The members of a pod's record in their order: those that nearly every step of a pod asks for come first, and are fetched
 * together. Those with a 2 take two words, for numbers beyond 32 bits.
 */
const LAYOUT =
	"uid2 deletedAt2 node owner shape base number namespace hash bound side stage ready subject " +
	"version2 stageAt2 readySince2 waitMs2 nextMate timer ripens evicts group pullFailures restarts missing available " +
	"attempts createdAt2 boundAt2 containersAt2 endedAt2 graceMs2 nextHere previousHere nextOwned previousOwned " +
	"nextNamed message"
const PLACES: ReadonlyMap<string, number> = (() => {
	const places = new Map<string, number>()
	let place = 0
	for (const member of LAYOUT.split(" ")) {
		places.set(member.replace("2", ""), place)
		place += member.endsWith("2") ? 2 : 1
	}
	return places.set("", place + (place & 1))
})()
/** Words of a record. */
export const POD_WORDS = PLACES.get("") as number
const FIRST_SIZE = 64

/** What is copied and saved of `PodRows`; all else in it are views of `words`. */
export type PodRecord = {
	/** Another one than ours was written by another version. */
	layout: string
	words: Int32Array
	/** The place after the last row ever used, and the first free row, or -1: `link` chains the rest. */
	end: number
	free: number
	/** Rows in use. */
	live: number
	/** Buckets of the name index: first row, or -1. */
	named: { first: Int32Array }
	/** Whole objects of pods that a shape cannot say: bare ones, patched ones. Without status. */
	overlays: Map<number, KubeObject>
}

const NO_WORDS: Int32Array = new Int32Array(0)
const NO_NATURALS: Uint32Array = new Uint32Array(0)
const NO_NUMBERS: Float64Array = new Float64Array(0)

/**
 * All pods, one record each, side by side. A row is the place of a record's first word, and every member is a view that
 * begins at its own place in the record: so `pods.stage[row]` reads as a column would. Members of two words are at
 * `half(row)`. All times are cluster time in milliseconds; 0 is none.
 */
export class PodRows {
	readonly record: PodRecord
	/** How often an overlay was set since this copy was made: as long as it is the same, no pod became a stranger to its owner. */
	patches = 0
	/** How often a row was taken or dropped since this copy was made. */
	moves = 0
	uid = NO_NUMBERS
	version = NO_NUMBERS
	base = NO_NATURALS
	number = NO_NATURALS
	namespace = NO_NATURALS
	/** A `PodShape`. */
	shape = NO_WORDS
	/** The owning DaemonSet's slot, or -1. */
	owner = NO_WORDS
	/** Where it runs or is pinned to (rule C1), or -1. */
	node = NO_WORDS
	/** `spec.nodeName` is set. */
	bound = NO_WORDS
	hash = NO_NATURALS
	side = NO_WORDS
	createdAt = NO_NUMBERS
	deletedAt = NO_NUMBERS
	graceMs = NO_NUMBERS
	/** The kubelet's `Moment`; stage 0 is a pod that no kubelet has begun. */
	stage = NO_WORDS
	group = NO_WORDS
	pullFailures = NO_WORDS
	restarts = NO_WORDS
	waitMs = NO_NUMBERS
	stageAt = NO_NUMBERS
	missing = NO_WORDS
	/** 1 where the Ready condition is True. */
	ready = NO_WORDS
	/** When the Ready condition last changed. */
	readySince = NO_NUMBERS
	/** 1 once it was told as available (rule R4), until it is not Ready. */
	available = NO_WORDS
	/** When it was bound, when its containers last started and last ended. */
	boundAt = NO_NUMBERS
	containersAt = NO_NUMBERS
	endedAt = NO_NUMBERS
	/** How often the scheduler found no place, and what it said last. */
	attempts = NO_WORDS
	message = NO_NATURALS
	/** The pending entry of its story on the timeline, or -1. */
	timer = NO_WORDS
	/** The pending entries that make it available, and that evict it. */
	ripens = NO_WORDS
	evicts = NO_WORDS
	/** Whom its Events are about, or -1 before the first one. */
	subject = NO_WORDS
	/** The list of its node. */
	nextHere = NO_WORDS
	previousHere = NO_WORDS
	/** The next of its owner's pods on its node; `CensusColumns.first` begins the list. */
	nextMate = NO_WORDS
	/** The list of its owner. */
	nextOwned = NO_WORDS
	previousOwned = NO_WORDS
	/** The next in its bucket of the name index. */
	nextNamed = NO_WORDS
	/** The next free row: none of a free row is in a bucket. */
	link = NO_WORDS

	constructor(
		record: PodRecord = {
			layout: LAYOUT,
			words: new Int32Array(FIRST_SIZE * POD_WORDS),
			end: 0,
			free: -1,
			live: 0,
			named: { first: new Int32Array(FIRST_SIZE).fill(-1) },
			overlays: new Map(),
		},
	) {
		this.record = record
		this.#view()
	}

	get live(): number {
		return this.record.live
	}

	get end(): number {
		return this.record.end
	}

	get named(): { first: Int32Array } {
		return this.record.named
	}

	get overlays(): ReadonlyMap<number, KubeObject> {
		return this.record.overlays
	}

	setOverlay(row: number, overlay: KubeObject): void {
		this.record.overlays.set(row, overlay)
		this.patches++
	}

	dropOverlay(row: number): void {
		this.record.overlays.delete(row)
	}

	/** A row to fill: all its words are 0. */
	take(): number {
		const { record } = this
		this.moves++
		record.live++
		const row = record.free
		if (row !== -1) {
			record.free = this.link[row] as number
			record.words.fill(0, row, row + POD_WORDS)
			return row
		}
		if (record.end === record.words.length) this.#grow()
		record.end += POD_WORDS
		return record.end - POD_WORDS
	}

	drop(row: number): void {
		this.moves++
		this.record.live--
		this.link[row] = this.record.free
		this.record.free = row
	}

	#grow(): void {
		const { words } = this.record
		this.record.words = new Int32Array(words.length * 2)
		this.record.words.set(words)
		this.#view()
	}

	#view(): void {
		const { buffer } = this.record.words
		const at = (member: string) => (PLACES.get(member) as number) * 4
		const whole = (member: string) => new Int32Array(buffer, at(member))
		const natural = (member: string) => new Uint32Array(buffer, at(member))
		const real = (member: string) => new Float64Array(buffer, at(member))
		this.uid = real("uid")
		this.version = real("version")
		this.createdAt = real("createdAt")
		this.deletedAt = real("deletedAt")
		this.graceMs = real("graceMs")
		this.waitMs = real("waitMs")
		this.stageAt = real("stageAt")
		this.readySince = real("readySince")
		this.boundAt = real("boundAt")
		this.containersAt = real("containersAt")
		this.endedAt = real("endedAt")
		this.base = natural("base")
		this.number = natural("number")
		this.namespace = natural("namespace")
		this.hash = natural("hash")
		this.message = natural("message")
		this.node = whole("node")
		this.owner = whole("owner")
		this.shape = whole("shape")
		this.bound = whole("bound")
		this.side = whole("side")
		this.stage = whole("stage")
		this.ready = whole("ready")
		this.subject = whole("subject")
		this.nextMate = whole("nextMate")
		this.timer = whole("timer")
		this.ripens = whole("ripens")
		this.evicts = whole("evicts")
		this.group = whole("group")
		this.pullFailures = whole("pullFailures")
		this.restarts = whole("restarts")
		this.missing = whole("missing")
		this.available = whole("available")
		this.attempts = whole("attempts")
		this.nextHere = whole("nextHere")
		this.previousHere = whole("previousHere")
		this.nextOwned = whole("nextOwned")
		this.previousOwned = whole("previousOwned")
		this.nextNamed = whole("nextNamed")
		this.link = this.nextNamed
	}
}

/** Where a member of two words is. */
export function half(row: number): number {
	return row >> 1
}
