import { Command } from "commander"
import { type EngineCommandFlags, engineFlags, engineOptions } from "../engine-flags.ts"
import { EXIT, type Shell } from "../shell.ts"
import { type SignatureCommandFlags, signatureFlags, signatureOptions } from "../signature-flags.ts"
import { noteCurrent, stateDirFacts } from "../state-dir.ts"
import { ended, FORECAST, NOTES } from "./run.ts"

type Flags = EngineCommandFlags &
	SignatureCommandFlags & {
		readonly settle?: boolean
		readonly notes?: boolean
		readonly forecast?: boolean
		readonly digest?: boolean
		readonly logFormat?: string
	}

const EXAMPLES = `
Examples:
  rollcall replay ~/fleet --fleet examples/fleets/eks-500.yaml --state /tmp/fleet
  rollcall history --state /tmp/fleet
  rollcall replay ~/fleet --settle --digest      two runs with one seed print the same digest`

export function replayCommand(shell: Shell): Command {
	return signatureFlags(engineFlags(new Command("replay")))
		.description(
			"walk a branch's history from its first commit, in virtual time, as fast as it can; but for --verify, nothing is held",
		)
		.argument("[repository]", "a path or a URL (default: the repository around this folder)")
		.option("--settle", "roll each commit out fully before the next (default: each at its own commit time)")
		.option("--notes", NOTES)
		.option("--forecast", FORECAST)
		.option("--digest", "print the digest of the cluster's events at the end")
		.addHelpText("after", EXAMPLES)
		.action(async (repository: string | undefined, _, self: Command) => {
			shell.exitCode = await replay(shell, repository, self.optsWithGlobals<Flags>())
		})
}

async function replay(shell: Shell, repository: string | undefined, flags: Flags): Promise<number> {
	const [world, { openLog, openProgress }] = await Promise.all([shell.world(), import("../live/watcher.ts")])
	const options = {
		...engineOptions(shell, repository, flags),
		...signatureOptions(shell, flags),
		...(flags.notes ? { notes: true } : {}),
		...(flags.forecast ? { forecast: true } : {}),
		settle: flags.settle === true,
	}
	await noteCurrent(stateDirFacts(flags.state, shell), options.state)
	const watcher = flags.logFormat === undefined ? openProgress(shell.terminal) : openLog(shell.terminal, flags)
	try {
		const end = await world.replay(options, watcher, shell.signal)
		watcher.stop()
		const code = ended(shell, end, flags.digest === true)
		// A rollout that is stuck where the history ends is part of what was found.
		return end.kind === "stuck" ? EXIT.ok : code
	} finally {
		watcher.stop()
	}
}
