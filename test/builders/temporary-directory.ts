import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { onTestFinished } from "vitest"

/** A directory that is gone when the test is over; outside a test, as in beforeAll, when all are. */
export function temporaryDirectory(): string {
	const directory = mkdtempSync(join(tmpdir(), "rollcall-test-"))
	const remove = (): void => rmSync(directory, { recursive: true, force: true })
	try {
		onTestFinished(remove)
	} catch {
		process.once("exit", remove)
	}
	return directory
}
