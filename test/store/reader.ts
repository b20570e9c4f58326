/** Reads a state directory and says what it found, as JSON: `tsx reader.ts DIRECTORY read|write`. */
import { writeSync } from "node:fs"
import { openStore, type StorageError } from "../../src/store/index.ts"

const [directory = "", mode] = process.argv.slice(2)
try {
	const store = openStore(directory, { readOnly: mode === "read" })
	const found = { mark: store.mark()?.sequence, rest: store.rest(), sound: store.verify().sound }
	store.close()
	writeSync(1, JSON.stringify(found))
} catch (failure) {
	const { code, next } = failure as StorageError
	writeSync(1, JSON.stringify({ code, next, message: String(failure) }))
}
