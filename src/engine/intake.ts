import { jsonEqual } from "../base/index.ts"
import type { CommitRecord, LedgerEntry } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { DesiredObject, RepositoryConfig } from "../manifest/index.ts"
import { broughtBy } from "./attribution.ts"
import { backfill } from "./backfill.ts"
import { rewrittenRow, unverifiedRows } from "./decisions.ts"
import type { SavedDrift } from "./drift.ts"
import { bringFleet, type Fleet } from "./fleet.ts"
import type { Clock, ParseCache, Source, SourceState } from "./ports.ts"
import { Quarantine, quarantineRows } from "./quarantine.ts"
import { Reading, type ReadingOptions } from "./reading.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import { NOTHING_SEEN, type ReadAs, type Rest, readAs, type Unverified } from "./rest.ts"
import { type Suspension, saySuspension } from "./source-orders.ts"
import { type Candidate, type Taken, type TakeSettings, take } from "./take.ts"
import { type Verified, type Verify, verified } from "./verification.ts"

export type IntakeSettings = TakeSettings &
	ReadingOptions & {
		/** Without it, signatures are not looked at. */
		readonly verify?: Verify
		/** How many first-parent commits before the first one are read for earlier revisions. */
		readonly backfill: number
		/** What is watched of the repository; without any, all of it. */
		readonly paths?: readonly string[]
	}

/** In place of keys: those of no run. */
const ASK_AGAIN = "?"

/** Where commits and fleets come in: it knows which commit was seen last and what is still unapplied. */
export class Intake {
	readonly #source: Source
	readonly #cache: ParseCache
	readonly #clock: Pick<Clock, "wall">
	readonly #settings: IntakeSettings
	readonly #reading: Reading
	readonly #quarantine: Quarantine
	readonly #pending: Set<ObjectKey>
	/** True where any object may differ from what was applied: it is read in another way, or was asked for. */
	#anew: boolean
	/** How the commit that was taken last was read. */
	#readAs: ReadAs
	#seen: string | undefined
	#fleet: string | undefined
	#retained: readonly DesiredObject[]
	#suspension: Suspension | undefined
	#config: RepositoryConfig
	#unverified: Unverified | undefined

	constructor(
		source: Source,
		cache: ParseCache,
		clock: Pick<Clock, "wall">,
		settings: IntakeSettings,
		rest: string | undefined,
	) {
		const saved: Rest = rest === undefined ? NOTHING_SEEN : (JSON.parse(rest) as Rest)
		this.#source = source
		this.#cache = cache
		this.#clock = clock
		this.#settings = settings
		this.#reading = new Reading(source, cache, settings)
		this.#quarantine = new Quarantine(source, cache, settings, saved.quarantine)
		this.#pending = new Set(saved.pending)
		this.#readAs = readAs(saved.tracked ?? settings)
		this.#anew = saved.anew === true || !jsonEqual(this.#readAs, readAs(settings))
		this.#seen = saved.commit
		this.#fleet = saved.fleet
		this.#retained = saved.retained
		this.#suspension = saved.suspension
		this.#config = saved.config ?? {}
		this.#unverified = saved.unverified
	}

	/** The commit that was taken last, applied or not. */
	get seen(): string | undefined {
		return this.#seen
	}

