import type { Called } from "./called.ts"
import type { Terminal } from "./output/terminal.ts"
import type { World } from "./world.ts"

/** What a command is given: the terminal, the process around it, and the way to everything else. */
export type Shell = {
	readonly terminal: Terminal
	readonly called: Called
	readonly version: string
	readonly env: NodeJS.ProcessEnv
	readonly cwd: string
	/** Aborts at the first Ctrl-C. */
	readonly signal: AbortSignal
	/** All of standard input, as bytes. */
	readonly stdin: () => Promise<Uint8Array>
	/** Loaded when first used, so that `--help` is fast. */
	readonly world: () => Promise<World>
	/** The exit code that the command ended with. */
	exitCode: number
}

export const EXIT = { ok: 0, failed: 1, noSource: 2, interrupted: 130 } as const
