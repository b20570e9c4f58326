import { byCodeUnit, jsonEqual } from "../base/index.ts"
import {
	type Finding,
	IMPLIED_ANNOTATION,
	type KubeObject,
	keyParts,
	type ObjectKey,
	objectKey,
} from "../kube/index.ts"
import type {
	Desired,
	DesiredChange,
	DesiredObject,
	DesiredOptions,
	FileChange,
	ParsedFile,
	ReadLimits,
	SavedDesired,
	TreeFile,
} from "./contract.ts"
import { describedBefore, type Entry, leftOut, placedAgain, readAgain, readEntry } from "./desired-entry.ts"
import { findingsIn } from "./desired-findings.ts"
import { isKustomizationPath } from "./kustomize.ts"
import { leftOutFiles } from "./left-out.ts"
import { DEFAULT_LIMITS } from "./limits.ts"
import { isDefinition, NamespacedKinds } from "./namespaced-kinds.ts"
import { skipReason } from "./paths.ts"
import { isRead, Places } from "./places.ts"

const GIVEN_NAMESPACES: ReadonlySet<string> = new Set(["default", "kube-system", "kube-public", "kube-node-lease"])

/**
 * Every object that a commit's manifests describe, brought from commit to commit at the cost of the files that changed.
 * What a file, or an object in it, last said while it could be read stays until it can be read again.
 */
export class DesiredState implements Desired {
	readonly #options: DesiredOptions
	readonly #limits: ReadLimits
	readonly #files = new Map<string, Entry>()
	readonly #places = new Places()
	readonly #objects = new Map<ObjectKey, DesiredObject>()
	readonly #contested = new Map<ObjectKey, DesiredObject>()
	readonly #retained = new Map<ObjectKey, DesiredObject>()
	/** The objects of each namespace, by key. */
	readonly #namespaces = new Map<string, Set<ObjectKey>>()
	/** Files beyond the most that are read. */
	readonly #ignored = new Set<string>()
	readonly #kustomizations = new Set<string>()
	readonly #namespacedKinds = new NamespacedKinds()
	/** Files that are not read as they stand, with the kustomization that is why. */
	#leftOut: ReadonlyMap<string, string> = new Map()
	#findings: readonly Finding[] | undefined

	constructor(options: DesiredOptions = {}) {
		this.#options = options
		this.#limits = { ...DEFAULT_LIMITS, ...options.limits }
	}

	/** The state that `save` described; `parsed` gives each file's content, parsed again where the cache has lost it. */
	static restore(
		saved: SavedDesired,
		parsed: (file: TreeFile) => ParsedFile | undefined,
		options: DesiredOptions = {},
	): DesiredState {
		const state = new DesiredState(options)
		for (const object of saved.contested) state.#contested.set(object.key, object)
		const retained = new Map(saved.files.map((row) => [row.file.path, row.retained ?? []]))
		const changes = saved.files.map(({ file }) => {
			const content = parsed(file)
			return content === undefined ? { path: file.path, file } : { path: file.path, file, parsed: content }
		})
		state.#step(changes, (path) => retained.get(path) ?? [])
		return state
	}

	/** Live: it shows the state after the last `apply`. */
	get objects(): ReadonlyMap<ObjectKey, DesiredObject> {
		return this.#objects
	}

	/** Those that count though they cannot be read any longer. */
	get retained(): ReadonlyMap<ObjectKey, DesiredObject> {
		return this.#retained
	}

	/** Of all files, by path and line. */
	get findings(): readonly Finding[] {
		this.#findings ??= this.#findingsIn(new Set(this.#files.keys()))
		return this.#findings
	}

	/** Of some files alone, at their cost. */
	findingsOf(paths: Iterable<string>): readonly Finding[] {
		return this.#findingsIn(new Set(paths))
	}

	/** The tree as far as it is known, by path. */
	get files(): ReadonlyMap<string, { readonly file: TreeFile }> {
		return this.#files
	}

