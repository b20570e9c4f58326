import { Command } from "commander"
import type { DecidedEntry } from "../../history/index.ts"
import { CliError } from "../failure.ts"
import { count, listFlags, listFormat, namespaceFlags, repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import { whyOfRollout } from "../reader.ts"
import type { Shell } from "../shell.ts"
import type { Reader } from "../world.ts"

type Flags = SharedFlags & {
	readonly commits?: boolean
	readonly decisions?: boolean
	readonly forecast?: boolean
	readonly limit: number
	readonly header?: boolean
}

const EXAMPLES = `
Examples:
  rollcall history                       the rollouts of all DaemonSets, newest first
  rollcall history ds/fluentd            those of one, with what git had before the first start
  rollcall history --commits             every commit: applied, superseded, held, refused or unchanged
  rollcall history --decisions           pauses, holds, writes by hand, and drift
  rollcall history --forecast            what rehearsals said of rollouts, and what came of them
  rollcall history -o json | jq '.items[] | select(.verdict == "stuck")'`

export function historyCommand(shell: Shell): Command {
	const command = new Command("history")
		.description("rollouts: who rolled what out where, how long it took, and how it ended")
		.argument("[daemonset]", "ds/NAME; without it, all of them")
		.option("--commits", "commits instead of rollouts: also those that rolled nothing out")
		.option("--decisions", "what was decided, written by hand, and put back instead of rollouts")
		.option("--forecast", "what run --forecast foretold of rollouts, and how far that was off")
		.option("--limit <count>", "at most so many, newest first", count("--limit"), 500)
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(listFlags(namespaceFlags(command))).action(
		async (name: string | undefined, _, self: Command) => {
			shell.exitCode = await history(shell, name, self.optsWithGlobals<Flags>())
		},
	)
}

async function history(shell: Shell, name: string | undefined, flags: Flags): Promise<number> {
	const format = listFormat(flags.output)
	const { openReader } = await shell.world()
	const [
		{ printCommits, printDecisions, printForecasts, printRollouts },
		{ isTold, objectOf },
		{ withProgress },
		{ markQuarantined },
	] = await Promise.all([
		import("../ledger/print.ts"),
		import("../ledger/decisions.ts"),
		import("../ledger/progress.ts"),
		import("../ledger/quarantined.ts"),
	])
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const options = {
			format,
			now: reader.cluster.now(),
			paint: shell.terminal.paint,
			noHeaders: flags.headers === false || flags.header === false,
		}
		if (flags.commits) {
			shell.terminal.out(printCommits(reader.ledger.commits({ limit: flags.limit }), options))
			return 0
		}
		if (flags.decisions) {
			const keys = name === undefined ? undefined : (await select(reader, name, flags)).daemonSets
			const wanted = (entry: DecidedEntry) => isTold(entry) && (keys?.includes(objectOf(entry) ?? "") ?? true)
			shell.terminal.out(printDecisions(reader.ledger.decisions({ limit: flags.limit, wanted }), options))
			return 0
		}
		if (flags.forecast) {
			const { daemonSets: wanted } = await select(reader, name, flags)
			const isOfAll = wanted === undefined && flags.namespace === undefined
			const all = reader.ledger
				.forecasts(isOfAll ? { limit: flags.limit } : {})
				.filter(({ forecast: { daemonSet } }) => {
					const isNamed = wanted === undefined || wanted.includes(daemonSet)
					return isNamed && inNamespace(daemonSet, flags)
				})
			const told = all.slice(0, flags.limit)
			if (told.length === 0 && format !== "json" && format !== "yaml") {
				shell.terminal.err("No forecasts yet: run --forecast makes one of each commit")
				return 0
			}
			shell.terminal.out(printForecasts(told, options))
			return 0
		}
		const { daemonSets, rows, seen } = await select(reader, name, flags)
		if (rows.length + seen.length === 0 && format !== "json" && format !== "yaml") {
			shell.terminal.err(daemonSets ? `No rollouts of ${name} yet` : "No rollouts yet")
			return 0
		}
		const { cluster } = reader
		const marked = markQuarantined(withProgress(rows, cluster), reader.quarantined)
		const shown = daemonSets ?? [...reader.waiting.keys()].filter((key) => inNamespace(key, flags))
		const waiting = shown.flatMap((key) => reader.waiting.get(key) ?? [])
		shell.terminal.out(printRollouts(marked, seen, { ...options, waiting }, (row) => whyOfRollout(cluster, row)))
		return 0
	} finally {
		reader.close()
	}
}

async function select(reader: Reader, name: string | undefined, flags: Flags) {
	const { findDaemonSets } = await import("../ledger/find.ts")
	const { ledger } = reader
	if (name === undefined) {
		// The newest of the namespace, not what is of the namespace among the newest.
		const limit = flags.namespace === undefined ? { limit: flags.limit } : {}
		const all = ledger.rollouts(limit).filter((row) => inNamespace(row.daemonSet, flags))
		const rows = all.slice(0, flags.limit)
		return { daemonSets: undefined, rows, seen: [] }
	}
	const daemonSets = findDaemonSets(reader, name, flags.namespace)
	if (daemonSets.length === 0) {
		throw new CliError(`Cannot find a DaemonSet "${name}" in the ledger or the cluster`, {
			next: "rollcall history lists all rollouts; rollcall get ds -A lists the DaemonSets",
		})
	}
	const rows = daemonSets.flatMap((daemonSet) => ledger.rollouts({ daemonSet, limit: flags.limit }))
	const seen = daemonSets.flatMap((daemonSet) => ledger.seen({ daemonSet, limit: flags.limit }))
	return { daemonSets, rows, seen }
}

function inNamespace(key: string, { namespace }: Flags): boolean {
	return namespace === undefined || key.split("/")[2] === namespace
}
