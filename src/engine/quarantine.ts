import {
	type CommitRecord,
	type LedgerEntry,
	type Quarantined,
	quarantineAfter,
	type Released,
} from "../history/index.ts"
import { isSameTemplate, type KubeObject, keyParts, type ObjectKey } from "../kube/index.ts"
import type { Described } from "../plan/index.ts"
import type { ParseCache, Source } from "./ports.ts"
import { Reading, type ReadingOptions } from "./reading.ts"
import { sourceFailure } from "./source-failure.ts"

/** What a restart needs, and what tells why objects wait; plain JSON. */
export type SavedQuarantine = {
	readonly quarantined: readonly Quarantined[]
	/** Objects that the branch would bring back to what was rolled away from, and why they wait. */
	readonly waiting: readonly (readonly [ObjectKey, string])[]
}

export const NO_QUARANTINE: SavedQuarantine = { quarantined: [], waiting: [] }

/** A commit that is about to be taken. */
export type Coming = {
	readonly record: CommitRecord
	readonly passedOver: readonly CommitRecord[]
	/** The commit that was taken last. */
	readonly seen: string | undefined
	/** True where nothing of the branch was applied yet. */
	readonly isFirst: boolean
	/** The objects that may differ from what was applied. */
	readonly keys: Iterable<ObjectKey>
	readonly desired: (key: ObjectKey) => Described | undefined
}

/** What it comes to; nothing of it counts until `keep` is told that the commit was taken. */
export type Quarantining = {
	readonly quarantined: readonly Quarantined[]
	readonly released: readonly Released[]
	/** Why an object of the commit may not be taken: its template was rolled away from. */
	readonly waiting: ReadonlyMap<ObjectKey, string>
	/** At a first start, what such an object was before: without it, it would not be there at all. */
	readonly standIns: ReadonlyMap<ObjectKey, Described>
}

/** Follows what the branch's trailers quarantine, at the cost of the commits that are new. */
export class Quarantine {
	readonly #source: Source
	readonly #newReading: () => Reading
	/** Undefined where the history is not known yet. */
	#saved: SavedQuarantine | undefined
	#reading: Reading | undefined
	/** What is quarantined, by commit and DaemonSet. */
	readonly #objects = new Map<string, KubeObject>()

	constructor(source: Source, cache: ParseCache, options: ReadingOptions, saved: SavedQuarantine | undefined) {
		this.#source = source
		this.#newReading = () => new Reading(source, cache, options)
		this.#saved = saved
	}

	/** Undefined where the history is yet to be read: a restart has to read it then, too. */
	get saved(): SavedQuarantine | undefined {
		return this.#saved
	}

