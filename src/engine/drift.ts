import type { Verdict } from "../cluster/index.ts"
import type { LedgerEntry } from "../history/index.ts"
import { keyParts, kindDefinedBy, type ObjectKey, sayKey, withoutField } from "../kube/index.ts"
import { type Change, compare } from "../plan/index.ts"
import { isIgnored } from "./drift-rules.ts"
import type { Intake } from "./intake.ts"
import type { Clock } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

/** What becomes of a change, by another hand, of a field that git owns. */
export type DriftMode = "heal" | "report" | "ignore"

const FIELDS_SAID = 3

type DriftRow = Extract<LedgerEntry, { readonly kind: "drift" }>

/** What of the repository decides on drift, as `Intake` knows it. */
export type DriftTerms = Pick<Intake, "standsStill" | "config">

/** What a restart needs: what was asked for, and what of git's another hand is taking away, each with the client. */
export type SavedDrift = { readonly mode: DriftMode; readonly leaving: readonly (readonly [ObjectKey, string])[] }

/**
 * Watches that what git owns stays as git has it. It looks where another hand wrote, never at the whole cluster: what a
 * commit sets is git's, all else is not, so defaults and a cordon by hand are no drift.
 */
export class Drift {
	readonly #mode: DriftMode
	readonly #clock: Pick<Clock, "wall">
	/** Their deletion was asked for, and is not over. */
	readonly #leaving: Map<ObjectKey, string>
	/** What goes last of it: each of them, or the namespace around. Undefined where that is to be worked out. */
	#last: ReadonlySet<ObjectKey> | undefined

	/** `mode`: as it was last, else `heal`. */
	constructor(mode: DriftMode | undefined, clock: Pick<Clock, "wall">, saved: SavedDrift | undefined) {
		this.#mode = mode ?? saved?.mode ?? "heal"
		this.#clock = clock
		this.#leaving = new Map(this.#mode === "ignore" ? [] : saved?.leaving)
	}

