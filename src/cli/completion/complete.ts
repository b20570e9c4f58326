import type { Command } from "commander"
import { argumentsOf } from "./script.ts"

/** No files either, as kubectl is told it. */
const NO_FILES = ":4"
const FILES = ":0"

/**
 * What the last word may become, a line each, and whether it may be a file, as kubectl reads it from
 * `kubectl_complete-rollcall`. The words are those after `kubectl rollcall`; the last one may be empty.
 */
export function completions(program: Command, words: readonly string[], kinds: readonly string[]): string {
	const begun = words.at(-1) ?? ""
	let command = program
	for (const word of words.slice(0, -1)) command = command.commands.find((below) => below.name() === word) ?? command
	const known = begun.startsWith("-")
		? flagsOf(command, program)
		: [...below(command), ...argumentsOf(command.name(), kinds)]
	const lines = known.filter((line) => line.startsWith(begun))
	return `${[...lines, known.length === 0 ? FILES : NO_FILES].join("\n")}\n`
}

function below(command: Command): readonly string[] {
	if (command.commands.length === 0) return []
	return command
		.createHelp()
		.visibleCommands(command)
		.map((below) => `${below.name()}\t${below.description()}`)
}

function flagsOf(command: Command, program: Command): readonly string[] {
	const options = command === program ? program.options : [...command.options, ...program.options]
	return options
		.filter(({ hidden, long }) => !hidden && long !== undefined)
		.map(({ long, description }) => `${long}\t${description}`)
}
