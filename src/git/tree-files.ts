import { byCodeUnit } from "../base/index.ts"
import type { TreeFile } from "../manifest/index.ts"
import { failure } from "./failure.ts"
import { concernsManifests, labelOf, plainMode } from "./label.ts"
import type { Objects } from "./objects.ts"

export type Limits = {
	/** A file larger than this is listed, with its size, and never read. */
	readonly fileBytes: number
	/** Manifest files of one commit. */
	readonly files: number
	/** Folders within folders. */
	readonly depth: number
	/** Bytes of all manifest files of one commit. */
	readonly totalBytes: number
}

type Entry = { readonly name: string; readonly mode: string; readonly id: string }
type Found = { readonly path: string; readonly mode: string; readonly id: string }
type Folder = { readonly path: string; readonly id: string }

const FOLDER = "040000"

/**
 * The manifest files at the paths in this commit, in path order. Trees are read level by level, each once however
 * often it is used; the limits are met before anything grows.
 */
export async function treeFiles(
	objects: Objects,
	tree: string,
	paths: readonly string[],
	limits: Limits,
): Promise<readonly TreeFile[]> {
	const found: Found[] = []
	const trees = new Map<string, readonly Entry[]>()
	let level: Folder[] = [{ path: "", id: tree }]
	let folders = 0
	for (let depth = 0; level.length > 0; depth++) {
		folders += level.length
		if (depth > limits.depth || folders > limits.files)
			throw tooMuch(
				depth > limits.depth ? `folders ${limits.depth} deep and deeper` : `more than ${limits.files} folders`,
			)
		await readTrees(objects, level, trees)
		const next: Folder[] = []
		for (const folder of level) {
			for (const { path, mode, id } of watchedIn(folder, trees.get(folder.id) ?? [], paths)) {
				if (mode === FOLDER) next.push({ path, id })
				else found.push({ path, mode, id })
			}
			if (found.length > limits.files || next.length > limits.files) throw tooMuch(`more than ${limits.files} files`)
		}
		level = next
	}
	return sized(objects, found, limits)
}

function watchedIn(folder: Folder, entries: readonly Entry[], paths: readonly string[]): readonly Found[] {
	return entries
		.map(({ name, mode, id }) => ({ path: folder.path === "" ? name : `${folder.path}/${name}`, mode, id }))
		.filter(
			({ path, mode }) => isWatched(path, paths, mode === FOLDER) && (mode === FOLDER || concernsManifests(path, mode)),
		)
}

/** With the size of each blob; one that is gone is named, for nothing that needs it can be read. */
export async function sized(objects: Objects, found: readonly Found[], limits: Limits): Promise<readonly TreeFile[]> {
	const blobs = [...new Set(found.filter((file) => file.mode !== "160000").map((file) => file.id))]
	const known = new Map((await objects.info(blobs)).map((info, index) => [blobs[index] ?? "", info] as const))
	let total = 0
	const files = found.map(({ path, mode, id }) => {
		if (mode === "160000") return { path, mode, blob: id, size: 0 }
		const info = known.get(id)
		if (info?.type !== "blob") throw missingObject(id, path)
		if (info.size <= limits.fileBytes) total += info.size
		return { path, mode, blob: id, size: info.size }
	})
	if (total > limits.totalBytes)
		throw tooMuch(`more than ${Math.round(limits.totalBytes / 1024 / 1024)} MiB of manifests`)
	return files.sort((a, b) => byCodeUnit(a.path, b.path))
}

export function missingObject(id: string, path: string): Error {
	return failure(
		"corrupt",
		`Cannot read ${path === "" ? "a commit" : JSON.stringify(path)}: object ${id.slice(0, 64)} is missing or damaged`,
		"run git fsck there, and restore the object from another clone (git fetch does it)",
	)
}

export function tooMuch(what: string): Error {
	return failure(
		"refused",
		`Cannot read the commit: it has ${what}`,
		"watch fewer folders with --path, or raise the limit",
	)
}

async function readTrees(
	objects: Objects,
	level: readonly Folder[],
	trees: Map<string, readonly Entry[]>,
): Promise<void> {
	const wanted = [...new Map(level.filter((one) => !trees.has(one.id)).map((one) => [one.id, one])).values()]
	const read = await objects.contents(wanted.map((folder) => folder.id))
	for (const [index, folder] of wanted.entries()) {
		const object = read[index]
		if (object?.type !== "tree") throw missingObject(folder.id, folder.path)
		trees.set(folder.id, parseTree(object.bytes, object.id.length / 2))
	}
}

/** True where the path is at or under one of the watched ones, or is a folder on the way to one. */
function isWatched(path: string, paths: readonly string[], folder: boolean): boolean {
	if (paths.length === 0) return true
	return paths.some(
		(watched) => path === watched || path.startsWith(`${watched}/`) || (folder && watched.startsWith(`${path}/`)),
	)
}

function parseTree(bytes: Buffer, idBytes: number): readonly Entry[] {
	const entries: Entry[] = []
	let at = 0
	while (at < bytes.length) {
		const space = bytes.indexOf(32, at)
		const nul = bytes.indexOf(0, space)
		if (space < 0 || nul < 0 || nul + 1 + idBytes > bytes.length)
			throw failure("corrupt", "Cannot read a tree of the commit: it is damaged", "run git fsck there")
		entries.push({
			mode: plainMode(bytes.toString("latin1", at, space)),
			name: labelOf(bytes.subarray(space + 1, nul)),
			id: bytes.toString("hex", nul + 1, nul + 1 + idBytes),
		})
		at = nul + 1 + idBytes
	}
	return entries
}
