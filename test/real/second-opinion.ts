import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { byCodeUnit, canonicalJson, type Json } from "../../src/base/index.ts"
import type { Source } from "../../src/engine/index.ts"
import { applyDefaults, fieldChanges, type KubeObject, keyParts, objectKey } from "../../src/kube/index.ts"
import { type ParsedFile, parseFile, skipReason, type TreeFile } from "../../src/manifest/index.ts"
import { type CommitEntry, FLEETS } from "./fleet.ts"

type Word = "add" | "remove" | "template" | "other-field"
type Opinion = {
	readonly commit: string
	readonly changes: readonly {
		readonly path: string
		readonly namespace: string
		readonly name: string
		readonly change: Word
	}[]
	readonly unparsable_files: readonly string[]
}

/** How a word of the second opinion relates to ours; the README beside this file says what each rule is. */
export type Rule = "agrees" | "same-meaning" | "refused" | "unreadable" | "several-places" | "DISAGREES"
export type Verdict = { readonly rule: Rule; readonly what: string }

export type FileComparison = {
	readonly verdicts: readonly Verdict[]
	/** `COMMIT PATH KEY` where the text differs and the API server would see no difference. */
	readonly sameMeaning: ReadonlySet<string>
}

export function secondOpinion(name: string): ReadonlyMap<string, Opinion> | undefined {
	const path = join(FLEETS, `${name}.daemonset-changes.jsonl.gz`)
	if (!existsSync(path)) return undefined
	const lines = gunzipSync(readFileSync(path)).toString().trim().split("\n")
	return new Map(lines.map((line) => JSON.parse(line) as Opinion).map((row) => [row.commit, row]))
}

export function tally(verdicts: readonly Verdict[]): Readonly<Partial<Record<Rule, number>>> {
	const counts: Partial<Record<Rule, number>> = {}
	for (const { rule } of verdicts) counts[rule] = (counts[rule] ?? 0) + 1
	return counts
}

/** A DaemonSet as one file has it; without an object where the file's reading refuses it. */
type Described = { readonly object?: KubeObject }
type InFile = ReadonlyMap<string, Described>

/**
 * File by file: what our reading says that each first-parent step did to the DaemonSets of each file, against theirs.
 * Every word of either side gets a verdict.
 */
export async function compareFiles(source: Source, opinion: ReadonlyMap<string, Opinion>): Promise<FileComparison> {
	const state = await source.poll()
	if (state.kind !== "ready") throw new Error(state.message)
	const verdicts: Verdict[] = []
	const sameMeaning = new Set<string>()
	const tree = new Map<string, ParsedFile | undefined>()
	let base: string | undefined
	for await (const { commit } of source.walk(undefined, state.tip)) {
		const row = opinion.get(commit)
		const theirs = new Map(
			row?.changes.map(({ path, namespace, name, change }) => [`${path} ${identity(namespace, name)}`, change]),
		)
		for (const { path, after } of await differing(source, base, commit)) {
			const [before, now] = [tree.get(path), await parse(source, after)]
			tree.set(path, now)
			for (const [key, ours] of stepOf(daemonSetsIn(before), daemonSetsIn(now))) {
				const place = `${path} ${key}`
				const word = theirs.get(place)
				theirs.delete(place)
				if (ours.isSameMeaning) sameMeaning.add(`${commit} ${place}`)
				if (ours.word === undefined && word === undefined) continue
				verdicts.push({ rule: ruleOfFile(word, ours, now), what: `${commit} ${place}: ${word}, ours ${ours.word}` })
			}
		}
		for (const [place, word] of theirs) verdicts.push(disagreement(`${commit} ${place}: ${word}, ours none`))
		verdicts.push(...unparsed(row, tree))
		base = commit
	}
	return { verdicts, sameMeaning }
}

function unparsed(row: Opinion | undefined, tree: ReadonlyMap<string, ParsedFile | undefined>): readonly Verdict[] {
	return (row?.unparsable_files ?? []).map((path) => {
		const file = tree.get(path)
		const what = `${row?.commit} ${path} does not parse`
		return file !== undefined && isBroken(file) ? { rule: "agrees", what } : disagreement(what)
	})
}

function disagreement(what: string): Verdict {
	return { rule: "DISAGREES", what }
}