	/** Takes over the files that differ from the last commit; returns the objects that changed, by key. */
	apply(changes: readonly FileChange[]): readonly DesiredChange[] {
		return this.#step(changes, (path) => this.#shown(path))
	}

	save(): SavedDesired {
		const files = [...this.#files.values()].map(({ file, retained }) =>
			retained.length === 0 ? { file } : { file, retained },
		)
		files.sort((a, b) => byCodeUnit(a.file.path, b.file.path))
		return { files, contested: [...this.#contested.values()] }
	}

	#step(
		changes: readonly FileChange[],
		describedBy: (path: string) => readonly DesiredObject[],
	): readonly DesiredChange[] {
		const touched = new Set<ObjectKey>()
		const before = describedBefore(changes, describedBy)
		const entries = changes.map((change) => [change.path, this.#read(change, before.get(change.path) ?? [])] as const)
		for (const [path, entry] of entries) this.#replace(path, entry, touched)
		if (changes.some(({ path }) => isKustomizationPath(path))) {
			this.#followKustomizations((path) => before.get(path) ?? describedBy(path), touched)
		}
		this.#findings = undefined
		return this.#settle(touched)
	}

	#read({ file, parsed }: FileChange, before: readonly DesiredObject[]): Entry | undefined {
		if (file === undefined) return undefined
		const content = skipReason(file, this.#limits) ?? parsed
		return readEntry(file, content, before, (key) => this.#objects.get(key), this.#namespacedKinds)
	}

	#replace(path: string, entry: Entry | undefined, touched: Set<ObjectKey>): void {
		this.#withdraw(path, touched)
		this.#kustomizations.delete(path)
		this.#ignored.delete(path)
		if (entry === undefined) this.#files.delete(path)
		else if (this.#files.has(path) || this.#files.size < this.#limits.files) {
			const before = this.#files.get(path)
			// A file that is left out keeps what it said before it was.
			const isKept = before !== undefined && this.#leftOut.has(path)
			this.#files.set(path, isKept ? { ...entry, retained: before.retained } : entry)
			if (entry.parsed?.kustomization !== undefined) this.#kustomizations.add(path)
			this.#present(path, touched)
		} else this.#ignored.add(path)
	}

	/** What of a file counts now: all it describes, or only its last good version while it is left out. */
	#shown(path: string): readonly DesiredObject[] {
		const entry = this.#files.get(path)
		if (entry === undefined) return []
		return this.#leftOut.has(path) ? entry.retained : [...entry.own, ...entry.retained]
	}

	#withdraw(path: string, touched: Set<ObjectKey>): void {
		const shown = this.#shown(path)
		this.#places.remove(shown)
		for (const { key } of shown) touched.add(key)
	}

	#present(path: string, touched: Set<ObjectKey>): void {
		const shown = this.#shown(path)
		this.#places.add(shown)
		for (const { key } of shown) touched.add(key)
	}

