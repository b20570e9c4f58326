import { Command } from "commander"
import { namespaceFlags, repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import { clusterAt, type MomentFlags, momentFlag } from "../moment.ts"
import type { Shell } from "../shell.ts"

const EXAMPLES = `
Examples:
  rollcall describe ds/fluentd -n logging      numbers, template and Events of a DaemonSet
  rollcall describe node general-7             taints, conditions, what runs there and what it takes
  rollcall describe pod fluentd-x2k4p -n logging
  rollcall describe node general-7 --at 4f2c1e9a     as it was when that commit was taken`

export function describeCommand(shell: Shell): Command {
	const command = new Command("describe")
		.description("one object in full, with its Events, as kubectl describes it")
		.argument("<resource...>", "TYPE/NAME or TYPE NAME")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(momentFlag(namespaceFlags(command))).action(
		async (words: readonly string[], _, self: Command) => {
			shell.exitCode = await describeObject(shell, words, self.optsWithGlobals<SharedFlags & MomentFlags>())
		},
	)
}

async function describeObject(
	shell: Shell,
	words: readonly string[],
	flags: SharedFlags & MomentFlags,
): Promise<number> {
	const { openReader } = await shell.world()
	const [{ describe }, { keyFor, parseResource, readOrThrow }] = await Promise.all([
		import("../describe/describe.ts"),
		import("../get/query.ts"),
	])
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const cluster = await clusterAt(reader, flags)
		const { kind, name } = parseResource(words, cluster)
		const object = readOrThrow(cluster, kind, name, flags.namespace)
		shell.terminal.out(describe(cluster, keyFor(kind, name, flags.namespace), object))
		return 0
	} finally {
		reader.close()
	}
}
