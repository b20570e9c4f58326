import { byCodeUnit, jsonEqual } from "../../base/index.ts"
import { type CommitRecord, type Release, undoTrailers } from "../../history/index.ts"
import { isSameTemplate, type KubeObject, keyParts, type ObjectKey, sayKey } from "../../kube/index.ts"
import { asObject, parseFile, removeDocument, restoreDocument } from "../../manifest/index.ts"
import { CliError } from "../failure.ts"
import { shortCommit } from "../ledger/words.ts"
import { oneLine } from "../output/visible.ts"
import { commitIn } from "../revisions.ts"
import type { FileEdit, TakeBackOptions, UndoResult } from "../world.ts"
import { type Branch, fileAt, fileWith, releasesFor } from "./branch.ts"
import { named, wrapped } from "./message.ts"
import { type Plan, writeToBranch } from "./write.ts"

/** Works out the commit that takes back all that one commit changed, and writes it. */
export function takeBack(options: TakeBackOptions): Promise<UndoResult> {
	return writeToBranch(options, (branch) => planOf(branch, options))
}

/** What the commit did to one object; `now` is what the branch says of it. */
type Touched = {
	readonly key: ObjectKey
	readonly before: KubeObject | undefined
	readonly after: KubeObject | undefined
	readonly now: KubeObject | undefined
}

type Case = { readonly branch: Branch; readonly record: CommitRecord; readonly parent: string }

async function planOf(branch: Branch, options: TakeBackOptions): Promise<Plan> {
	const of = await caseOf(branch, options.commit)
	const { record, parent } = of
	const touched = await touchedBy(of)
	const edits = new Map<string, FileEdit>()
	const whole = await wholeFiles(of, edits)
	const open = touched.filter(({ before, now }) => !isSame(before, now))
	const left = open.filter(({ key }) => !whole.has(key))
	const conflicts = left.filter(({ after, now }) => !isSame(after, now))
	if (conflicts.length > 0) throw await conflictError(of, conflicts)
	for (const object of left) await editOne(of, object, edits)
	const files = [...edits.values()].filter(({ before, after }) => !sameBytes(before, after))
	if (files.length === 0) return { kind: "same", why: `nothing is left of ${shortCommit(record.commit)}` }
	const templates = touched.filter(isNewTemplate)
	const daemonSets = templates.map(({ key }) => key)
	const releases: Release[] = []
	for (const { key, before } of templates) releases.push(...(await releasesFor(branch, key, before)))
	const trailers = undoTrailers({ daemonSets, rollbackOf: [record.commit], restores: parent, releases })
	const message = `${options.message?.trim() || wordsFor(of, open)}\n\n${trailers.join("\n")}\n`
	return { kind: "change", files, message, objects: touched.map(({ key }) => key) }
}

async function caseOf(branch: Branch, wished: string): Promise<Case> {
	const commit = await commitIn(branch.source, wished)
	const record = await branch.source.commit(commit)
	const [parent] = record.parents
	if (parent === undefined) {
		throw new CliError(`Cannot take back ${shortCommit(commit)}: it is the first commit`, {
			next: "delete what is not wanted any more, by a commit",
		})
	}
	if (commit !== branch.tip && !(await branch.source.isAncestor(commit, branch.tip))) {
		throw new CliError(`Cannot take back ${shortCommit(commit)}: it is not on the branch`, {
			next: "rollcall history --commits lists those that are",
		})
	}
	return { branch, record, parent }
}

async function touchedBy({ branch: { reading, tip }, record, parent }: Case): Promise<readonly Touched[]> {
	await reading.moveTo(parent)
	const before = new Map(reading.objects)
	const { changed } = await reading.moveTo(record.commit)
	const after = new Map(changed.map((key) => [key, reading.objects.get(key)]))
	await reading.moveTo(tip)
	// A namespace that only follows from an object has no document of its own.
	const own = changed.filter((key) => !before.get(key)?.implied && !after.get(key)?.implied)
	return own.sort(byCodeUnit).map((key) => {
		const now = reading.objects.get(key)?.object
		return { key, before: before.get(key)?.object, after: after.get(key)?.object, now }
	})
}

/** Files that nobody changed since go back whole, comments included; gives the objects that are done with that. */
async function wholeFiles(
	{ branch, record, parent }: Case,
	edits: Map<string, FileEdit>,
): Promise<ReadonlySet<ObjectKey>> {
	const { source, reading, tip } = branch
	const [changed, then, now] = await Promise.all([
		source.changedFiles(parent, record.commit),
		source.files(parent),
		source.files(tip),
	])
	const [blobThen, blobNow] = [then, now].map((files) => new Map(files.map(({ path, blob }) => [path, blob])))
	for (const { path, after } of changed) {
		if (blobNow?.get(path) !== after?.blob || blobThen?.get(path) === after?.blob) continue
		const [old, present] = [await fileAt(branch, parent, path), await fileAt(branch, tip, path)]
		edits.set(path, { path, before: present?.bytes, after: old?.bytes })
	}
	// An object that moved from one file to another is done where both go back.
	const done = new Set<ObjectKey>()
	const places = new Map<ObjectKey, string[]>()
	for (const commit of [parent, record.commit]) {
		await reading.moveTo(commit)
		for (const [key, { path }] of reading.objects) places.set(key, [...(places.get(key) ?? []), path])
	}
	for (const [key, paths] of places) if (paths.every((path) => edits.has(path))) done.add(key)
	return done
}