	/** Why an object waits, as of the commit that was taken last. */
	get waiting(): ReadonlyMap<ObjectKey, string> {
		return new Map(this.#saved?.waiting)
	}

	async look(step: Coming): Promise<Quarantining> {
		const { quarantined, released } = await this.#follow(step)
		const ofKey = groupByKey(quarantined)
		const waiting = new Map<ObjectKey, string>()
		const standIns = new Map<ObjectKey, Described>()
		for (const key of ofKey.size === 0 ? [] : new Set(step.keys)) {
			const known = ofKey.get(key)
			const found = known && (await this.#match(known, step.desired(key)?.object))
			if (known === undefined || found === undefined) continue
			waiting.set(key, sayWaiting(found))
			const before = step.isFirst ? await this.#before(step.record, found, known) : undefined
			if (before !== undefined) standIns.set(key, before)
		}
		return { quarantined, released, waiting, standIns }
	}

	/** The commit was taken, and these objects of it were left out. */
	keep({ quarantined }: Quarantining, waiting: ReadonlyMap<ObjectKey, string>): void {
		this.#saved = { quarantined, waiting: [...waiting] }
		const names = new Set(quarantined.map(nameOf))
		for (const name of this.#objects.keys()) if (!names.has(name)) this.#objects.delete(name)
		// It holds all that a commit describes, and is seldom needed.
		this.#reading = undefined
	}

	/** The list of the commit that was taken last, brought on; from the root where that is not the one before. */
	async #follow({ record, passedOver, seen }: Coming): Promise<Pick<Quarantining, "quarantined" | "released">> {
		const fresh = [...passedOver, record]
		const known = seen === undefined ? undefined : this.#saved?.quarantined
		if (known !== undefined && record.commit === seen) return { quarantined: known, released: [] }
		if (known === undefined || fresh[0]?.parents[0] !== seen) {
			let quarantined: readonly Quarantined[] = []
			for await (const old of this.#source.walk(undefined, record.commit))
				quarantined = quarantineAfter(quarantined, old).quarantined
			return { quarantined, released: [] }
		}
		let quarantined = known
		const released: Released[] = []
		for (const one of fresh) {
			const after = quarantineAfter(quarantined, one)
			quarantined = after.quarantined
			released.push(...after.released)
		}
		return { quarantined, released }
	}

	/** The newest word on this very template. */
	async #match(known: readonly Quarantined[], object: KubeObject | undefined): Promise<Quarantined | undefined> {
		if (object === undefined) return undefined
		for (const one of known.toReversed()) {
			const before = await this.#objectAt(one)
			if (before !== undefined && isSameTemplate(before, object)) return one
		}
		return undefined
	}

	/** What the newest commit since the rollback said of the object that is not quarantined. */
	async #before(
		{ commit }: CommitRecord,
		{ daemonSet, by }: Quarantined,
		known: readonly Quarantined[],
	): Promise<Described | undefined> {
		const line: CommitRecord[] = []
		for await (const record of this.#source.walk(undefined, commit)) line.push(record)
		const from = line.findIndex((record) => record.commit === by || record.brings.some((one) => one.commit === by))
		const reading = this.#newReading()
		for (const record of line.slice(Math.max(0, from)).toReversed()) {
			await reading.moveTo(record.commit)
			const place = reading.objects.get(daemonSet)
			if (place !== undefined && (await this.#match(known, place.object)) === undefined) return place
		}
		return undefined
	}

	/** Nothing where it cannot be read, as after a force push and a clean-up: what is past does not hold the tip. */
	async #objectAt(one: Quarantined): Promise<KubeObject | undefined> {
		const known = this.#objects.get(nameOf(one))
		if (known !== undefined) return known
		try {
			const id = await this.#source.resolve(one.commit)
			if (id === undefined) return undefined
			this.#reading ??= this.#newReading()
			await this.#reading.moveTo(id)
			const object = this.#reading.objects.get(one.daemonSet)?.object
			if (object !== undefined) this.#objects.set(nameOf(one), object)
			return object
		} catch (problem) {
			if (sourceFailure(problem) === undefined) throw problem
			this.#reading = undefined
			return undefined
		}
	}
}

function nameOf({ commit, daemonSet }: Quarantined): string {
	return `${commit} ${daemonSet}`
}

function groupByKey(quarantined: readonly Quarantined[]): ReadonlyMap<ObjectKey, readonly Quarantined[]> {
	const groups = new Map<ObjectKey, Quarantined[]>()
	for (const one of quarantined) groups.set(one.daemonSet, [...(groups.get(one.daemonSet) ?? []), one])
	return groups
}

function sayWaiting({ daemonSet, commit, by }: Quarantined): string {
	const { namespace, name } = keyParts(daemonSet)
	const brought = `it is the template that ${commit.slice(0, 8)} brought and ${by.slice(0, 8)} rolled away from`
	return `${namespace}/${name} waits: ${brought}; rollcall rollout release ds/${name} -n ${namespace} lets it in`
}

type DecisionRow = Extract<LedgerEntry, { kind: "decision" }>

/** A row for each hold that is new, and for each release. */
export function quarantineRows(
	{ released }: Quarantining,
	{
		before,
		waiting,
	}: { readonly before: ReadonlyMap<ObjectKey, string>; readonly waiting: ReadonlyMap<ObjectKey, string> },
	{ at, commit }: { readonly at: number; readonly commit: string },
): DecisionRow[] {
	const rule = "quarantine"
	const freed = released.map(({ daemonSet, commit: brought, release }): DecisionRow => {
		const { namespace, name } = keyParts(daemonSet)
		const message = `${namespace}/${name}: the template that ${brought.slice(0, 8)} brought may come again`
		const who = release.author
		return { kind: "decision", at, decision: "allow", rule, message, commit: release.commit, who, object: daemonSet }
	})
	const held = [...waiting].filter(([key, message]) => before.get(key) !== message)
	return [
		...freed,
		...held.map(([object, message]): DecisionRow => {
			return { kind: "decision", at, decision: "hold", rule, message, commit, object }
		}),
	]
}
