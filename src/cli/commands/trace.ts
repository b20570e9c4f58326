import { Command } from "commander"
import { CliError } from "../failure.ts"
import { listFlags, listFormat, repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import { clusterAt, type MomentFlags, momentFlag } from "../moment.ts"
import type { Shell } from "../shell.ts"
import type { Reader } from "../world.ts"

type Flags = SharedFlags & MomentFlags & { readonly header?: boolean }

const EXAMPLES = `
Examples:
  rollcall trace node/general-7                    what runs there, which commit brought it, since when
  rollcall trace general-7 -o wide                 with rollout, hash and images
  rollcall trace node/general-7 --at 2026-03-02T12:00:00Z
  rollcall trace node/general-7 --at 2h            two hours ago`

export function traceCommand(shell: Shell): Command {
	const command = new Command("trace")
		.description("what a node runs: per DaemonSet the revision, commit and author, and since when")
		.argument("<node>", "node/NAME, or the name alone")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(momentFlag(listFlags(command))).action(async (node: string, _, self: Command) => {
		shell.exitCode = await trace(shell, node.replace(/^(no|nodes?)\//i, ""), self.optsWithGlobals<Flags>())
	})
}

async function trace(shell: Shell, node: string, flags: Flags): Promise<number> {
	const format = listFormat(flags.output)
	const { openReader } = await shell.world()
	const [{ printTrace }, { traceNode }] = await Promise.all([
		import("../ledger/print.ts"),
		import("../ledger/trace.ts"),
	])
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const cluster = clusterAt(reader, flags)
		if (flags.at === undefined) requireNode(reader, node)
		const rows = traceNode(cluster, (daemonSet) => reader.ledger.rollouts({ daemonSet }), node)
		if (rows.length === 0 && format !== "json" && format !== "yaml") {
			shell.terminal.err(`No pods of DaemonSets on ${node}${flags.at === undefined ? "" : " at that time"}`)
			return 0
		}
		const noHeaders = flags.headers === false || flags.header === false
		shell.terminal.out(printTrace(rows, { format, now: cluster.now(), paint: shell.terminal.paint, noHeaders }))
		return 0
	} finally {
		reader.close()
	}
}

function requireNode({ cluster }: Reader, node: string): void {
	if (cluster.read(`/Node//${node}`)) return
	throw new CliError(`Error from server (NotFound): nodes "${node}" not found`, {
		next: "rollcall get nodes lists them; --at TIME looks into the past",
	})
}
