import { basename, dirname } from "node:path"
import { type FSWatcher, watch as watchFiles } from "chokidar"
import { isObject } from "../base/index.ts"
import type { Clock } from "../engine/index.ts"
import type { Place } from "./origin.ts"

/** Many events of one update become one call, at once for the first. */
const QUIET_MS = 4

/**
 * Calls back when the ref may have moved, and at least every `safetyMs`. Only chokidar's `raw` event is used: git
 * renames a lock file over the ref, which the other events lose (35 of 200, measured). A repository that is replaced
 * is watched anew.
 */
export async function watchPlace(
	find: () => Promise<Place>,
	moved: () => void,
	signal: AbortSignal,
	pace: { readonly safetyMs: number; readonly sleep: Clock["sleep"] },
): Promise<void> {
	const storm = coalesced(moved)
	let watched: Place | undefined
	let watcher: FSWatcher | undefined
	const renew = async (): Promise<void> => {
		const place = await find().catch(() => undefined)
		if (place?.identity === watched?.identity || signal.aborted) return
		await watcher?.close()
		watched = place
		watcher = place === undefined ? undefined : await watcherOf(place, storm.call)
	}
	await renew()
	storm.call()
	while (!signal.aborted) {
		await pace.sleep(pace.safetyMs, signal)
		if (signal.aborted) break
		await renew()
		storm.call()
	}
	storm.end()
	await watcher?.close()
}

async function watcherOf(place: Place, call: () => void): Promise<FSWatcher> {
	const { commonDir, gitDir } = place
	const file = `${commonDir}/${place.ref}`
	const roots = [commonDir, ...(gitDir === commonDir ? [] : [gitDir])]
	const exact = new Set([...roots, `${commonDir}/refs`, ...ancestors(file, commonDir), file, `${commonDir}/reftable`])
	const watcher = watchFiles(roots, {
		ignoreInitial: true,
		followSymlinks: false,
		ignorePermissionErrors: true,
		// Folders on the way to the ref, and no other: other branches and the objects are thousands.
		ignored: (path) => !exact.has(path),
	})
	watcher.on("raw", (_event, path, details) => {
		const inRoot = roots.includes(watchedPathOf(details))
		if (!inRoot || matters(basename(path ?? ""))) call()
	})
	watcher.on("error", call)
	await new Promise<void>((resolve) => {
		watcher.once("ready", resolve)
		watcher.once("error", () => resolve())
	})
	return watcher
}

function watchedPathOf(details: unknown): string {
	return isObject(details) && typeof details["watchedPath"] === "string" ? details["watchedPath"] : ""
}

/** Of all that happens in a git folder, what may say that a branch moved. */
function matters(name: string): boolean {
	return name === "" || /^(HEAD|packed-refs|refs|reftable)/.test(name)
}

function ancestors(file: string, root: string): readonly string[] {
	const found: string[] = []
	for (let folder = dirname(file); folder.length > root.length; folder = dirname(folder)) found.push(folder)
	return found
}

function coalesced(moved: () => void): { readonly call: () => void; readonly end: () => void } {
	let timer: NodeJS.Timeout | undefined
	let again = false
	let ended = false
	const fire = (): void => {
		again = false
		moved()
		timer = setTimeout(() => {
			timer = undefined
			if (again && !ended) fire()
		}, QUIET_MS)
	}
	return {
		call: () => {
			if (ended) return
			if (timer === undefined) fire()
			else again = true
		},
		end: () => {
			ended = true
			clearTimeout(timer)
		},
	}
}
