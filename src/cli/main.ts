/**
 * The command line: commands and what they print, and the one file that builds the world.
 *
 * Owns flags, exit codes, tables, the live view and where the state directory is. Promises: data goes to standard
 * output and words for people to standard error; text from git or a cluster cannot act on the terminal. Never:
 * decides anything that the pure folders should.
 */
import { readFileSync } from "node:fs"
import { calledBy, isCompletion } from "./called.ts"
import { processTerminal } from "./output/terminal.ts"
import { completeProgram, runProgram } from "./program.ts"
import { EXIT, type Shell } from "./shell.ts"

const [, path = "", ...words] = process.argv
const called = calledBy(path)
const interrupt = new AbortController()
const shell: Shell = {
	terminal: processTerminal(process, process.env, process.argv, called),
	called,
	version: versionOf(),
	env: process.env,
	cwd: process.cwd(),
	signal: interrupt.signal,
	stdin: readStdin,
	world: async () => (await import("./real-world.ts")).realWorld,
	exitCode: 0,
}

// The first Ctrl-C asks for a clean end, the second one does not wait for it.
const onSignal = () => {
	if (interrupt.signal.aborted) process.exit(EXIT.interrupted)
	interrupt.abort()
}
process.on("SIGINT", onSignal)
process.on("SIGTERM", onSignal)
// `rollcall get pods | head` is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
	if (error.code === "EPIPE") process.exit(EXIT.ok)
	throw error
})

process.exitCode = isCompletion(path) ? await completeProgram(shell, words) : await runProgram(shell, words)

function versionOf(): string {
	try {
		return JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")).version
	} catch {
		return "unknown"
	}
}

async function readStdin(): Promise<Uint8Array> {
	const chunks: Uint8Array[] = []
	for await (const chunk of process.stdin) chunks.push(chunk as Uint8Array)
	return Buffer.concat(chunks)
}
