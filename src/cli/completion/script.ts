export type CompletedCommand = {
	readonly name: string
	readonly description: string
	readonly flags: readonly string[]
}

/** The script for a shell, from the commands as they are; undefined for a shell that it does not know. */
export function completionScript(
	shell: string,
	commands: readonly CompletedCommand[],
	kinds: readonly string[],
): string | undefined {
	if (shell === "bash") return bash(commands, kinds)
	if (shell === "zsh") return zsh(commands, kinds)
	return shell === "fish" ? fish(commands, kinds) : undefined
}

function bash(commands: readonly CompletedCommand[], kinds: readonly string[]): string {
	const cases = commands.map(
		({ name, flags }) => `\t\t${name}) words="${[...flags, ...argumentsOf(name, kinds)].join(" ")}" ;;`,
	)
	return `# bash completion for rollcall
_rollcall() {
	local current="\${COMP_WORDS[COMP_CWORD]}" words=""
	if [ "$COMP_CWORD" -eq 1 ]; then
		words="${commands.map(({ name }) => name).join(" ")}"
	else
		case "\${COMP_WORDS[1]}" in
${cases.join("\n")}
		esac
	fi
	COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _rollcall rollcall
`
}

function zsh(commands: readonly CompletedCommand[], kinds: readonly string[]): string {
	const names = commands.map(
		({ name, description }) => `\t\t${quoted(`${name}:${description.replaceAll(":", "\\:")}`)}`,
	)
	const cases = commands.map(
		({ name, flags }) => `\t\t${name}) compadd -- ${[...flags, ...argumentsOf(name, kinds)].join(" ")}; _files ;;`,
	)
	return `#compdef rollcall
_rollcall() {
	local -a commands=(
${names.join("\n")}
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		return
	fi
	case "$words[2]" in
${cases.join("\n")}
	esac
}
compdef _rollcall rollcall
`
}

function fish(commands: readonly CompletedCommand[], kinds: readonly string[]): string {
	const lines = commands.flatMap(({ name, description, flags }) => [
		`complete -c rollcall -n __fish_use_subcommand -f -a ${name} -d ${quoted(description)}`,
		...flags.map((flag) => `complete -c rollcall -n '__fish_seen_subcommand_from ${name}' -l ${flag.slice(2)}`),
		...argumentsOf(name, kinds).map(
			(word) => `complete -c rollcall -n '__fish_seen_subcommand_from ${name}' -f -a ${word}`,
		),
	])
	return `# fish completion for rollcall\n${lines.join("\n")}\n`
}

export function argumentsOf(command: string, kinds: readonly string[]): readonly string[] {
	if (command === "completion") return ["bash", "zsh", "fish"]
	return command === "get" || command === "describe" ? kinds : []
}

function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`
}
