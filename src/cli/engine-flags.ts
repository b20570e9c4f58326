import type { Command } from "commander"
import { parseDuration } from "../base/index.ts"
import type { DriftMode } from "../engine/index.ts"
import { type AccessFlags, accessFlags, accessOptions } from "./access-flags.ts"
import { CliError } from "./failure.ts"
import { pathFlags, repositoryOf, repositoryOrThrow, type SharedFlags, withoutCredentials } from "./flags.ts"
import type { Shell } from "./shell.ts"
import { stateDir, stateDirFacts } from "./state-dir.ts"
import type { ReplayOptions, SourceFlags } from "./world.ts"

/** The flags of `run` and `replay`, as commander hands them over. */
export type EngineCommandFlags = SharedFlags &
	SourceCommandFlags & {
		readonly fleet?: string
		readonly seed: string
		readonly plain?: boolean
		readonly strict?: boolean
		readonly allowDisruption?: boolean
		readonly controlPlaneQps?: number
		readonly drift: DriftMode
	}

export type SourceCommandFlags = AccessFlags & {
	readonly branch?: string
	readonly path: readonly string[]
	readonly interval?: number
}

export function sourceFlags(command: Command): Command {
	const asked = "how often a URL is asked (default: 15s)"
	return accessFlags(pathFlags(command).option("--interval <duration>", asked, duration("--interval")))
}

export function engineFlags(command: Command): Command {
	return sourceFlags(command)
		.option(
			"--fleet <file>",
			"nodes that are not in git: a file or folder of NodePools, or of what kubectl get nodes -o yaml printed",
		)
		.option("--seed <text>", "the seed of all chance: the same commits and seed give the same history", "rollcall")
		.option("--allow-disruption", "let commits through that remove many nodes or DaemonSets")
		.option("--drift <mode>", "what others change of git's: heal, report or ignore", driftMode, "heal")
		.option("--strict", "refuse an object that stands in several places")
		.option("--plain", "read the files of kustomizations as they stand")
		.option(
			"--control-plane-qps <n>",
			"requests a second of the controller manager; 0: no limit (default: 20)",
			zeroOrMore,
		)
}

/** What the flags mean here; the repository is the argument's, or the one around the current folder. */
export function engineOptions(
	shell: Shell,
	given: string | undefined,
	flags: EngineCommandFlags,
): Omit<ReplayOptions, "settle"> {
	const fleet = flags.fleet === undefined ? {} : { fleet: flags.fleet }
	const qps = flags.controlPlaneQps === undefined ? {} : { controlPlaneQps: flags.controlPlaneQps }
	return {
		...sourceOptions(shell, given, flags),
		...fleet,
		...qps,
		seed: flags.seed,
		drift: flags.drift,
		plain: flags.plain === true,
		strict: flags.strict === true,
		allowDisruption: flags.allowDisruption === true,
	}
}

export function sourceOptions(
	shell: Shell,
	given: string | undefined,
	flags: SharedFlags & SourceCommandFlags,
): SourceFlags {
	const repository =
		given === undefined ? repositoryOrThrow(flags.repo, shell) : (repositoryOf(given, shell.cwd) ?? given)
	return {
		repository,
		state: stateDir(stateDirFacts(flags.state, shell), withoutCredentials(repository)),
		...(flags.branch === undefined ? {} : { branch: flags.branch }),
		paths: flags.path,
		...accessOptions(flags),
		...(flags.interval === undefined ? {} : { intervalMs: flags.interval }),
	}
}

/** `20`, `0.5`, `20x` or `max`. */
export function speed(text: string): number | "max" {
	if (text === "max") return "max"
	const value = /^\d+(\.\d+)?x?$/.test(text) ? Number(text.replace("x", "")) : 0
	if (value > 0 && value <= 1e6) return value
	throw new CliError(`Cannot run at speed "${text}"`, { next: "give a number above 0, such as 20, or max" })
}

function duration(flag: string): (text: string) => number {
	return (text) => {
		const value = parseDuration(text)
		if (value !== undefined && value > 0) return value
		throw new CliError(`Cannot read ${flag} "${text}"`, { next: "write a duration such as 15s or 5m" })
	}
}

function driftMode(text: string): DriftMode {
	if (text === "heal" || text === "report" || text === "ignore") return text
	throw new CliError(`Cannot read --drift "${text}"`, { next: "write heal, report or ignore" })
}

function zeroOrMore(text: string): number {
	if (/^\d{1,9}(\.\d+)?$/.test(text)) return Number(text)
	throw new CliError(`Cannot read --control-plane-qps "${text}": it is a number, 0 or more`)
}
