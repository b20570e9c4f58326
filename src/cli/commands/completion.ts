import { Command } from "commander"
import { CliError } from "../failure.ts"
import type { Shell } from "../shell.ts"

const EXAMPLES = `
Examples:
  source <(rollcall completion bash)                     in this shell
  rollcall completion zsh > "\${fpath[1]}/_rollcall"       for good
  rollcall completion fish > ~/.config/fish/completions/rollcall.fish`

export function completionCommand(shell: Shell): Command {
	return new Command("completion")
		.description("a completion script for your shell")
		.argument("<shell>", "bash, zsh or fish")
		.addHelpText("after", EXAMPLES)
		.action(async (name: string, _, self: Command) => {
			const { completionScript } = await import("../completion/script.ts")
			const { kindWords } = await import("../get/kinds.ts")
			const commands = (self.parent ? self.createHelp().visibleCommands(self.parent) : []).map((command) => ({
				name: command.name(),
				description: command.description(),
				flags: command.options
					.filter((option) => !option.hidden)
					.flatMap((option) => (option.long ? [option.long] : [])),
			}))
			const script = completionScript(name, commands, kindWords())
			if (script === undefined) {
				throw new CliError(`Cannot complete for "${name}"`, { next: "use bash, zsh or fish" })
			}
			shell.terminal.out(script)
		})
}
