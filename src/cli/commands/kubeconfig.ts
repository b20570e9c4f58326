import { Command } from "commander"
import { CliError } from "../failure.ts"
import { repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { ContextFlags } from "../kubeconfig/context.ts"
import { type MomentFlags, momentFlag } from "../moment.ts"
import type { Shell } from "../shell.ts"

type Flags = SharedFlags & MomentFlags & ContextFlags & { readonly name?: string; readonly merge?: string | true }

const EXAMPLES = `
Examples:
  rollcall kubeconfig > rollcall.yaml                what reaches the cluster that rollcall run simulates
  rollcall kubeconfig --merge                        into the file that kubectl uses, as its current context
  rollcall kubeconfig --at HEAD~1 > before.yaml      the cluster as it was when the commit before was taken
  rollcall kubeconfig --at 2h --merge                as it was two hours ago

A past has every read that the API has, as of that moment, ages included: get, -w (what was there, and then nothing),
logs, top, explain. describe and events count ages by the clock of kubectl, which is not that of the cluster, and
get --raw leaves the moment away. Writes are refused. It is answered while rollcall run is at work, also after a restart.`

export function kubeconfigCommand(shell: Shell): Command {
	const command = new Command("kubeconfig")
		.description("what lets kubectl reach the cluster, as it is or, read-only, as it was")
		.option("--merge [file]", "write it into this file (default: the one that kubectl uses) as the current context")
		.option("--name <name>", "of clusters, users and contexts", "rollcall")
		.option("-o, --output <format>", "yaml or json", "yaml")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(momentFlag(command)).action(async (_, self: Command) => {
		await offer(shell, self.optsWithGlobals<Flags>())
	})
}

async function offer(shell: Shell, flags: Flags): Promise<void> {
	const { at, name, merge, output, kubeconfig } = flags
	if (output !== "yaml" && output !== "json") {
		throw new CliError(`Cannot print as "${output}"`, { next: "use -o yaml or json" })
	}
	const [world, { formatDocument }] = await Promise.all([shell.world(), import("../output/document.ts")])
	const state = stateDirOf(flags, shell)
	const options = { state, ...(at === undefined ? {} : { at }), ...(name === undefined ? {} : { name }) }
	const config = await world.kubeconfig(options)
	if (merge === undefined) shell.terminal.out(formatDocument(config, output))
	else {
		const { mergeInto, usualFile } = await import("../kubeconfig/merge-into.ts")
		const path = usualFile(shell, merge === true ? kubeconfig : merge)
		mergeInto(path, config)
		shell.terminal.out(`Merged "${config["current-context"]}" as current context in ${path}\n`)
	}
	const { holder } = await world.following(state)
	if (holder === undefined) shell.terminal.err("nothing answers there until rollcall run is started")
}
