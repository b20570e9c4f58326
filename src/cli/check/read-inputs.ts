import type { Dirent } from "node:fs"
import { readdir, readFile, stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { DEFAULT_LIMITS, isManifestPath } from "../../manifest/index.ts"
import type { Shell } from "../shell.ts"

export type InputFile = { readonly path: string; readonly bytes: Uint8Array }

// What no commit's tree holds, or no one means by "the manifests below this folder".
const SKIPPED = new Set([".git", "node_modules"])

/**
 * The manifest files that the user's words mean, named as the user named them, in order of path. Links are not
 * followed below a folder. Throws where a path is not there.
 */
export async function readInputs(paths: readonly string[], shell: Pick<Shell, "cwd" | "stdin">): Promise<InputFile[]> {
	const files: InputFile[] = []
	for (const path of paths) {
		if (path === "-") files.push({ path: "-", bytes: await shell.stdin() })
		else if ((await found(resolve(shell.cwd, path), path)).isDirectory()) {
			for (const below of await manifestsBelow(resolve(shell.cwd, path))) {
				const name = path === "." ? below : join(path, below)
				files.push({ path: name, bytes: await readWhole(resolve(shell.cwd, path, below)) })
			}
		} else files.push({ path, bytes: await readWhole(resolve(shell.cwd, path)) })
	}
	return files
}

async function found(file: string, path: string) {
	try {
		return await stat(file)
	} catch (error) {
		throw new Error(`Cannot check ${path}: there is no such file or folder`, { cause: error })
	}
}

// A file beyond the limit is refused by the reader, and telling so takes no more than its first bytes.
async function readWhole(file: string): Promise<Uint8Array> {
	const { size } = await stat(file)
	if (size <= 2 * DEFAULT_LIMITS.fileSize) return readFile(file)
	return Buffer.alloc(DEFAULT_LIMITS.fileSize + 1, "\n")
}

async function manifestsBelow(folder: string, prefix = ""): Promise<string[]> {
	const entries: Dirent[] = await readdir(join(folder, prefix), { withFileTypes: true })
	const paths: string[] = []
	for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
		const path = prefix === "" ? entry.name : `${prefix}/${entry.name}`
		if (entry.isDirectory() && !SKIPPED.has(entry.name)) paths.push(...(await manifestsBelow(folder, path)))
		else if (entry.isFile() && isManifestPath(entry.name)) paths.push(path)
	}
	return paths
}