	#followKustomizations(describedBy: (path: string) => readonly DesiredObject[], touched: Set<ObjectKey>): void {
		if (this.#options.plain === true) return
		const kustomizations = [...this.#kustomizations].sort(byCodeUnit).flatMap((path) => {
			const kustomization = this.#files.get(path)?.parsed?.kustomization
			return kustomization === undefined ? [] : [{ path, kustomization }]
		})
		const next = leftOutFiles(kustomizations)
		const moved = [...new Set([...next.keys(), ...this.#leftOut.keys()])].filter(
			(path) => next.has(path) !== this.#leftOut.has(path),
		)
		const described = moved.map((path) => describedBy(path))
		for (const path of moved) this.#withdraw(path, touched)
		this.#leftOut = next
		for (const [index, path] of moved.entries()) {
			const entry = this.#files.get(path)
			if (entry === undefined) continue
			this.#files.set(path, next.has(path) ? leftOut(entry, described[index] ?? []) : readAgain(entry))
			this.#present(path, touched)
		}
	}

	/** Brings the objects that were touched to what their places say now, then the namespaces they need. */
	#settle(touched: Set<ObjectKey>): readonly DesiredChange[] {
		const changed: DesiredChange[] = []
		this.#settleDefinitions(touched, changed)
		const namespaces = new Set<string>()
		for (const key of touched) {
			const { kind, group, namespace, name } = keyParts(key)
			if (kind === "Namespace" && group === "") namespaces.add(name)
			else this.#set(key, this.#counting(key), changed)
			if (namespace === "") continue
			this.#countMember(namespace, key)
			namespaces.add(namespace)
		}
		for (const namespace of namespaces) {
			const key = objectKey({ group: "", kind: "Namespace", namespace: "", name: namespace })
			this.#set(key, this.#counting(key) ?? this.#impliedNamespace(key, namespace), changed)
		}
		return changed.sort((a, b) => byCodeUnit(a.key, b.key))
	}

	/** First of all, since definitions say where other objects are: those that move are touched as well. */
	#settleDefinitions(touched: Set<ObjectKey>, changed: DesiredChange[]): void {
		let moves = false
		for (const key of [...touched].filter(isDefinition)) {
			touched.delete(key)
			const counting = this.#counting(key)
			this.#set(key, counting, changed)
			if (this.#namespacedKinds.define(key, counting?.object)) moves = true
		}
		if (!moves) return
		for (const [path, entry] of this.#files) {
			const placed = placedAgain(entry, this.#namespacedKinds)
			if (placed === entry) continue
			this.#withdraw(path, touched)
			this.#files.set(path, placed)
			this.#present(path, touched)
		}
	}

	#counting(key: ObjectKey): DesiredObject | undefined {
		const places = this.#places.of(key)
		const isContested = this.#options.strict === true && places.filter(isRead).length > 1
		const last = this.#contested.get(key) ?? this.#objects.get(key)
		this.#contested.delete(key)
		if (!isContested) return places[0]
		if (last === undefined || last.implied === true) return undefined
		const retained: DesiredObject = { ...last, retained: true }
		this.#contested.set(key, retained)
		return retained
	}

	#set(key: ObjectKey, after: DesiredObject | undefined, changed: DesiredChange[]): void {
		const before = this.#objects.get(key)
		if (after === undefined) this.#objects.delete(key)
		else this.#objects.set(key, after)
		if (after?.retained === true) this.#retained.set(key, after)
		else this.#retained.delete(key)
		if (jsonEqual(before?.object, after?.object)) return
		changed.push({ key, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) })
	}

	#countMember(namespace: string, key: ObjectKey): void {
		const members = this.#namespaces.get(namespace) ?? new Set()
		if (this.#objects.has(key)) members.add(key)
		else members.delete(key)
		if (members.size > 0) this.#namespaces.set(namespace, members)
		else this.#namespaces.delete(namespace)
	}

	#impliedNamespace(key: ObjectKey, namespace: string): DesiredObject | undefined {
		if (!this.#namespaces.has(namespace) || GIVEN_NAMESPACES.has(namespace)) return undefined
		const before = this.#objects.get(key)
		if (before?.implied === true) return before
		const annotations = { [IMPLIED_ANNOTATION]: "an object in git needs it" }
		const object: KubeObject = { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace, annotations } }
		return { key, object, path: "", document: 0, line: 0, implied: true }
	}

	#findingsIn(paths: ReadonlySet<string>): readonly Finding[] {
		return findingsIn(paths, {
			files: this.#files,
			leftOut: this.#leftOut,
			ignored: this.#ignored,
			places: this.#places,
			objects: this.#objects,
			namespaces: this.#namespaces,
			strict: this.#options.strict === true,
			plain: this.#options.plain === true,
			mostFiles: this.#limits.files,
		})
	}
}
