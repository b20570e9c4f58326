import { Command } from "commander"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import { type AskFlags, act, askFlags, Refused } from "../control/asked.ts"
import { failureLines } from "../failure.ts"
import { actFlag, repositoryFlag, stateDirOf } from "../flags.ts"
import { EXIT, type Shell } from "../shell.ts"
import { daemonSetWords, oneDaemonSet } from "./daemonset-argument.ts"

type Verb = {
	readonly verb: "pause" | "resume" | "restart"
	readonly done: string
	readonly about: string
	readonly more: string
}

const VERBS: readonly Verb[] = [
	{
		verb: "pause",
		done: "paused",
		about: "stops the rolling update at the next node; pods are placed and replaced all the same",
		more: `
Examples:
  rollcall rollout pause ds/fluentd -n logging
  rollcall rollout pause ds/fluentd --reason "waits for INC-7"

It lasts over restarts. Commits are applied meanwhile, and rolled out from "rollcall rollout resume" on.`,
	},
	{
		verb: "resume",
		done: "resumed",
		about: "lets a paused rolling update go on",
		more: `
Examples:
  rollcall rollout resume ds/fluentd -n logging`,
	},
	{
		verb: "restart",
		done: "restarted",
		about: "replaces every pod, at the pace of the update strategy",
		more: `
Examples:
  rollcall rollout restart ds/fluentd -n logging

It writes the annotation kubectl.kubernetes.io/restartedAt into the pod template, which is not git's: it stays.`,
	},
]

/** kubectl's `rollout pause`, `resume` and `restart`, of a DaemonSet. */
export function rolloutOrderCommands(shell: Shell): readonly Command[] {
	return VERBS.map((verb) => {
		const command = new Command(verb.verb)
			.description(verb.about)
			.argument("<daemonset...>", "ds/NAME")
			.option("-n, --namespace <name>", "its namespace")
			.addHelpText("after", verb.more)
		return repositoryFlag(actFlag(askFlags(command))).action(async (names: readonly string[], _, self: Command) => {
			await order(shell, verb, names, self.optsWithGlobals<AskFlags>())
		})
	})
}

/** As kubectl does it: where one is refused, the others are done all the same. */
async function order(shell: Shell, { verb, done }: Verb, names: readonly string[], flags: AskFlags): Promise<void> {
	const { visible } = await import("../output/visible.ts")
	const state = stateDirOf(flags, shell)
	for (const daemonSet of await daemonSets(shell, state, names, flags)) {
		try {
			const name = `daemonset.apps/${keyParts(daemonSet).name}`
			await act(shell, state, { order: { kind: verb, daemonSet }, name, done }, flags)
		} catch (failure) {
			if (!(failure instanceof Refused)) throw failure
			for (const line of failureLines(failure, false)) shell.terminal.err(visible(line))
			shell.exitCode = EXIT.failed
		}
	}
}

async function daemonSets(
	shell: Shell,
	state: string,
	words: readonly string[],
	{ namespace }: AskFlags,
): Promise<readonly ObjectKey[]> {
	const { openReader } = await shell.world()
	const reader = await openReader(state)
	try {
		const found: ObjectKey[] = []
		for (const word of daemonSetWords(words)) found.push(await oneDaemonSet(reader, word, namespace))
		return found
	} finally {
		reader.close()
	}
}
