import { closeSync, openSync, readSync } from "node:fs"
import { storageError } from "./storage-error.ts"

const AT_ONCE = 1 << 16
const STANDARD_INPUT = 0

/** The lines of a file, or of standard input ("-"), without their ends; never all of them in memory. */
export function* linesOf(path: string): Iterable<string> {
	const decoder = new TextDecoder()
	const chunk = new Uint8Array(AT_ONCE)
	let rest = ""
	const file = attempt(path, () => (path === "-" ? STANDARD_INPUT : openSync(path, "r")))
	try {
		for (;;) {
			const length = attempt(path, () => readSync(file, chunk))
			if (length === 0) break
			const lines = (rest + decoder.decode(chunk.subarray(0, length), { stream: true })).split("\n")
			rest = lines.pop() ?? ""
			yield* lines
		}
		if (rest !== "") yield rest
	} finally {
		if (file !== STANDARD_INPUT) closeSync(file)
	}
}

function attempt<T>(path: string, action: () => T): T {
	try {
		return action()
	} catch (failure) {
		throw storageError(failure, `read ${path}`)
	}
}