	get saved(): SavedDrift {
		return { mode: this.#mode, leaving: [...this.#leaving] }
	}

	/** True where something of what was being taken away is gone, or stays after all. */
	isDue(recorded: RecordedCluster): boolean {
		if (this.#leaving.size === 0) return false
		this.#last ??= new Set([...this.#leaving.keys()].map((key) => leavingWith(recorded, key) ?? key))
		return [...this.#last].some((key) => leavingWith(recorded, key) === undefined)
	}

	/** Looks again at what was being taken away. */
	lookAgain(recorded: RecordedCluster, terms: DriftTerms): void {
		this.#look(recorded, this.#leaving, terms)
	}

	/** A client has written these objects. Says what of git's that changed, and what becomes of it. */
	look(recorded: RecordedCluster, keys: Iterable<ObjectKey>, client: string, terms: DriftTerms): readonly string[] {
		const touched = new Map<ObjectKey, string>()
		for (const key of keys) for (const owned of ownedWith(recorded, key)) touched.set(owned, client)
		const rows = this.#look(recorded, touched, terms)
		const leaving = [...touched.keys()].filter((key) => this.#leaving.has(key))
		return [...leaving.map((key) => sayLeaving(key, this.#mode)), ...rows.map(sayDrift)]
	}

	#look(recorded: RecordedCluster, touched: ReadonlyMap<ObjectKey, string>, terms: DriftTerms): readonly DriftRow[] {
		this.#last = undefined
		if (this.#mode === "ignore") return []
		const here = new Map<ObjectKey, string>()
		for (const [key, client] of touched) {
			if (leavingWith(recorded, key) !== undefined) this.#leaving.set(key, client)
			else here.set(key, client)
		}
		for (const key of here.keys()) this.#leaving.delete(key)
		const drifted = differing(recorded, here.keys()).flatMap((change) => heeded(change, terms))
		return drifted.length === 0 ? [] : this.#answer(recorded, drifted, here, terms)
	}

	#answer(
		recorded: RecordedCluster,
		drifted: readonly Change[],
		clients: ReadonlyMap<ObjectKey, string>,
		{ standsStill }: DriftTerms,
	): readonly DriftRow[] {
		const row = (change: Change, answer: Pick<DriftRow, "response" | "reason">): DriftRow => ({
			kind: "drift",
			at: recorded.cluster.now(),
			key: change.key,
			client: clients.get(change.key) ?? "",
			action: change.action === "create" ? "deleted" : "changed",
			fields: change.fields,
			...answer,
		})
		const reason = this.#mode === "report" ? "rollcall runs with --drift report" : standsStill
		if (reason !== undefined) {
			const told = drifted.map((change) => row(change, { response: "reported", reason }))
			recorded.note(...told)
			return told
		}
		const writes = drifted.flatMap(({ key, after }) =>
			after === undefined ? [] : [{ verb: "apply", key, manager: "rollcall", object: after } as const],
		)
		let rows: readonly DriftRow[] = []
		recorded.act({ source: { kind: "engine", rule: "drift" }, writes }, this.#clock.wall(), (verdicts) => {
			rows = drifted.map((change, index) => row(change, answerOf(verdicts[index])))
			return rows
		})
		return rows
	}
}

function sayLeaving(key: ObjectKey, mode: DriftMode): string {
	const then = mode === "heal" ? "it is made again once it is gone" : "the ledger tells when it is gone"
	return `${sayKey(key)} is kept in git: ${then}`
}

function sayDrift({ key, action, fields, response, reason = "" }: DriftRow): string {
	const paths = fields.slice(0, FIELDS_SAID).map(({ path }) => path)
	const more = fields.length > FIELDS_SAID ? ` and ${fields.length - FIELDS_SAID} more` : ""
	const what = action === "deleted" ? sayKey(key) : `${paths.join(", ")}${more} of ${sayKey(key)}`
	const then = { healed: "put back", reported: `left as it is, ${reason}`, refused: `not put back, ${reason}` }
	return `${what} is kept in git: ${then[response]}`
}

/** Without the fields that the repository leaves to others; none where that is all of it. */
function heeded(change: Change, { config }: DriftTerms): Change[] {
	const rules = config.drift?.ignore ?? []
	const left = change.fields.filter(({ path }) => isIgnored(rules, change.key, path))
	if (left.length === 0 || change.after === undefined) return [change]
	const fields = change.fields.filter((field) => !left.includes(field))
	const after = left.reduce((object, { path }) => withoutField(object, path), change.after)
	return fields.length === 0 ? [] : [{ ...change, fields, after }]
}

function answerOf(verdict: Verdict | undefined): Pick<DriftRow, "response" | "reason"> {
	if (verdict?.accepted !== false) return { response: "healed" }
	return { response: "refused", reason: verdict.refusal.message }
}

/** What of it, and with it, is git's: a namespace goes with all that is in it, a definition with what it defines. */
function ownedWith(recorded: RecordedCluster, key: ObjectKey): ObjectKey[] {
	const applied = recorded.applied("commit")
	const definition = applied.get(key)
	const own = definition === undefined ? [] : [key]
	const { group, kind, name } = keyParts(key)
	if (group === "" && kind === "Namespace" && leavingWith(recorded, key) !== undefined) {
		return [...own, ...[...applied.keys()].filter((other) => keyParts(other).namespace === name)]
	}
	const defined = definition && kindDefinedBy(definition)
	if (defined === undefined) return own
	return [...own, ...[...applied.keys()].filter((other) => other.startsWith(`${defined.group}/${defined.kind}/`))]
}

/** Itself or its namespace, whichever is being deleted: until that is gone nothing can be put back. */
function leavingWith({ cluster }: RecordedCluster, key: ObjectKey): ObjectKey | undefined {
	const { namespace } = keyParts(key)
	const around = namespace === "" ? [] : [`/Namespace//${namespace}`]
	return [...around, key].find((one) => cluster.read(one)?.metadata.deletionTimestamp !== undefined)
}

/** What is not as git applied it last, in apply order. */
function differing(recorded: RecordedCluster, keys: Iterable<ObjectKey>): Change[] {
	const applied = recorded.applied("commit")
	return compare({
		keys,
		desired: (key) => {
			const object = applied.get(key)
			return object && { object, path: "", line: 0 }
		},
		applied: (key) => applied.get(key),
		live: (key) => recorded.cluster.read(key),
	}).filter(({ action }) => action !== "delete")
}
