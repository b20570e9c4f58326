import type { Finding } from "../kube/index.ts"
import type { ReadLimits, TreeFile } from "./contract.ts"
import { DEFAULT_LIMITS } from "./limits.ts"

/** Whether a path of the tree may hold manifests, by its ending alone. */
export function isManifestPath(path: string): boolean {
	return /\.(?:ya?ml|json)$/i.test(path)
}

/** Why a file of the tree is not read at all, known before its bytes are; undefined where it may be read. */
export function skipReason(file: TreeFile, limits: Partial<ReadLimits> = {}): Finding | undefined {
	const { fileSize } = { ...DEFAULT_LIMITS, ...limits }
	const about = { file: file.path, line: 0, column: 0 }
	if (file.mode === "120000") {
		return { ...about, code: "symlink", severity: "warning", message: "a symbolic link: Rollcall does not follow it" }
	}
	if (file.mode === "160000") {
		return { ...about, code: "submodule", severity: "warning", message: "a submodule: Rollcall does not read it" }
	}
	if (file.mode !== "100644" && file.mode !== "100755" && file.mode !== "100664") {
		return { ...about, code: "file-mode", severity: "warning", message: `not a plain file: its mode is ${file.mode}` }
	}
	if (file.size <= fileSize) return undefined
	const message = `the file has ${file.size} bytes; at most ${fileSize} are read`
	return { ...about, code: "too-large", severity: "error", message }
}
