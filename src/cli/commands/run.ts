import { Command } from "commander"
import { type EngineCommandFlags, engineFlags, engineOptions, speed } from "../engine-flags.ts"
import { CliError } from "../failure.ts"
import { EXIT, type Shell } from "../shell.ts"
import { type SignatureCommandFlags, signatureFlags, signatureOptions } from "../signature-flags.ts"
import { noteCurrent, stateDirFacts } from "../state-dir.ts"
import type { Listen, RunEnd, RunOptions } from "../world.ts"

export type RunFlags = EngineCommandFlags &
	SignatureCommandFlags & {
		readonly speed: number | "max"
		readonly once?: boolean
		readonly notes?: boolean
		readonly forecast?: boolean
		readonly allowWrite?: boolean
		readonly digest?: boolean
		readonly listen?: Listen
		readonly api: boolean
	}

/** What `--notes` does. */
export const NOTES = "note on each commit how it fared: git log --notes=rollcall shows it"
/** What `--forecast` does. */
export const FORECAST = "rehearse each commit just before it acts: history --forecast shows what that said"

const EXAMPLES = `
Examples:
  rollcall run                                       the repository around this folder
  rollcall run ~/fleet --path clusters/prod --speed 20
  rollcall run https://git.example.com/platform/fleet.git --token-file ~/.fleet-token
  rollcall run ~/fleet --verify head --allowed-signers ~/fleet-signers
  rollcall run ~/fleet --allow-write                 what DaemonSets ask to be rolled back goes back, by a commit
  rollcall run ~/fleet --listen 6443                 kubectl reaches it there; the kubeconfig is in the state directory
  rollcall run . --once --fleet examples/fleets/eks-500.yaml

Exit code of --once: 0 rolled out, 1 stuck (the cause is on standard error), 2 the repository could not be read.`

export function runCommand(shell: Shell): Command {
	return runFlags(new Command("run"))
		.description("the main job: watch a branch and roll out what its commits change")
		.argument("[repository]", "a path or a URL (default: the repository around this folder)")
		.addHelpText("after", EXAMPLES)
		.action(async (repository: string | undefined, _, self: Command) => {
			const flags = self.optsWithGlobals<RunFlags>()
			shell.exitCode = await run(shell, { ...runOptions(shell, repository, flags), walk: false }, flags)
		})
}

export function runFlags(command: Command): Command {
	return signatureFlags(engineFlags(command))
		.option("--speed <n>", "cluster time against real time: a number, or max", speed, 1)
		.option("--notes", NOTES)
		.option("--forecast", FORECAST)
		.option("--once", "apply the newest commit, wait until it is rolled out, and end")
		.option("--allow-write", "write rollbacks to the branch, where a DaemonSet says on-failure: rollback")
		.option(
			"--listen <address>",
			"where the Kubernetes API is served: PORT or HOST:PORT (default: 127.0.0.1)",
			listenAddress,
		)
		.option("--no-api", "do not serve the Kubernetes API")
		.option("--digest", "print the digest of the cluster's events at the end")
}

export function runOptions(shell: Shell, repository: string | undefined, flags: RunFlags): Omit<RunOptions, "walk"> {
	return {
		...engineOptions(shell, repository, flags),
		...signatureOptions(shell, flags),
		...(flags.notes ? { notes: true } : {}),
		...(flags.forecast ? { forecast: true } : {}),
		speed: flags.speed,
		once: flags.once === true,
		allowWrite: flags.allowWrite === true,
		...(flags.api && flags.once !== true ? { api: flags.listen ?? {} } : {}),
	}
}

/** `6443`, `127.0.0.1:6443`, `[::1]:6443`. */
function listenAddress(text: string): Listen {
	const {
		v6,
		host,
		port = "",
	} = /^(?:(?:\[(?<v6>[0-9a-fA-F:]+)\]|(?<host>[A-Za-z0-9.-]+)):)?(?<port>\d{1,5})$/.exec(text)?.groups ?? {}
	const name = v6 ?? host
	if (port !== "" && Number(port) <= 65_535)
		return { port: Number(port), ...(name === undefined ? {} : { host: name }) }
	throw new CliError(`Cannot listen at "${text}"`, { next: "write PORT or HOST:PORT, such as 6443 or 127.0.0.1:6443" })
}

/** Runs until it is told to stop, and says how it ended. */
export async function run(shell: Shell, options: RunOptions, flags: RunFlags, hint?: string): Promise<number> {
	await noteCurrent(stateDirFacts(flags.state, shell), options.state)
	const [world, { openWatcher, openLog }] = await Promise.all([shell.world(), import("../live/watcher.ts")])
	const watcher = options.once ? openLog(shell.terminal, flags) : openWatcher(shell.terminal, flags, hint)
	let end: RunEnd
	try {
		end = await world.run(options, watcher, shell.signal)
	} finally {
		watcher.stop()
	}
	return ended(shell, end, flags.digest === true)
}

/** The exit code of an end, and the words for it. */
export function ended(shell: Shell, end: RunEnd, withDigest: boolean): number {
	const { terminal } = shell
	if (withDigest) terminal.out(`${end.digest}\n`)
	if (end.kind === "no-source") {
		const next = end.next === undefined ? {} : { next: end.next }
		throw new CliError(end.reasons.join("; "), { ...next, exitCode: EXIT.noSource })
	}
	if (end.kind === "stopped") return EXIT.interrupted
	const what = end.commits === 0 ? "nothing new" : `${many(end.commits, "commit")}, ${many(end.rollouts, "rollout")}`
	terminal.err(`${what}: ${end.kind}`)
	for (const reason of end.reasons) terminal.err(`  ${reason}`)
	return end.kind === "stuck" ? EXIT.failed : EXIT.ok
}

function many(count: number, what: string): string {
	return `${count} ${what}${count === 1 ? "" : "s"}`
}
