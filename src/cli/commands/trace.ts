import { Command } from "commander"
import type { ObjectKey } from "../../kube/index.ts"
import { commitNamed } from "../commit-named.ts"
import { CliError } from "../failure.ts"
import { listFlags, listFormat, repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { TraceRow } from "../ledger/rows.ts"
import type { TraceSubject } from "../ledger/trace.ts"
import { clusterAt, type MomentFlags, momentFlag } from "../moment.ts"
import type { ClusterReader } from "../reader.ts"
import type { Shell } from "../shell.ts"
import type { Reader } from "../world.ts"
import { oneDaemonSet } from "./daemonset-argument.ts"

type Flags = SharedFlags & MomentFlags & { readonly header?: boolean }

/** What to print, and what to say where that is nothing. */
type Trace = { readonly subject: TraceSubject; readonly rows: readonly TraceRow[]; readonly none: string }

const EXAMPLES = `
Examples:
  rollcall trace node/general-7                    what runs there, which commit brought it, since when
  rollcall trace ds/fluentd -n logging -o wide     which node runs which revision, by which commit and rollout
  rollcall trace commit/4f2c1e9a                   what a commit put on which node, and whether it still runs
  rollcall trace commit/HEAD~1                     named as git does
  rollcall trace node/general-7 --at 2026-03-02T12:00:00Z
  rollcall trace ds/fluentd --at 2h                two hours ago`

export function traceCommand(shell: Shell): Command {
	const command = new Command("trace")
		.description("which commit, author and rollout put what where, and when")
		.argument("<what>", "node/NAME (or the name alone), ds/NAME or commit/REV")
		.option("-n, --namespace <name>", "of the DaemonSet")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(momentFlag(listFlags(command))).action(async (what: string, _, self: Command) => {
		shell.exitCode = await trace(shell, what, self.optsWithGlobals<Flags>())
	})
}

async function trace(shell: Shell, what: string, flags: Flags): Promise<number> {
	const format = listFormat(flags.output)
	const { openReader } = await shell.world()
	const { printTrace } = await import("../ledger/print.ts")
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const cluster = await clusterAt(reader, flags)
		const { rows, subject, none } = await traceOf(reader, cluster, what, flags)
		if (rows.length === 0 && format !== "json" && format !== "yaml") {
			shell.terminal.err(none)
			return 0
		}
		const noHeaders = flags.headers === false || flags.header === false
		const options = { format, now: cluster.now(), paint: shell.terminal.paint, noHeaders }
		shell.terminal.out(printTrace(rows, subject, options))
		return 0
	} finally {
		reader.close()
	}
}

async function traceOf(reader: Reader, cluster: ClusterReader, what: string, flags: Flags): Promise<Trace> {
	const { traceCommit, traceDaemonSet, traceNode } = await import("../ledger/trace.ts")
	const { ledger } = reader
	const rolloutsOf = (daemonSet: ObjectKey) => ledger.rollouts({ daemonSet })
	const then = flags.at === undefined ? "" : " at that time"
	if (/^(ds|daemonsets?)(\.apps)?\//i.test(what)) {
		const rows = traceDaemonSet(cluster, rolloutsOf, await oneDaemonSet(reader, what, flags.namespace))
		return { subject: "daemonset", rows, none: `No pods of ${what}${then}` }
	}
	if (/^commit\//i.test(what)) {
		const { commit, rollouts, verdict, reason } = await commitNamed(reader, what.slice("commit/".length))
		const why = reason === undefined ? verdict : `${verdict}: ${reason}`
		const none = `Commit ${commit.commit.slice(0, 8)} put no pod on any node${then} (${why})`
		return { subject: "commit", rows: traceCommit(cluster, ledger, rollouts), none }
	}
	const node = what.replace(/^(no|nodes?)\//i, "")
	if (node.includes("/")) {
		throw new CliError(`Cannot trace ${what}`, {
			next: "name a node (node/NAME), a DaemonSet (ds/NAME) or a commit (commit/REV)",
		})
	}
	if (flags.at === undefined) requireNode(reader, node)
	return {
		subject: "node",
		rows: traceNode(cluster, rolloutsOf, node),
		none: `No pods of DaemonSets on ${node}${then}`,
	}
}

function requireNode({ cluster }: Reader, node: string): void {
	if (cluster.read(`/Node//${node}`)) return
	throw new CliError(`Error from server (NotFound): nodes "${node}" not found`, {
		next: "rollcall get nodes lists them; --at TIME looks into the past",
	})
}
