import { Command } from "commander"
import { CliError } from "../failure.ts"
import { listFlags, listFormat, namespaceFlags, repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { ListFormat } from "../get/print.ts"
import { clusterAt, type MomentFlags, momentFlag } from "../moment.ts"
import type { Shell } from "../shell.ts"

type Flags = SharedFlags &
	MomentFlags & {
		readonly fieldSelector?: string
		readonly sortBy?: string
		readonly showLabels?: boolean
		readonly labelColumns?: string
		readonly header?: boolean
	}

const FORMATS = "json, yaml, wide, name, custom-columns=HEADER:PATH,… or jsonpath=TEMPLATE"
const EXAMPLE = {
	"custom-columns": "-o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName",
	jsonpath: "-o jsonpath='{.items[*].metadata.name}'",
}

const EXAMPLES = `
Examples:
  rollcall get ds -A                           every DaemonSet, with desired, ready and up-to-date
  rollcall get nodes -o wide -L topology.kubernetes.io/zone
  rollcall get pods -n logging --field-selector spec.nodeName=general-7
  rollcall get ds/fluentd -n logging -o yaml
  rollcall get pods -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName
  rollcall get events -A --sort-by .lastTimestamp
  rollcall get pods -A --at 2h                 as it was two hours ago; also a time, or a commit: --at 4f2c1e9a`

export function getCommand(shell: Shell): Command {
	const command = new Command("get")
		.description("the cluster as it is, or was at any time, in kubectl's columns")
		.argument("<resource...>", "ds, nodes, pods, events, pc, controllerrevisions, …; TYPE NAME or TYPE/NAME")
		.option("-l, --selector <query>", "only objects with these labels, such as app=fluentd,tier!=db")
		.option("--field-selector <query>", "only objects with these fields, such as spec.nodeName=worker-1")
		.option("--sort-by <path>", "sort by a field, such as .metadata.creationTimestamp")
		.option("--show-labels", "a column with all labels")
		.option("-L, --label-columns <labels>", "a column for each of these labels, separated by commas")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(momentFlag(listFlags(namespaceFlags(command), FORMATS))).action(
		async (words: readonly string[], _, self: Command) => {
			shell.exitCode = await get(shell, words, self.optsWithGlobals<Flags>())
		},
	)
}

async function get(shell: Shell, words: readonly string[], flags: Flags): Promise<number> {
	const [, own, text] = /^(custom-columns|jsonpath)=(.*)$/s.exec(flags.output ?? "") ?? []
	const format = own === undefined ? getFormat(flags.output) : "table"
	const { openReader } = await shell.world()
	const { printResources } = await import("../get/resources.ts")
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const { out, note } = printResources(await clusterAt(reader, flags), words, {
			...flags,
			format,
			...(own === "jsonpath" && text !== undefined ? { jsonPath: text } : {}),
			...(own === "custom-columns" && text !== undefined ? { customColumns: text } : {}),
			noHeaders: flags.headers === false || flags.header === false,
		})
		shell.terminal.out(out)
		if (note) shell.terminal.err(note)
		return 0
	} finally {
		reader.close()
	}
}

function getFormat(output: string | undefined): ListFormat {
	if (output !== "jsonpath" && output !== "custom-columns") return listFormat(output)
	throw new CliError(`Cannot print as "${output}": nothing says what of it`, { next: `write ${EXAMPLE[output]}` })
}
