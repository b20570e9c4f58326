import { type SimpleGit, simpleGit } from "simple-git"
import { gitEnvironment, type Reach } from "./environment.ts"
import { failure } from "./failure.ts"
import { runGit } from "./run.ts"

/** git 2.38 is the first that takes `safe.*` from the caller alone, and has `cat-file --batch-command`. */
const LEAST = [2, 38] as const

/**
 * simple-git for what is rare and short: a new mirror, what a name means. It drops or refuses guarded
 * variables unless they are named; ours are a fixed set, and nothing a user types is ever among them.
 */
export function simple(reach: Reach): SimpleGit {
	const environment = gitEnvironment(reach)
	return simpleGit({
		baseDir: "/",
		trimmed: true,
		timeout: { block: 30_000 },
		allowEnvironment: Object.keys(environment),
		unsafe: {
			allowUnsafeConfigPaths: true,
			allowUnsafeConfigEnvCount: true,
			allowUnsafeHooksPath: true,
			allowUnsafeFsMonitor: true,
			allowUnsafeAskPass: true,
			allowUnsafeCredentialHelper: true,
			allowUnsafeDiffExternal: true,
			allowUnsafeEditor: true,
			allowUnsafeGpgProgram: true,
			allowUnsafePager: true,
			allowUnsafeProtocolOverride: true,
			allowUnsafeTemplateDir: true,
		},
	}).env(environment)
}

/** Fails where git is missing, too old for the protections that Rollcall relies on, or cannot be run at all. */
export async function checkGit(): Promise<void> {
	const ran = await runGit(["--version"], { environment: gitEnvironment({ protocols: "none" }), limitMs: 30_000 })
	const [, major = 0, minor = 0] = (/(\d+)\.(\d+)/.exec(ran.stdout.toString()) ?? []).map(Number)
	const next = `install git ${LEAST.join(".")} or newer`
	if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]))
		throw failure("refused", `git ${major}.${minor} is too old to read other people's repositories safely`, next)
}
