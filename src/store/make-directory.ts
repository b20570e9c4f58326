import { mkdirSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { StorageError, storageError } from "./storage-error.ts"

/**
 * Makes a directory and those above it. Not by Node's own `recursive`: below a folder that says of every new one that it
 * cannot be found, such as /proc, that goes round for ever.
 */
export function makeDirectory(directory: string): void {
	const missing = attempt(directory)
	if (missing === undefined) return
	const above = dirname(directory)
	if (above !== directory && !isDirectory(above)) makeDirectory(above)
	if (attempt(directory) === undefined) return
	const message = `Cannot make the state directory ${directory}: ${above} takes no folders`
	throw new StorageError("ReadOnly", message, "give another one with --state DIR", missing)
}

/** Why it could not be made, where that is a folder that is missing above it. */
function attempt(directory: string): unknown {
	try {
		mkdirSync(directory)
	} catch (failure) {
		const code = (failure as NodeJS.ErrnoException).code
		if (code === "ENOENT") return failure
		if (code !== "EEXIST" || !isDirectory(directory))
			throw storageError(failure, `make the state directory ${directory}`)
	}
	return undefined
}

function isDirectory(path: string): boolean {
	return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}
