import type { Called } from "../../src/cli/called.ts"
import { plain } from "../../src/cli/output/paint.ts"
import { runProgram } from "../../src/cli/program.ts"
import type { Shell } from "../../src/cli/shell.ts"
import type { World } from "../../src/cli/world.ts"

export type Ran = { readonly code: number; readonly out: string; readonly err: string }

export type ShellParts = {
	readonly world?: Partial<World>
	readonly cwd?: string
	readonly env?: Readonly<Record<string, string>>
	readonly stdin?: string
	readonly called?: Called
	readonly signal?: AbortSignal
}

/** Runs a command line to its end, without a process, and gives what it printed. */
export async function ran(argv: readonly string[], parts: ShellParts = {}): Promise<Ran> {
	const { shell, printed } = shellOf(parts)
	return { code: await runProgram(shell, argv), ...printed }
}

/** What a command is given, and what it prints. */
export function shellOf(parts: ShellParts = {}) {
	const printed = { out: "", err: "" }
	const absent = () => Promise.reject(new Error("the test gave no world"))
	const shell: Shell = {
		terminal: {
			out: (text) => {
				printed.out += text
			},
			err: (line) => {
				printed.err += `${line}\n`
			},
			drawError: () => undefined,
			paint: plain,
			errorPaint: plain,
			outIsTerminal: false,
			errorIsTerminal: false,
			width: 100,
			height: 30,
			monotonic: () => 0,
		},
		called: parts.called ?? "rollcall",
		version: "1.2.3",
		env: parts.env ?? {},
		cwd: parts.cwd ?? "/nowhere",
		signal: parts.signal ?? new AbortController().signal,
		stdin: async () => Buffer.from(parts.stdin ?? ""),
		world: async () => ({
			openReader: absent,
			openRecord: absent,
			importLedger: absent,
			prune: absent,
			run: absent,
			replay: absent,
			tracked: async () => undefined,
			diff: absent,
			makeRepository: absent,
			undo: absent,
			takeBack: absent,
			release: absent,
			plan: absent,
			readFleet: absent,
			ask: absent,
			following: absent,
			bisect: absent,
			kubeconfig: absent,
			...parts.world,
		}),
		exitCode: 0,
	}
	return { shell, printed }
}
