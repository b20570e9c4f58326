import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { vi } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { temporaryDirectory } from "./temporary-directory.ts"

/** A command that leaves a trace when anybody runs it. */
export class Canary {
	readonly file = join(temporaryDirectory(), "sang")
	readonly command: string

	constructor() {
		this.command = join(temporaryDirectory(), "canary.sh")
		writeFileSync(this.command, `#!/bin/sh\necho "$0 $*" >> '${this.file}'\nexit 1\n`)
		chmodSync(this.command, 0o755)
	}

	/** What it was run for; nothing where it never was. */
	get sang(): string {
		return existsSync(this.file) ? readFileSync(this.file, "utf8") : ""
	}
}

/** Asks a source for everything that it can be asked for; what fails, fails with a state. */
export async function exercise(source: Source): Promise<void> {
	const state = await source.poll()
	const abort = new AbortController()
	let moves = 0
	const watching = source.watch(() => {
		moves++
	}, abort.signal)
	await vi.waitFor(() => moves > 0 || Promise.reject(new Error("not called yet")))
	abort.abort()
	await watching
	if (state.kind !== "ready") return
	const { tip } = state
	let before: string | undefined
	for await (const commit of source.walk(undefined, tip)) {
		const files = await source.files(commit.commit)
		await source.read(files.filter((file) => file.mode !== "160000").map((file) => file.blob))
		if (before !== undefined) await source.changedFiles(before, commit.commit)
		await source.commit(commit.commit)
		await source.isAncestor(commit.commit, tip)
		before = commit.commit
	}
}

/** A program of this name that is found before the real one; it writes down its arguments, then runs `script`. */
export function programOnPath(name: string, script: string): { readonly calls: () => string } {
	const folder = temporaryDirectory()
	const log = join(temporaryDirectory(), "calls")
	writeFileSync(join(folder, name), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\n${script}\n`)
	chmodSync(join(folder, name), 0o755)
	vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`)
	return { calls: () => (existsSync(log) ? readFileSync(log, "utf8") : "") }
}

/** Every file under a folder with its bytes, mode and time: equal means untouched. */
export function photograph(root: string): ReadonlyMap<string, string> {
	const seen = new Map<string, string>()
	const look = (path: string): void => {
		const at = lstatSync(path)
		seen.set(path, `${at.mode} ${at.mtimeMs} ${at.isFile() ? readFileSync(path).toString("base64") : ""}`)
		if (at.isDirectory()) for (const name of readdirSync(path)) look(join(path, name))
	}
	look(root)
	return seen
}

export function writeExecutable(path: string, text: string): void {
	mkdirSync(join(path, ".."), { recursive: true })
	writeFileSync(path, text)
	chmodSync(path, 0o755)
}
