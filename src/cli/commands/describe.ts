import { Command } from "commander"
import { namespaceFlags, repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"

const EXAMPLES = `
Examples:
  rollcall describe ds/fluentd -n logging      numbers, template and Events of a DaemonSet
  rollcall describe node general-7             taints, conditions, what runs there and what it takes
  rollcall describe pod fluentd-x2k4p -n logging`

export function describeCommand(shell: Shell): Command {
	const command = new Command("describe")
		.description("one object in full, with its Events, as kubectl describes it")
		.argument("<resource...>", "TYPE/NAME or TYPE NAME")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(namespaceFlags(command)).action(async (words: readonly string[], _, self: Command) => {
		shell.exitCode = await describeObject(shell, words, self.optsWithGlobals<SharedFlags>())
	})
}

async function describeObject(shell: Shell, words: readonly string[], flags: SharedFlags): Promise<number> {
	const { openReader } = await shell.world()
	const [{ describe }, { keyFor, parseResource, readOrThrow }] = await Promise.all([
		import("../describe/describe.ts"),
		import("../get/query.ts"),
	])
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const { kind, name } = parseResource(words, reader.cluster)
		const object = readOrThrow(reader.cluster, kind, name, flags.namespace)
		shell.terminal.out(describe(reader.cluster, keyFor(kind, name, flags.namespace), object))
		return 0
	} finally {
		reader.close()
	}
}
