import { existsSync, realpathSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import type { Command } from "commander"
import { CliError } from "./failure.ts"
import type { ListFormat } from "./get/print.ts"
import type { Shell } from "./shell.ts"
import { stateDir, stateDirFacts, stateDirToRead } from "./state-dir.ts"

/** Flags that more than one command has, as commander hands them over. */
export type SharedFlags = {
	readonly state?: string
	readonly repo?: string
	readonly namespace?: string
	readonly allNamespaces?: boolean
	readonly selector?: string
	readonly output?: string
	readonly headers?: boolean
	readonly logLevel?: string
	readonly logFormat?: string
}

/** Those that every command understands, before or after its name. */
export function globalFlags(program: Command): Command {
	return program
		.option("--state <dir>", "state directory (default: ROLLCALL_STATE, else found by the repository)")
		.option("--kubeconfig <file>", "the state directory that this file's context leads to")
		.option("--context <name>", "the state directory that this context of kubectl's leads to")
		.option("--no-color", "no colours (also: NO_COLOR=1)")
		.option("--log-level <level>", "trace, debug, info, warn or error", "info")
		.option("--log-format <format>", "json or pretty (default: pretty on a terminal)")
}

export function namespaceFlags(command: Command): Command {
	return command
		.option("-n, --namespace <name>", "only this namespace")
		.option("-A, --all-namespaces", "all namespaces")
}

export function listFlags(command: Command, formats = "json, yaml, wide or name"): Command {
	return command
		.option("-o, --output <format>", formats)
		.option("--no-headers", "no header line")
		.option("--no-header", "the same")
}

/** `-o` of what is a text for people, or one document. Throws a CliError naming what there is. */
export function textFormat(output = "text"): "text" | "json" | "yaml" {
	if (output === "text" || output === "json" || output === "yaml") return output
	throw new CliError(`Cannot print as "${output}"`, { next: "use -o text, json or yaml" })
}

export type ActFormat = "text" | "name" | "json" | "yaml"

/** `-o` of a command that does something. */
export function actFlag(command: Command): Command {
	return command.option("-o, --output <format>", "name, json or yaml: what was asked for, and what became of it")
}

/** The same as a format. Throws a CliError naming what there is. */
export function actFormat(output = "text"): ActFormat {
	if (output === "text" || output === "name" || output === "json" || output === "yaml") return output
	throw new CliError(`Cannot print as "${output}"`, { next: "use -o name, json or yaml" })
}

/** Which repository's state directory, where there is no --state. */
export function repositoryFlag(command: Command): Command {
	return command.option("--repo <path-or-url>", "the repository (default: the one around the current folder)")
}

/** `-o` as a list format. Throws a CliError naming what there is. */
export function listFormat(output: string | undefined): ListFormat {
	if (output === undefined) return "table"
	if (output === "json" || output === "yaml" || output === "wide" || output === "name") return output
	throw new CliError(`Cannot print as "${output}"`, { next: "use -o json, yaml, wide or name" })
}

/** The state directory that a reading command means. */
export function stateDirOf(flags: SharedFlags, shell: Shell): string {
	const facts = stateDirFacts(flags.state, shell)
	const repository = repositoryOf(flags.repo, shell.cwd)
	if (flags.repo !== undefined && repository !== undefined) return stateDir(facts, withoutCredentials(repository))
	return stateDirToRead(facts, repository)
}

/** A URL as it is, a path made absolute, or the repository around the folder. */
export function repositoryOf(given: string | undefined, cwd: string): string | undefined {
	if (given === undefined) return repositoryAround(cwd)
	if (/^[a-z][a-z0-9+.-]*:\/\//i.test(given) || /^[^/\\]+@[^/\\]+:/.test(given)) return given
	return repositoryAround(resolve(cwd, given)) ?? resolve(cwd, given)
}

/** A URL may carry a password; where the state is must not depend on it. */
export function withoutCredentials(repository: string): string {
	return repository.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, "$1")
}

function repositoryAround(folder: string): string | undefined {
	for (let at = folder; ; at = dirname(at)) {
		if (existsSync(join(at, ".git")) || (existsSync(join(at, "HEAD")) && existsSync(join(at, "objects"))))
			return realpathSync(at)
		if (dirname(at) === at) return undefined
	}
}

/** A whole number above 0. Throws a CliError naming the flag. */
export function count(flag: string): (text: string) => number {
	return (text) => {
		if (/^[1-9]\d{0,8}$/.test(text)) return Number(text)
		throw new CliError(`Cannot read ${flag} "${text}": it is a whole number above 0`)
	}
}

/** The same, with kubectl's 0, which is the same as none. */
export function countOrNone(flag: string): (text: string) => number {
	return (text) => (text === "0" ? 0 : count(flag)(text))
}

/** Which part of which branch. */
export function pathFlags(command: Command): Command {
	return command
		.option("--branch <name>", "the branch (default: the repository's HEAD)")
		.option("--path <path>", "only manifests below this path; may be given several times", collect, [])
}

/** A flag that may be given several times. */
export function collect(value: string, before: readonly string[]): readonly string[] {
	return [...before, value]
}

export function repositoryOrThrow(given: string | undefined, shell: Shell): string {
	const repository = repositoryOf(given, shell.cwd)
	if (repository) return repository
	throw new CliError(`Cannot find a git repository around ${shell.cwd}`, {
		next: "go into one, or name one: a path or a URL",
	})
}
