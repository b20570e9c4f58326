import { type Finding, keyOf, type ObjectKey } from "../kube/index.ts"
import type { DesiredObject, FileChange, ParsedFile, TreeFile } from "./contract.ts"
import { keyInDefault, type NamespacedKinds } from "./namespaced-kinds.ts"

/** One file of the tree, as far as it counts. */
export type Entry = {
	readonly file: TreeFile
	readonly parsed: ParsedFile | undefined
	/** What the file describes now. */
	readonly own: readonly DesiredObject[]
	/** What it described when it could last be read. */
	readonly retained: readonly DesiredObject[]
	readonly findings: readonly Finding[]
}

/** `last` finds the last good version of an object that the file refuses; `before` is what the path described so far. */
export function readEntry(
	file: TreeFile,
	content: ParsedFile | Finding | undefined,
	before: readonly DesiredObject[],
	last: (key: ObjectKey) => DesiredObject | undefined,
	namespaced: NamespacedKinds,
): Entry {
	const { path } = file
	if (content === undefined || "severity" in content) {
		// A link or a submodule in the file's place says that it is gone; a file too large only that it cannot be read.
		const isGone = content !== undefined && content.severity !== "error"
		const retained = isGone ? [] : before.map((object) => kept(object, path))
		return { file, parsed: undefined, own: [], retained, findings: content === undefined ? [] : [content] }
	}
	const own = ownOf(path, content, namespaced)
	const findings = content.findings.map((finding) => ({ ...finding, file: path }))
	return { file, parsed: content, own, retained: retainedOf(path, content, own, before, last), findings }
}

function ownOf(path: string, { documents }: ParsedFile, namespaced: NamespacedKinds): readonly DesiredObject[] {
	return documents.map((document) => {
		const object = namespaced.place(document.object)
		return { key: keyOf(object), object, path, document: document.index, line: document.line }
	})
}

/** The entry once definitions say otherwise of custom kinds: itself where nothing of it moves. */
export function placedAgain(entry: Entry, namespaced: NamespacedKinds): Entry {
	const own = entry.parsed === undefined ? [] : ownOf(entry.file.path, entry.parsed, namespaced)
	const described = new Set(own.map(({ key }) => key))
	const retained = entry.retained.flatMap((before) => {
		const object = namespaced.place(before.object)
		const key = keyOf(object)
		return described.has(key) ? [] : [{ ...before, key, object }]
	})
	const isSame = keysOf(own) === keysOf(entry.own) && keysOf(retained) === keysOf(entry.retained)
	return isSame ? entry : { ...entry, own, retained }
}

function keysOf(objects: readonly DesiredObject[]): string {
	return objects.map(({ key }) => key).join("\n")
}

/** The entry once a kustomization leaves its file out: what it described before stays. */
export function leftOut(entry: Entry, before: readonly DesiredObject[]): Entry {
	return { ...entry, retained: unique(before.map((object) => kept(object, entry.file.path))) }
}

/** The entry once its file counts again. */
export function readAgain(entry: Entry): Entry {
	if (entry.parsed === undefined) return entry
	const retained = retainedOf(entry.file.path, entry.parsed, entry.own, entry.retained, () => undefined)
	return { ...entry, retained }
}

function retainedOf(
	path: string,
	{ readable, refused }: ParsedFile,
	own: readonly DesiredObject[],
	before: readonly DesiredObject[],
	last: (key: ObjectKey) => DesiredObject | undefined,
): readonly DesiredObject[] {
	if (readable && refused.length === 0) return []
	const found = readable ? [] : [...before]
	for (const { key } of refused) {
		// What is refused may be of a kind that a definition puts in a namespace.
		const keys = [key, keyInDefault(key)]
		const object = before.find((candidate) => keys.includes(candidate.key)) ?? last(key) ?? last(keyInDefault(key))
		if (object !== undefined && object.implied === undefined) found.push(object)
	}
	const described = new Set(own.map(({ key }) => key))
	return unique(found.filter(({ key }) => !described.has(key)).map((object) => kept(object, path)))
}

function kept(object: DesiredObject, path: string): DesiredObject {
	return { ...object, path, retained: true }
}

function unique(objects: readonly DesiredObject[]): readonly DesiredObject[] {
	return [...new Map(objects.toReversed().map((object) => [object.key, object])).values()]
}

/** What paths described so far; a new file may stand for one of its name that went away in the same step. */
export function describedBefore(
	changes: readonly FileChange[],
	describedBy: (path: string) => readonly DesiredObject[],
): ReadonlyMap<string, readonly DesiredObject[]> {
	const gone = new Map(
		changes.flatMap(({ path, file }) => (file === undefined ? [[lastPart(path), path] as const] : [])),
	)
	const before = changes.map(({ path }) => {
		const own = describedBy(path)
		const source = own.length === 0 ? gone.get(lastPart(path)) : undefined
		return [path, source === undefined ? own : describedBy(source)] as const
	})
	return new Map(before)
}

function lastPart(path: string): string {
	return path.slice(path.lastIndexOf("/") + 1)
}
