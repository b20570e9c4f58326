import type { Finding } from "../kube/index.ts"
import type { Place } from "./compose.ts"
import type { ParsedFile, ReadLimits } from "./contract.ts"
import { FileReading } from "./file-reading.ts"
import { DEFAULT_LIMITS } from "./limits.ts"
import { decodeText, placeIn } from "./text.ts"

export type ParseOptions = {
	/** Only for its last part: a kustomization is known by its name. */
	readonly name: string
	/** Secrets' values are replaced by digests under this key. */
	readonly secretKey: string
	readonly limits?: Partial<ReadLimits>
}

/** Reads a file's bytes: objects, what is wrong with them, and what the file is for. Never throws. */
export function parseFile(bytes: Uint8Array, options: ParseOptions): ParsedFile {
	const limits = { ...DEFAULT_LIMITS, ...options.limits }
	if (bytes.length > limits.fileSize) {
		return unreadable("too-large", `the file has ${bytes.length} bytes; at most ${limits.fileSize} are read`)
	}
	const decoded = decodeText(bytes)
	if (decoded.kind === "refused") return unreadable(decoded.code, decoded.message, decoded.place)
	if (decoded.text.startsWith("version https://git-lfs.github.com/spec/")) {
		return unreadable("lfs-pointer", "a Git LFS pointer stands here instead of the file: Rollcall does not fetch it")
	}
	const conflict = /^<{7}(?: |\r?$)/m.exec(decoded.text)
	if (conflict !== null && /^={7}\r?$/m.test(decoded.text) && /^>{7}(?: |\r?$)/m.test(decoded.text)) {
		return unreadable("merge-conflict", "a merge conflict was committed", placeIn(decoded.text, conflict.index))
	}
	return new FileReading(decoded, bytes.length, options, limits).parse()
}

function unreadable(code: string, message: string, { line, column }: Place = { line: 0, column: 0 }): ParsedFile {
	const finding: Finding = { code, severity: "error", message, file: "", line, column }
	return { documents: [], refused: [], findings: [finding], readable: false, role: "other" }
}
