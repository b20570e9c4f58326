import { basename, dirname } from "node:path"
import { type FSWatcher, watch as watchFiles } from "chokidar"
import { isObject } from "../base/index.ts"
import type { Clock } from "../engine/index.ts"
import type { Place } from "./origin.ts"

/** Many events of one update become one call, at once for the first. */
const QUIET_MS = 4
const REBUILT_MS = 20

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
	let renewing = Promise.resolve()
	const renew = async (again: boolean): Promise<void> => {
		const place = await find().catch(() => undefined)
		if (signal.aborted || (!again && place?.identity === watched?.identity)) return
		await watcher?.close()
		watched = place
		watcher = place === undefined ? undefined : await watcherOf(place, storm.call, rebuilt.call)
		// What moved while nobody looked is found by asking.
		storm.call()
	}
	const inTurn = (again: boolean): Promise<void> => {
		// Without a watcher, as where the machine has no more of them, the slow poll goes on alone.
		renewing = renewing.then(() => renew(again)).catch(() => {})
		return renewing
	}
	const rebuilt = coalesced(() => void inTurn(true), REBUILT_MS)
	await inTurn(false)
	storm.call()
	while (!signal.aborted) {
		await pace.sleep(pace.safetyMs, signal)
		if (signal.aborted) break
		await inTurn(false)
		storm.call()
	}
	storm.end()
	rebuilt.end()
	await renewing
	await watcher?.close()
}

/** `call` for what may have moved the ref, `rebuilt` where a folder on the way to it came or went. */
async function watcherOf(place: Place, call: () => void, rebuilt: () => void): Promise<FSWatcher> {
	const { commonDir, gitDir } = place
	const file = `${commonDir}/${place.ref}`
	const roots = new Set([commonDir, gitDir])
	const folders = new Set(ancestors(file, commonDir))
	const exact = new Set([...roots, ...folders, file, `${commonDir}/reftable`])
	const watcher = watchFiles([...roots], {
		ignoreInitial: true,
		followSymlinks: false,
		ignorePermissionErrors: true,
		// Folders on the way to the ref, and no other: other branches and the objects are thousands.
		ignored: (path) => !exact.has(path),
	})
	watcher.on("raw", (_event, path, details) => {
		const folder = watchedPathOf(details)
		const name = basename(path ?? "")
		if (!roots.has(folder) || matters(name)) call()
		// A folder that is made anew is not watched yet when the ref is written into it.
		if (folders.has(`${folder}/${name}`)) rebuilt()
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

function coalesced(moved: () => void, quietMs = QUIET_MS): { readonly call: () => void; readonly end: () => void } {
	let timer: NodeJS.Timeout | undefined
	let again = false
	let ended = false
	const fire = (): void => {
		again = false
		moved()
		timer = setTimeout(() => {
			timer = undefined
			if (again && !ended) fire()
		}, quietMs)
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
