import { type SimpleGit, simpleGit } from "simple-git"
import { gitEnvironment, type Reach } from "./environment.ts"
import { failure } from "./failure.ts"

/** git 2.38 is the first that takes `safe.*` from the caller alone, and has `cat-file --batch-command`. */
const LEAST = [2, 38] as const

/**
 * simple-git for what is rare and short: the version, a new mirror, what a name means. It drops or refuses guarded
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

/** Fails where git is missing or too old for the protections that Rollcall relies on. */
export async function checkGit(): Promise<void> {
	const found = await simple({ protocols: "none" })
		.version()
		.catch(() => undefined)
	const next = `install git ${LEAST.join(".")} or newer`
	if (found?.installed !== true) throw failure("refused", "Cannot run git: it is not installed", next)
	const { major, minor } = found
	if (major < LEAST[0] || (major === LEAST[0] && minor < LEAST[1]))
		throw failure("refused", `git ${major}.${minor} is too old to read other people's repositories safely`, next)
}
