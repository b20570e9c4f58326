import { existsSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { expect, test } from "vitest"
import type { ParsedFile } from "../../src/manifest/index.ts"
import { openParseCache } from "../../src/store/index.ts"
import { configMap } from "../builders/ledger.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

function parsed(name: string): ParsedFile {
	const object = { ...configMap(name), ...JSON.parse('{"__proto__":{"a":1}}') }
	const document = { index: 0, line: 1, column: 1, start: 0, end: 9, object }
	return { documents: [document], findings: [], readable: true, role: "manifests" } as unknown as ParsedFile
}

const FILES = new Map([
	["aaaa", parsed("a")],
	["bbbb", parsed("b")],
])

test("what was put comes back, over a restart, and nothing else", () => {
	const directory = temporaryDirectory()
	const first = openParseCache(directory)
	first.put(FILES)
	first.close()
	const again = openParseCache(directory)
	expect(again.get(["bbbb", "cccc", "aaaa"])).toEqual(FILES)
	expect(again.get([])).toEqual(new Map())
	again.close()
})

test("thousands of blobs are asked for at once", () => {
	const cache = openParseCache(temporaryDirectory())
	const many = new Map(Array.from({ length: 1234 }, (_, index) => [`blob${index}`, parsed(`n${index}`)] as const))
	cache.put(many)
	expect(cache.get([...many.keys()]).size).toBe(1234)
	cache.close()
})

test("another version of the parser finds nothing of the one before", () => {
	const directory = temporaryDirectory()
	const first = openParseCache(directory, { version: "1" })
	first.put(FILES)
	first.close()
	const next = openParseCache(directory, { version: "2" })
	expect(next.get(["aaaa"])).toEqual(new Map())
	next.close()
})

test("a damaged cache is made anew, and a directory that is not there is left alone", () => {
	const directory = temporaryDirectory()
	writeFileSync(join(directory, "cache.db"), "no database ".repeat(500))
	const cache = openParseCache(directory)
	cache.put(FILES)
	expect(cache.get(["aaaa"]).size).toBe(1)
	cache.close()
	const nowhere = join(directory, "nowhere")
	const none = openParseCache(nowhere)
	none.put(FILES)
	expect([none.get(["aaaa"]), existsSync(nowhere)]).toEqual([new Map(), false])
	none.close()
})
