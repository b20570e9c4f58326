import { Command } from "commander"
import type { HandWrite } from "../../engine/index.ts"
import type { KubeObject } from "../../kube/index.ts"
import { type AskFlags, askFlags } from "../control/asked.ts"
import { CliError } from "../failure.ts"
import { repositoryFlag } from "../flags.ts"
import type { Shell } from "../shell.ts"

type Flags = AskFlags & { readonly overwrite?: boolean; readonly gracePeriod?: number }

const DELETE = `
Examples:
  rollcall delete pod/fluentd-x2k4p -n logging
  rollcall delete node edge-7

What git has comes back at once, and is told as drift ("rollcall run --drift report" only tells it).`

/** kubectl's `delete`: by another hand than git's. */
export function deleteCommand(shell: Shell): Command {
	const command = new Command("delete")
		.description("deletes objects by hand, as kubectl does; what git has comes back")
		.argument("<resource...>", "TYPE/NAME, or TYPE and names")
		.option("-n, --namespace <name>", "their namespace")
		.option("--grace-period <seconds>", "of a pod; 0: at once", seconds)
		.addHelpText("after", DELETE)
	return repositoryFlag(askFlags(command)).action(async (words: readonly string[], _, self: Command) => {
		const flags = self.optsWithGlobals<Flags>()
		const [{ byHand, named }, { objectName }] = await Promise.all([
			import("../control/hand.ts"),
			import("../get/kinds.ts"),
		])
		const grace = flags.gracePeriod === undefined ? {} : { gracePeriodSeconds: flags.gracePeriod }
		await byHand(shell, flags, (cluster) => {
			const found = named(cluster, words, flags.namespace)
			return {
				writes: found.map(({ key }): HandWrite => ({ verb: "delete", key, ...grace })),
				lines: found.map(({ key, object }) => {
					const [type] = objectName(key).split("/")
					const { name, namespace } = object.metadata
					return `${type} "${name}" deleted${namespace === undefined ? "" : ` from ${namespace} namespace`}`
				}),
			}
		})
	})
}

export function labelCommand(shell: Shell): Command {
	return editCommand(shell, "label", "labels")
		.description("sets labels by hand (KEY=VALUE), or takes them away (KEY-)")
		.addHelpText("after", "\nExamples:\n  rollcall label node/edge-7 site=north\n  rollcall label node/edge-7 site-")
}

export function annotateCommand(shell: Shell): Command {
	return editCommand(shell, "annotate", "annotations")
		.description("sets annotations by hand (KEY=VALUE), or takes them away (KEY-)")
		.addHelpText("after", '\nExamples:\n  rollcall annotate ds/fluentd -n logging kubernetes.io/change-cause="by hand"')
}

function editCommand(shell: Shell, verb: "label" | "annotate", member: "labels" | "annotations"): Command {
	const done = verb === "label" ? "labeled" : "annotated"
	const command = new Command(verb)
		.argument("<resource>", "TYPE/NAME")
		.argument("<change...>", "KEY=VALUE or KEY-")
		.option("-n, --namespace <name>", "its namespace")
		.option("--overwrite", "also where the key has another value")
	return repositoryFlag(askFlags(command)).action(
		async (resource: string, changes: readonly string[], _, self: Command) => {
			const flags = self.optsWithGlobals<Flags>()
			const [{ byHand, merge, namedOne }, { objectName }] = await Promise.all([
				import("../control/hand.ts"),
				import("../get/kinds.ts"),
			])
			await byHand(shell, flags, (cluster) => {
				const { key, object } = namedOne(cluster, resource, flags.namespace)
				const patch = patchOf(changes, object.metadata[member] ?? {}, flags)
				return { writes: [merge(key, { metadata: { [member]: patch } })], lines: [`${objectName(key)} ${done}`] }
			})
		},
	)
}

function patchOf(
	changes: readonly string[],
	before: KubeObject["metadata"]["labels"] & object,
	{ overwrite }: Flags,
): Readonly<Record<string, string | null>> {
	const patch = new Map<string, string | null>()
	for (const change of changes) {
		const [, key = "", value] = /^([^=]+)=(.*)$/s.exec(change) ?? [undefined, /^([^=]+)-$/.exec(change)?.[1]]
		if (key === "") throw new CliError(`Cannot read "${change}"`, { next: "write KEY=VALUE, or KEY- to take it away" })
		const old = Object.hasOwn(before, key) ? before[key] : undefined
		if (value !== undefined && old !== undefined && old !== value && !overwrite)
			throw new CliError(`'${key}' already has a value (${old}), and --overwrite is false`)
		patch.set(key, value ?? null)
	}
	return Object.fromEntries(patch)
}

function seconds(text: string): number {
	if (/^\d{1,9}$/.test(text)) return Number(text)
	throw new CliError(`Cannot read --grace-period "${text}": it is a whole number of seconds`)
}