type Step = { readonly word: Word | undefined; readonly isRefused: boolean; readonly isSameMeaning: boolean }

function ruleOfFile(theirs: Word | undefined, ours: Step, now: ParsedFile | undefined): Rule {
	// Where a side is refused, our reading keeps its name alone: it cannot say what in it changed.
	if (ours.isRefused && (theirs === "template" || theirs === "other-field")) return "refused"
	if (theirs === ours.word) return theirs === "remove" && now !== undefined && isBroken(now) ? "unreadable" : "agrees"
	return ours.isSameMeaning && theirs === "other-field" && ours.word === undefined ? "same-meaning" : "DISAGREES"
}

function stepOf(before: InFile, after: InFile): ReadonlyMap<string, Step> {
	const steps = new Map<string, Step>()
	for (const key of new Set([...before.keys(), ...after.keys()])) {
		const [old, now] = [before.get(key), after.get(key)]
		const isRefused = [old, now].some((described) => described !== undefined && described.object === undefined)
		steps.set(key, { word: wordOf(old, now), isRefused, isSameMeaning: isSameMeaning(old?.object, now?.object) })
	}
	return steps
}

function wordOf(old: Described | undefined, now: Described | undefined): Word | undefined {
	if (old === undefined) return "add"
	if (now === undefined) return "remove"
	if (textOf(template(old)) !== textOf(template(now))) return "template"
	return textOf(old.object) === textOf(now.object) ? undefined : "other-field"
}

function isSameMeaning(old: KubeObject | undefined, now: KubeObject | undefined): boolean {
	return old !== undefined && now !== undefined && fieldChanges(applyDefaults(old), applyDefaults(now)).length === 0
}

function template({ object }: Described): unknown {
	return (object as { readonly spec?: { readonly template?: unknown } } | undefined)?.spec?.template
}

function textOf(value: unknown): string {
	return canonicalJson((value ?? null) as Json)
}

function daemonSetsIn(file: ParsedFile | undefined): InFile {
	const found = new Map<string, Described>()
	for (const { object } of file?.documents ?? []) {
		const { name = "", namespace = "" } = object.metadata
		if (object.kind === "DaemonSet") found.set(identity(namespace, name), { object })
	}
	for (const { key } of file?.refused ?? []) {
		const { kind, namespace, name } = keyParts(key)
		if (kind === "DaemonSet") found.set(identity(namespace, name), {})
	}
	return found
}

function identity(namespace: string, name: string): string {
	return objectKey({ group: "apps", kind: "DaemonSet", namespace: namespace === "" ? "default" : namespace, name })
}

/** Not YAML at all: duplicate keys and unknown fields are read by the other parser. */
function isBroken(file: ParsedFile): boolean {
	return file.findings.some(({ code }) => code === "yaml-syntax" || code === "template")
}

async function differing(source: Source, base: string | undefined, commit: string) {
	if (base !== undefined) return source.changedFiles(base, commit)
	return (await source.files(commit)).map((after) => ({ path: after.path, after }))
}

async function parse(source: Source, file: TreeFile | undefined): Promise<ParsedFile | undefined> {
	if (file === undefined || skipReason(file) !== undefined) return undefined
	const [bytes = new Uint8Array()] = await source.read([file.blob])
	return parseFile(bytes, { name: file.path, secretKey: "test" })
}

/**
 * Commit by commit: the rows that the ledger has of DaemonSets created, updated and deleted, against what follows from
 * the second opinion alone: a DaemonSet is there while some file has it, and of several the first by path counts.
 */
export function compareLedger(
	commits: readonly CommitEntry[],
	opinion: ReadonlyMap<string, Opinion>,
	sameMeaning: ReadonlySet<string>,
): readonly Verdict[] {
	const known: Known = { places: new Map(), refusedAt: new Map(), unreadable: new Set() }
	return commits.flatMap((entry) => {
		const { commit } = entry.commit
		const row = opinion.get(commit)
		const words = wordsByKey(row)
		const told = new Map(entry.changes.filter(({ key }) => isDaemonSet(key)).map((change) => [change.key, change]))
		return [...new Set([...words.keys(), ...told.keys()])].sort(byCodeUnit).map((key): Verdict => {
			const step = takeStep(known, entry, row, key, words.get(key) ?? new Map())
			const ours = told.get(key)
			const done = { action: ours?.action ?? "none", isTemplate: ours?.fields.some(isOfTemplate) === true } as const
			const isSame = sameMeaning.has(`${commit} ${step.counting} ${key}`)
			return { rule: ruleOfLedger(step, done, isSame), what: `${commit} ${key}: ${step.expected}, ours ${done.action}` }
		})
	})
}

