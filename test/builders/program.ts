import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { onTestFinished } from "vitest"
import { openStore } from "../../src/store/index.ts"

/** What a user runs: `dist/rollcall.js`, built once before the suite. */
export const PROGRAM = fileURLToPath(new URL("../../dist/rollcall.js", import.meta.url))

export type ProgramOptions = {
	readonly cwd?: string
	readonly stdin?: string
	readonly env?: Readonly<Record<string, string>>
	/** Another copy of the program. */
	readonly program?: string
	/** Run as this user; only root may. */
	readonly uid?: number
}

export type Ended = { readonly code: number | null; readonly out: string; readonly err: string }

/** Runs a command line to its end, as a process of its own. */
export async function program(words: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
	return started(words, options).ended
}

export type Started = {
	readonly process: ChildProcess
	/** What was printed so far. */
	readonly out: () => string
	/** Resolves when standard output has a match; fails when the program ends without one. */
	readonly prints: (pattern: RegExp) => Promise<void>
	readonly ended: Promise<Ended>
}

/** Starts a command line; it is killed when the test is over. */
export function started(words: readonly string[], options: ProgramOptions = {}): Started {
	const { cwd = "/", env = {}, uid } = options
	const child = spawn(process.execPath, [options.program ?? PROGRAM, ...words], {
		cwd,
		// None of the user's own settings, and a home that nobody has.
		env: { PATH: process.env["PATH"], HOME: "/nonexistent", NO_COLOR: "1", ...env },
		...(uid === undefined ? {} : { uid, gid: uid }),
	})
	let out = ""
	let err = ""
	child.stdout.setEncoding("utf8").on("data", (text) => {
		out += text
	})
	child.stderr.setEncoding("utf8").on("data", (text) => {
		err += text
	})
	child.stdin.on("error", () => {}).end(options.stdin ?? "")
	const ended = once(child, "close").then(([code]): Ended => ({ code: code as number | null, out, err }))
	try {
		onTestFinished(() => void child.kill("SIGKILL"))
	} catch {
		// Outside a test, as in beforeAll, whoever starts it waits for its end.
	}
	const prints = (pattern: RegExp): Promise<void> =>
		new Promise((resolve, reject) => {
			const look = (): void => {
				if (pattern.test(out)) resolve()
			}
			child.stdout.on("data", look)
			void ended.then(({ code }) => {
				look()
				reject(new Error(`it ended with ${code} and never printed ${pattern}:\n${out}\n${err}`))
			})
			look()
		})
	return { process: child, out: () => out, prints, ended }
}

/** The canonical text of everything that a ledger holds. */
export function exportOf(state: string): string {
	const store = openStore(state, { readOnly: true })
	try {
		return [...store.export()].join("\n")
	} finally {
		store.close()
	}
}

/** Whether the chain of a ledger holds, and how its entries read, one by one. */
export function chainOf(state: string): { readonly sound: boolean; readonly hashes: readonly string[] } {
	const store = openStore(state, { readOnly: true })
	try {
		return { sound: store.verify().sound, hashes: store.ledger.entries(0).map(({ hash }) => hash) }
	} finally {
		store.close()
	}
}
