import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import { openInbox } from "../../src/store/index.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

test("an inbox that is opened loses old leftovers, and nothing that may still be answered", () => {
	const directory = temporaryDirectory()
	mkdirSync(join(directory, "inbox", "refused"), { recursive: true })
	const left = (path: string, days: number): string => {
		const file = join(directory, "inbox", path)
		writeFileSync(file, "{}")
		const at = Date.now() / 1_000 - days * 86_400
		utimesSync(file, at, at)
		return file
	}
	const gone = [left(".half", 8), left("refused/bad.json", 8)]
	const kept = [left("asked.json", 8), left(".writing", 6), left("refused/new.json", 6)]
	const inbox = openInbox(directory)
	expect([gone.filter(existsSync), kept.filter(existsSync)]).toEqual([[], kept])
	expect(inbox.waiting()).toEqual([{ name: "asked", text: "{}" }])
})
