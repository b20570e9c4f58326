import { randomBytes } from "node:crypto"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { storageError } from "./storage-error.ts"

export const SECRET_KEY = "secret.key"

/** The key that Secrets' values are digested with: made at the first start, and never leaves the state directory. */
export function secretKey(directory: string): string {
	const path = join(directory, SECRET_KEY)
	try {
		if (!existsSync(path)) {
			// A kill halfway, or a power cut, must not leave an empty key.
			writeFileSync(`${path}.unfinished`, randomBytes(32).toString("hex"), { mode: 0o600, flush: true })
			renameSync(`${path}.unfinished`, path)
		}
		return readFileSync(path, "utf8").trim()
	} catch (failure) {
		throw storageError(failure, `make the key ${path}`)
	}
}
