import { Command } from "commander"
import { keyParts } from "../../kube/index.ts"
import { actFormat } from "../flags.ts"
import type { Shell } from "../shell.ts"
import { printWritten, type WriteFlags, writeFlags, writeOptions } from "../undo/flags.ts"
import { daemonSetNamed, daemonSetWord } from "./daemonset-argument.ts"

const EXAMPLES = `
Examples:
  rollcall rollout release ds/fluentd -n logging
  rollcall rollout release ds/fluentd --dry-run

A template that a DaemonSet was rolled back from is held when a later commit brings it again. This writes a commit
without changes whose trailer lets it in.`

export function rolloutReleaseCommand(shell: Shell): Command {
	const command = new Command("release")
		.description("lets what a DaemonSet was rolled back from come again, by a commit")
		.argument("<daemonset...>", "ds/NAME")
		.option("-n, --namespace <name>", "its namespace")
		.addHelpText("after", EXAMPLES)
	return writeFlags(command).action(async (names: readonly string[], _, self: Command) => {
		const flags = self.optsWithGlobals<WriteFlags>()
		const format = actFormat(flags.output)
		const daemonSet = await daemonSetNamed(shell, daemonSetWord(names), flags)
		const { release } = await shell.world()
		const what = `daemonset.apps/${keyParts(daemonSet).name}`
		const words = { what, done: "released", skipped: "not released", isReview: flags.toBranch !== undefined }
		await printWritten(shell, words, await release({ ...writeOptions(flags, shell), daemonSet }), format)
	})
}
