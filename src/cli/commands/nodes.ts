import { Command } from "commander"
import type { Node, Pod } from "../../kube/index.ts"
import { type AskFlags, askFlags } from "../control/asked.ts"
import { CliError } from "../failure.ts"
import { repositoryFlag } from "../flags.ts"
import type { ClusterReader } from "../reader.ts"
import type { Shell } from "../shell.ts"

type DrainFlags = AskFlags & { readonly ignoreDaemonsets?: boolean; readonly force?: boolean }

export function cordonCommand(shell: Shell): Command {
	return cordoning(shell, "cordon", true)
		.description("no more pods are scheduled to a node, DaemonSets' pods aside, as kubectl does it")
		.addHelpText("after", '\nExamples:\n  rollcall cordon edge-7 --reason "disk is replaced"')
}

export function uncordonCommand(shell: Shell): Command {
	return cordoning(shell, "uncordon", false)
		.description("pods are scheduled to a node again")
		.addHelpText("after", "\nExamples:\n  rollcall uncordon edge-7")
}

export function drainCommand(shell: Shell): Command {
	const command = new Command("drain")
		.description("cordons a node and takes its pods away, as kubectl does it")
		.argument("<node>", "its name")
		.option("--ignore-daemonsets", "leave the pods of DaemonSets where they are")
		.option("--force", "also pods that nobody makes anew")
		.addHelpText("after", "\nExamples:\n  rollcall drain edge-7 --ignore-daemonsets")
	return repositoryFlag(askFlags(command)).action(async (name: string, _, self: Command) => {
		await drain(shell, nameOf(name), self.optsWithGlobals<DrainFlags>())
	})
}

function cordoning(shell: Shell, verb: string, unschedulable: boolean): Command {
	const command = new Command(verb).argument("<node...>", "their names")
	return repositoryFlag(askFlags(command)).action(async (names: readonly string[], _, self: Command) => {
		const { byHand } = await import("../control/hand.ts")
		await byHand(shell, self.optsWithGlobals<AskFlags>(), async (cluster) => {
			const plans = await Promise.all(names.map((name) => cordon(cluster, nameOf(name), unschedulable)))
			return { writes: plans.flatMap(({ writes }) => writes), lines: plans.map(({ line }) => line) }
		})
	})
}

async function cordon(cluster: ClusterReader, name: string, unschedulable: boolean) {
	const { merge, namedOne } = await import("../control/hand.ts")
	const node = namedOne(cluster, `node/${name}`, undefined).object as Node
	const isAlready = (node.spec?.unschedulable === true) === unschedulable
	const word = unschedulable ? "cordoned" : "uncordoned"
	return {
		line: `node/${name} ${isAlready ? "already " : ""}${word}`,
		writes: isAlready ? [] : [merge(`/Node//${name}`, { spec: { unschedulable: unschedulable || null } })],
	}
}

async function drain(shell: Shell, name: string, flags: DrainFlags): Promise<void> {
	const { byHand } = await import("../control/hand.ts")
	await byHand(shell, flags, async (cluster) => {
		const { writes, line } = await cordon(cluster, name, true)
		const pods = [...cluster.list({ group: "", kind: "Pod", nodeName: name })] as Pod[]
		const ofDaemonSets = pods.filter((pod) => controllerOf(pod) === "DaemonSet")
		const others = pods.filter((pod) => !ofDaemonSets.includes(pod) && pod.metadata.deletionTimestamp === undefined)
		const orphans = others.filter((pod) => controllerOf(pod) === undefined)
		if (ofDaemonSets.length > 0 && !flags.ignoreDaemonsets)
			throw refused(name, "DaemonSet-managed Pods (use --ignore-daemonsets to ignore)", ofDaemonSets)
		if (orphans.length > 0 && !flags.force)
			throw refused(name, "Pods that declare no controller (use --force to override)", orphans)
		if (ofDaemonSets.length > 0) shell.terminal.err(`Warning: ignoring DaemonSet-managed Pods: ${list(ofDaemonSets)}`)
		const gone = others.map(({ metadata }) => `/Pod/${metadata.namespace}/${metadata.name}`)
		return {
			writes: [...writes, ...gone.map((key) => ({ verb: "delete", key }) as const)],
			lines: [
				line,
				...others.map((pod) => `evicting pod ${place(pod)}`),
				...others.map(({ metadata }) => `pod/${metadata.name} evicted`),
				`node/${name} drained`,
			],
		}
	})
}

function refused(node: string, what: string, pods: readonly Pod[]): CliError {
	return new CliError(`unable to drain node "${node}" due to error: cannot delete ${what}: ${list(pods)}`)
}

function list(pods: readonly Pod[]): string {
	return pods.map(place).join(", ")
}

function place({ metadata }: Pod): string {
	return `${metadata.namespace}/${metadata.name}`
}

function controllerOf({ metadata }: Pod): string | undefined {
	return metadata.ownerReferences?.find(({ controller }) => controller === true)?.kind
}

function nameOf(word: string): string {
	return word.replace(/^(no|nodes?)\//i, "")
}
