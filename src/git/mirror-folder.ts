import { readdir, readFile, rm, stat } from "node:fs/promises"
import { hostname } from "node:os"
import { join } from "node:path"

/** A lock older than this was left by a process that died: ours are held for seconds. */
const STALE_MS = 10 * 60_000

/** Bytes that packs take in this repository, those still coming included. */
export async function growth(gitDir: string): Promise<number> {
	const folder = join(gitDir, "objects", "pack")
	const names = await readdir(folder).catch(() => [])
	const sizes = await Promise.all(
		names.map(async (name) => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0),
	)
	return sizes.reduce((sum, size) => sum + size, 0)
}

export async function packCount(gitDir: string): Promise<number> {
	const names = await readdir(join(gitDir, "objects", "pack")).catch(() => [])
	return names.filter((name) => name.endsWith(".pack")).length
}

/** Removes what a killed fetch left in our own mirror: parts of packs, and locks that nobody alive holds. */
export async function clearLeftovers(gitDir: string): Promise<void> {
	const packs = join(gitDir, "objects", "pack")
	for (const name of await readdir(packs).catch(() => []))
		if (name.startsWith("tmp_")) await rm(join(packs, name), { force: true })
	for (const folder of ["", "refs/rollcall"]) {
		for (const name of await readdir(join(gitDir, folder)).catch(() => [])) {
			const path = join(gitDir, folder, name)
			if (name.endsWith(".lock") && (await isStale(path))) await rm(path, { force: true })
		}
	}
	if (!(await isHeld(join(gitDir, "gc.pid")))) await rm(join(gitDir, "gc.pid"), { force: true })
}

async function isStale(path: string): Promise<boolean> {
	const at = (await stat(path).catch(() => undefined))?.mtimeMs
	return at !== undefined && globalThis.Date.now() - at > STALE_MS
}

/** gc.pid names a process and its host; another host's cannot be asked, so it is believed. */
async function isHeld(path: string): Promise<boolean> {
	const [pid, host] = (await readFile(path, "utf8").catch(() => "")).trim().split(/\s+/)
	if (!/^\d+$/.test(pid ?? "")) return false
	if (host !== undefined && host !== hostname()) return !(await isStale(path))
	try {
		process.kill(Number(pid), 0)
		return true
	} catch {
		return false
	}
}