/** Its document goes back by itself: others in its file were changed since. */
async function editOne(of: Case, { key, before }: Touched, edits: Map<string, FileEdit>): Promise<void> {
	const old = before === undefined ? undefined : await fileWith(of.branch, of.parent, key)
	const present = await presentFile(of, key, old?.path, edits)
	if (old === undefined) {
		if (present?.now.document === undefined) return
		const removed = removeDocument({ ...present.now, document: present.now.document })
		if (removed.kind === "refused") throw refusal(of, key, removed.message)
		edits.set(present.now.path, { path: present.now.path, before: present.before, after: removed.bytes })
		return
	}
	if (old.document === undefined) throw refusal(of, key, `in ${old.path} it could not be read before`)
	const restored = restoreDocument({ ...old, document: old.document }, present?.now)
	if (restored.kind === "refused") throw refusal(of, key, restored.message)
	const path = present?.now.path ?? old.path
	if (restored.kind === "restored") edits.set(path, { path, before: present?.before, after: restored.bytes })
}

/** Where the object stands, or the file that it once stood in; with what is edited there already. */
async function presentFile({ branch }: Case, key: ObjectKey, oldPath: string | undefined, edits: Edits) {
	const found = await fileWith(branch, branch.tip, key)
	for (const path of new Set([found?.path, oldPath])) {
		if (path === undefined) continue
		const file = await fileAt(branch, branch.tip, path)
		const bytes = edits.has(path) ? edits.get(path)?.after : file?.bytes
		if (bytes === undefined) continue
		const { documents } = parseFile(bytes, { name: path, secretKey: "" })
		const document = documents.find(({ object }) => asObject(object, key) !== undefined)?.index
		if (document === undefined && path !== oldPath) continue
		return { before: file?.bytes, now: { path, bytes, ...(document === undefined ? {} : { document }) } }
	}
	return undefined
}

type Edits = ReadonlyMap<string, FileEdit>

async function conflictError({ branch, record }: Case, conflicts: readonly Touched[]): Promise<CliError> {
	const told = conflicts.slice(0, 5)
	const later = branch.line.slice(branch.line.findIndex(({ commit }) => commit === record.commit) + 1)
	const changedBy = new Map<ObjectKey, CommitRecord>()
	await branch.reading.moveTo(record.commit)
	for (const next of later) {
		const { changed } = await branch.reading.moveTo(next.commit)
		for (const key of changed) changedBy.set(key, next)
	}
	const words = told.map(({ key }) => {
		const by = changedBy.get(key)
		return `${sayKey(key)}${by === undefined ? "" : `, by ${named(by)}`}`
	})
	const more = conflicts.length > told.length ? ` and ${conflicts.length - told.length} more` : ""
	const daemonSet = told.find(({ key }) => isDaemonSet(key))
	const one = daemonSet === undefined ? "" : `rollcall rollout undo ds/${keyParts(daemonSet.key).name}, or `
	return new CliError(`Cannot take back ${shortCommit(record.commit)}: changed since: ${words.join("; ")}${more}`, {
		next: `take the later commits back first, the newest before the others; or ${one}edit what is left by hand`,
	})
}

function refusal({ record }: Case, key: ObjectKey, message: string): CliError {
	const commit = shortCommit(record.commit)
	return new CliError(`Cannot take back ${commit}: ${sayKey(key)}: ${message}`, {
		next: `see git show ${commit}, and edit it by hand`,
	})
}

function wordsFor({ record }: Case, touched: readonly Touched[]): string {
	const subject = oneLine(`take back ${shortCommit(record.commit)}: ${record.subject}`)
	const objects = touched.map(({ key }) => oneLine(sayKey(key)))
	const told = objects.slice(0, 20).map((name) => `- ${name}`)
	const more = objects.length > told.length ? [`- and ${objects.length - told.length} more`] : []
	const body = wrapped(`Takes back ${named(record)} by ${oneLine(record.author.name)}:`)
	return [subject.length <= 72 ? subject : `${subject.slice(0, 71)}…`, "", ...body, ...told, ...more].join("\n")
}

/** Such a template is not to come again unasked. */
function isNewTemplate({ key, before, after }: Touched): boolean {
	return isDaemonSet(key) && after !== undefined && !isSameTemplate(before, after)
}

function isDaemonSet(key: ObjectKey): boolean {
	const { group, kind } = keyParts(key)
	return group === "apps" && kind === "DaemonSet"
}

function isSame(a: KubeObject | undefined, b: KubeObject | undefined): boolean {
	return a === b || (a !== undefined && b !== undefined && jsonEqual(a, b))
}

function sameBytes(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
	return a === b || (a !== undefined && b !== undefined && Buffer.compare(a, b) === 0)
}