	/** The commit that was read last: what is not signed well enough is not read. */
	get #read(): string | undefined {
		return this.#unverified === undefined ? this.#seen : this.#unverified.read
	}

	/** Who keeps commits from being applied, where somebody does. */
	get suspension(): Suspension | undefined {
		return this.#suspension
	}

	/** Why nothing of git's is applied now. */
	get standsStill(): string | undefined {
		return this.#suspension && `the source is ${saySuspension(this.#suspension)}`
	}

	/** What the commit that was taken last says of how it is to be followed. */
	get config(): RepositoryConfig {
		return this.#config
	}

	/** From now on commits are seen, and none is applied. */
	suspend(suspension: Suspension): void {
		this.#suspension = suspension
	}

	resume(): void {
		this.#suspension = undefined
		this.lookAgain()
	}

	/** The tip is to be taken again, and every object compared. */
	lookAgain(): void {
		this.#anew = true
		if (this.#unverified !== undefined) this.#unverified = { ...this.#unverified, keys: ASK_AGAIN }
	}

	/** False where there is something to take: another commit, one that was held and may pass now, or read otherwise. */
	isCurrent(tip: string): boolean {
		if (this.#suspension !== undefined) return tip === this.#seen
		const isGuarded = this.#pending.size > this.#quarantine.waiting.size
		const isReleased = this.#settings.allowedBy !== undefined && isGuarded
		// What is held for its signature stays held, whatever else there is to look at again.
		if (this.#unverified !== undefined) return tip === this.#seen && this.#unverified.keys === this.#keys
		return tip === this.#seen && !this.#anew && !isReleased
	}

	/** Where the commit that was taken last describes an object. */
	placeOf(key: ObjectKey): { readonly path: string; readonly line: number } | undefined {
		return this.#reading.objects.get(key)
	}

	/** What to tell where the commit that was taken last has no manifests at the watched paths. */
	emptiness(): SourceState | undefined {
		const { commit, isEmpty } = this.#reading
		if (commit === undefined || !isEmpty) return undefined
		const { paths } = this.#readAs
		const where = paths.length === 0 ? "" : ` at ${paths.join(", ")}`
		const message = `commit ${commit.slice(0, 8)} of ${this.#source.name} has no manifests${where}`
		return {
			kind: "no-manifests",
			message,
			next: "name the folder of the manifests with --path; the cluster keeps what it has",
		}
	}

	rest(drift?: SavedDrift): string {
		const quarantine = this.#quarantine.saved
		const rest: Rest = {
			tracked: { repository: this.#source.name, branch: this.#source.branch, ...this.#readAs },
			...(this.#seen === undefined ? {} : { commit: this.#seen }),
			pending: [...this.#pending],
			retained: this.#retained,
			...(this.#fleet === undefined ? {} : { fleet: this.#fleet }),
			...(this.#suspension === undefined ? {} : { suspension: this.#suspension }),
			...(this.#anew ? { anew: true } : {}),
			...(this.#unverified === undefined ? {} : { unverified: this.#unverified }),
			...(quarantine === undefined ? {} : { quarantine }),
			...(drift === undefined ? {} : { drift }),
			...(Object.keys(this.#config).length === 0 ? {} : { config: this.#config }),
		}
		return JSON.stringify(rest)
	}

	/** Takes the tip; what lies between it and the last one is passed over. */
	async takeTip(recorded: RecordedCluster, record: CommitRecord): Promise<Taken> {
		const base = this.#seen
		const tip = record.commit
		if (base === undefined) {
			const rows = await backfill(this.#source, this.#cache, this.#settings, tip)
			return this.take(
				recorded,
				record,
				rows.map((row) => ({ ...row, at: recorded.cluster.now() })),
			)
		}
		if (base === tip) return this.take(recorded, record)
		if (!(await this.#source.isAncestor(base, tip))) {
			const isGone = (await this.#source.resolve(base)) === undefined
			return this.take(recorded, record, [rewrittenRow(recorded, base, tip, isGone)])
		}
		const commits: CommitRecord[] = []
		for await (const commit of this.#source.walk(base, tip)) commits.push(commit)
		return this.take(recorded, record, [], commits.slice(0, -1))
	}

	/** `rows` go before the commit's own. Where the source fails nothing is noted, and the commit is not taken. */
	async take(
		recorded: RecordedCluster,
		record: CommitRecord,
		rows: readonly LedgerEntry[] = [],
		passedOver: readonly CommitRecord[] = [],
	): Promise<Taken> {
		const since = this.#unverified === undefined ? passedOver : await this.#sinceRead(record, passedOver)
		const { verify } = this.#settings
		const step =
			verify === undefined ? { record, passedOver: since } : await verified(this.#source, verify, record, since)
		if (step.problem === undefined) return this.#takeVerified(recorded, step, rows)
		recorded.note(...rows, ...unverifiedRows(recorded, step.record, step.problem))
		const read = this.#read
		this.#unverified = { keys: this.#keys, ...(read === undefined ? {} : { read }) }
		this.#seen = record.commit
		return { verdict: "held", changes: [], holds: [], waiting: new Map() }
	}

	/** Which signatures are good enough; empty where they are not looked at. */
	get #keys(): string {
		const { verify } = this.#settings
		return verify === undefined ? "" : `${verify.mode} ${verify.keys}`
	}

	/** What was held for its signature comes in with what is taken now. */
	async #sinceRead(record: CommitRecord, passedOver: readonly CommitRecord[]): Promise<readonly CommitRecord[]> {
		const read = this.#read
		if (read === undefined) return passedOver
		const commits: CommitRecord[] = []
		for await (const commit of this.#source.walk(read, record.commit)) commits.push(commit)
		return commits.slice(0, -1)
	}

	async #takeVerified(
		recorded: RecordedCluster,
		{ record, passedOver }: Pick<Verified, "record" | "passedOver">,
		rows: readonly LedgerEntry[],
	): Promise<Taken> {
		const seen = this.#read
		// After a restart the reader stands nowhere: it goes to the commit it had read, and on from there.
		if (this.#reading.commit === undefined && seen !== undefined) {
			const isThere = await this.#reading.restore(seen, this.#retained, this.#config)
			this.#anew ||= !isThere
		}
		const step = await this.#reading.moveTo(record.commit)
		for (const key of step.changed) this.#pending.add(key)
		const objects = this.#reading.objects
		if (this.#anew) for (const key of [...recorded.applied("commit").keys(), ...objects.keys()]) this.#pending.add(key)
		const described = (key: ObjectKey) => objects.get(key)
		const isFirst = recorded.applied("commit").size === 0
		const coming = { record, passedOver, seen, isFirst, keys: this.#pending, desired: described }
		const brought =
			seen === undefined || passedOver.length === 0 ? {} : await this.#broughtBy(seen, [...passedOver, record])
		const quarantining = await this.#quarantine.look(coming)
		const { standIns } = quarantining
		const candidate = {
			record,
			passedOver,
			isEmpty: this.#reading.isEmpty,
			keys: this.#pending,
			desired: (key: ObjectKey) => standIns.get(key) ?? described(key),
			quarantined: new Map([...quarantining.waiting].filter(([key]) => !standIns.has(key))),
			findings: step.findings,
			refused: step.refused,
			brought,
		}
		recorded.note(...rows)
		const before = this.#quarantine.waiting
		const place = { at: recorded.cluster.now(), commit: record.commit }
		const { standsStill } = this
		const suspended = standsStill === undefined ? {} : { suspended: standsStill }
		const taken = take(recorded, candidate, { ...this.#settings, ...suspended }, this.#clock.wall())
		const waiting = new Map([...quarantining.waiting].filter(([key]) => taken.waiting.has(key) || standIns.has(key)))
		recorded.note(...quarantineRows(quarantining, { before, waiting }, place))
		this.#quarantine.keep(quarantining, waiting)
		if (taken.verdict !== "held") this.#pending.clear()
		for (const key of waiting.keys()) this.#pending.add(key)
		this.#anew = false
		this.#unverified = undefined
		this.#readAs = readAs(this.#settings)
		this.#seen = record.commit
		this.#retained = this.#reading.retained()
		this.#config = this.#reading.config
		return taken
	}

	/** Which of several commits brought each DaemonSet; after a rewritten history nobody can tell. */
	async #broughtBy(base: string, commits: readonly CommitRecord[]): Promise<Candidate["brought"]> {
		const parse = (files: Parameters<Reading["parsed"]>[0]) => this.#reading.parsed(files)
		const { objects } = this.#reading
		return broughtBy({ source: this.#source, parse, base, commits, objects, keys: this.#pending })
	}

	/** Brings the fleet in, where it is not in yet. */
	bring(recorded: RecordedCluster, fleet: Fleet): void {
		if (fleet.digest === this.#fleet) return
		bringFleet(recorded, fleet, this.#clock.wall())
		this.#fleet = fleet.digest
	}
}
