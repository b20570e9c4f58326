import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { gunzipSync } from "node:zlib"
import { afterAll, expect, test } from "vitest"

/** What every case has; the other members are the file's own (data/README.md). */
export type Case = { readonly id: string; readonly desc?: string; readonly expected: unknown }

const OWN_DATA = fileURLToPath(new URL("data", import.meta.url))

/** The directory of the cases: `CONFORMANCE_DATA`, or the project's own copy. */
export function dataDirectory(): string {
	return process.env["CONFORMANCE_DATA"] ?? OWN_DATA
}

/** All cases of one file, `placement` for `placement.jsonl.gz`; plain `placement.jsonl` is read as well. */
export function readCases<C extends Case>(name: string): readonly C[] {
	const text = readText(join(dataDirectory(), `${name}.jsonl`))
	return text
		.split("\n")
		.filter((line) => line !== "")
		.map((line) => JSON.parse(line) as C)
}

/** The names, limits and defaults beside the project's own cases. */
export function readConstants(): Readonly<Record<string, unknown>> {
	const path = join(OWN_DATA, "constants.json")
	return JSON.parse(readFileSync(path, "utf8")) as Readonly<Record<string, unknown>>
}

/**
 * One test that runs every case of a file and prints `name: N passed, M failed`. `check` returns what is wrong with a
 * case, or undefined where it holds.
 */
export function suite<C extends Case>(name: string, title: string, check: (given: C) => string | undefined): void {
	let passed = 0
	const failures: string[] = []
	afterAll(() => {
		process.stdout.write(`${name}: ${passed} passed, ${failures.length} failed\n`)
	})
	test(title, () => {
		for (const given of readCases<C>(name)) {
			const wrong = attempt(() => check(given))
			if (wrong === undefined) passed++
			else failures.push(`${given.id}${given.desc === undefined ? "" : ` (${given.desc})`}: ${wrong}`)
		}
		expect(passed + failures.length).toBeGreaterThan(0)
		expect(failures.slice(0, 5)).toEqual([])
	})
}

/** For `check`: undefined where both are the same JSON, members in any order. */
export function difference(got: unknown, want: unknown): string | undefined {
	const left = sorted(got)
	const right = sorted(want)
	return left === right ? undefined : `\n   got ${left}\n  want ${right}`
}

function readText(path: string): string {
	try {
		return gunzipSync(readFileSync(`${path}.gz`)).toString("utf8")
	} catch (error) {
		if ((error as { code?: string }).code !== "ENOENT") throw error
		return readFileSync(path, "utf8")
	}
}

function attempt(check: () => string | undefined): string | undefined {
	try {
		return check()
	} catch (error) {
		return `throws ${error instanceof Error ? error.stack : String(error)}`
	}
}

function sorted(value: unknown): string {
	return JSON.stringify(value, (_member, item: unknown) =>
		typeof item === "object" && item !== null && !Array.isArray(item)
			? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
			: item,
	)
}