/** What the second opinion has said so far, and what kept us from following it. */
type Known = {
	readonly places: Map<string, readonly string[]>
	readonly refusedAt: Map<string, ReadonlySet<string>>
	/** DaemonSets whose file went unreadable: their last good version stays. */
	readonly unreadable: Set<string>
}

type Expected = {
	readonly expected: "create" | "delete" | "template" | "other-field" | "none"
	/** The first by path, which counts. */
	readonly counting: string | undefined
	readonly isRefusedNow: boolean
	readonly wasRefused: boolean
	readonly isUnreadable: boolean
	/** Another file counts than before. */
	readonly isMoved: boolean
}

function takeStep(
	{ places, refusedAt, unreadable }: Known,
	entry: CommitEntry,
	row: Opinion | undefined,
	key: string,
	words: ReadonlyMap<string, Word>,
): Expected {
	const before = places.get(key) ?? []
	const here = new Set(before)
	for (const [path, word] of words) {
		if (word === "remove") here.delete(path)
		else here.add(path)
	}
	const after = [...here].sort(byCodeUnit)
	places.set(key, after)
	const refusedBefore = refusedAt.get(key) ?? new Set()
	const refusedNow = entry.refused.filter((object) => object.key === key).map(({ path }) => path)
	const stillRefused = [...refusedBefore].filter((path) => !words.has(path))
	refusedAt.set(key, new Set([...stillRefused, ...refusedNow]))
	const isUnreadable = unreadable.delete(key) || [...words.keys()].some((path) => row?.unparsable_files.includes(path))
	if (isUnreadable && after.length === 0) unreadable.add(key)
	const [counting] = after
	return {
		expected: expectedOf(before.length > 0, counting === undefined ? undefined : (words.get(counting) ?? "none")),
		counting,
		isRefusedNow: refusedNow.length > 0,
		wasRefused: refusedBefore.size > 0,
		isUnreadable,
		isMoved: before.length > 0 && counting !== undefined && before[0] !== counting,
	}
}

/** `word` is what happened to the file that counts now; undefined where no file has it any more. */
function expectedOf(wasThere: boolean, word: Word | "none" | undefined): Expected["expected"] {
	if (word === undefined) return wasThere ? "delete" : "none"
	if (!wasThere) return "create"
	return word === "template" || word === "other-field" ? word : "none"
}

type Done = { readonly action: "create" | "update" | "delete" | "none"; readonly isTemplate: boolean }

function ruleOfLedger(step: Expected, { action, isTemplate }: Done, isSame: boolean): Rule {
	const { expected } = step
	const isUpdate = expected === "template" || expected === "other-field"
	const agrees = isUpdate ? action === "update" && isTemplate === (expected === "template") : expected === action
	if (agrees) return "agrees"
	// Refused in this very commit; or taken at last, with all that was refused before.
	if (step.isRefusedNow && action === "none") return "refused"
	if (step.wasRefused && (action === "create" || action === "update") && expected !== "delete") return "refused"
	if (step.isUnreadable && (action === "none" || action === "update")) return "unreadable"
	if (isUpdate && action === "none" && isSame) return "same-meaning"
	return step.isMoved && expected === "none" && action === "update" ? "several-places" : "DISAGREES"
}

function wordsByKey(row: Opinion | undefined): ReadonlyMap<string, ReadonlyMap<string, Word>> {
	const words = new Map<string, Map<string, Word>>()
	for (const { path, namespace, name, change } of row?.changes ?? []) {
		const key = identity(namespace, name)
		words.set(key, (words.get(key) ?? new Map<string, Word>()).set(path, change))
	}
	return words
}

function isOfTemplate({ path }: { readonly path: string }): boolean {
	return path.startsWith("spec.template")
}

function isDaemonSet(key: string): boolean {
	const { group, kind } = keyParts(key)
	return group === "apps" && kind === "DaemonSet"
}
