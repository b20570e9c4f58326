import { createHash } from "node:crypto"
import { lstat, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { TreeFile } from "../manifest/index.ts"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import { concernsManifests } from "./label.ts"
import { runGit } from "./run.ts"

/** What the work tree has in place of a commit's files: other bytes, or nothing any more. */
export type WorkFiles = ReadonlyMap<string, Uint8Array | undefined>

const LARGEST_BYTES = 4 * 1024 * 1024

/**
 * The manifests of the work tree at `root` that differ from `files`, tracked or not, but for those that git ignores. Files
 * are read as they lie: no filter, no hook and no link is followed. Fails as `refused` in the middle of a merge.
 */
export async function workFiles(
	root: string,
	files: readonly TreeFile[],
	paths: readonly string[],
): Promise<WorkFiles> {
	const unmerged = await listed(root, ["--unmerged"], paths)
	if (unmerged.length > 0) {
		const first = unmerged[0]?.split("\t").at(-1) ?? ""
		throw failure(
			"refused",
			`Cannot read the work tree: a merge is not finished, and ${JSON.stringify(first)} is in conflict`,
			"finish the merge, or plan a commit",
		)
	}
	const there = await listed(root, ["--cached", "--others", "--exclude-standard"], paths)
	const known = new Map(files.map((file) => [file.path, file]))
	const differing = new Map<string, Uint8Array | undefined>()
	const seen = new Set<string>()
	for (const path of new Set(there)) {
		const bytes = concernsManifests(path, "100644") ? await plainFile(join(root, path)) : undefined
		if (bytes === undefined) continue
		seen.add(path)
		if (known.get(path)?.blob !== blobId(bytes, known.get(path)?.blob.length ?? 40)) differing.set(path, bytes)
	}
	for (const { path, mode } of files) if (mode.startsWith("100") && !seen.has(path)) differing.set(path, undefined)
	return differing
}

async function listed(root: string, what: readonly string[], paths: readonly string[]): Promise<readonly string[]> {
	const ran = await runGit(["ls-files", "-z", ...what, "--", ...paths], {
		environment: gitEnvironment({ protocols: "none", safeDirectory: root }),
		folder: root,
	})
	if (ran.code !== 0)
		throw failure("refused", `Cannot list the work tree ${root}: ${lastWords(ran.stderr)}`, "name a commit")
	return ran.stdout
		.toString("utf8")
		.split("\0")
		.filter((path) => path !== "")
}

/** The bytes of a plain file of a size that is read; undefined for all else. */
async function plainFile(path: string): Promise<Uint8Array | undefined> {
	const facts = await lstat(path).catch(() => undefined)
	if (facts?.isFile() !== true || facts.size > LARGEST_BYTES) return undefined
	return readFile(path)
}

/** git's own name for these bytes, in the kind of hash whose names are this long. */
function blobId(bytes: Uint8Array, length: number): string {
	return createHash(length === 64 ? "sha256" : "sha1")
		.update(`blob ${bytes.length}\0`)
		.update(bytes)
		.digest("hex")
}
