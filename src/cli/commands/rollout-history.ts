import { Command } from "commander"
import type { ControllerRevision } from "../../kube/index.ts"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"
import type { Reader } from "../world.ts"
import { oneDaemonSet } from "./rollout-undo.ts"

const EXAMPLES = `
Examples:
  rollcall rollout history ds/fluentd -n logging
  rollcall rollout history ds/fluentd -o wide      with commit, author and how its newest rollout ended
  rollcall history ds/fluentd                      every rollout, also of revisions that are gone`

export function rolloutHistoryCommand(shell: Shell): Command {
	const command = new Command("history")
		.description("the revisions that the cluster keeps of a DaemonSet")
		.argument("<daemonset>", "ds/NAME")
		.option("-n, --namespace <name>", "its namespace")
		.option("-o, --output <format>", "wide")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(command).action(async (name: string, _, self: Command) => {
		await history(shell, name, self.optsWithGlobals<SharedFlags>())
	})
}

async function history(shell: Shell, name: string, flags: SharedFlags): Promise<void> {
	if (flags.output !== undefined && flags.output !== "wide")
		throw new CliError(`Cannot print as "${flags.output}"`, { next: "use -o wide; rollcall history has -o json" })
	const { openReader } = await shell.world()
	const { visible } = await import("../output/visible.ts")
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const daemonSet = await oneDaemonSet(reader, name, flags.namespace)
		const table = flags.output === "wide" ? await wideTable(reader, daemonSet, shell) : plainTable(reader, daemonSet)
		// kubectl's line has a space at its end, and the table a blank line after it.
		shell.terminal.out(visible(`daemonset.apps/${keyParts(daemonSet).name} \n${table}\n`))
	} finally {
		reader.close()
	}
}

function plainTable(reader: Reader, daemonSet: ObjectKey): string {
	const rows = revisionsOf(reader, daemonSet).map((one) => [`${one.revision}`, causeOf(one)] as const)
	const width = Math.max(...["REVISION", ...rows.map(([revision]) => revision)].map((text) => text.length)) + 2
	return [["REVISION", "CHANGE-CAUSE"] as const, ...rows].map(([a, b]) => `${a.padEnd(width)}${b}\n`).join("")
}

async function wideTable(reader: Reader, daemonSet: ObjectKey, shell: Shell): Promise<string> {
	const [{ formatTable }, { ageAt, authorOf, shortCommit }] = await Promise.all([
		import("../output/table.ts"),
		import("../ledger/words.ts"),
	])
	const { verdictPaint } = await import("../ledger/history.ts")
	const { markQuarantined, verdictText } = await import("../ledger/quarantined.ts")
	const rollouts = markQuarantined(reader.ledger.rollouts({ daemonSet }), reader.quarantined)
	const rows = revisionsOf(reader, daemonSet).map((revision) => {
		const hash = revision.metadata.labels?.["controller-revision-hash"]
		const row = rollouts.find(({ to }) => to.hash === hash)
		const known = row && [
			row.commit ? shortCommit(row.commit.commit) : "<none>",
			authorOf(row.commit, row.trigger),
			{ text: verdictText(row), paint: verdictPaint(row.verdict, shell.terminal.paint) },
			ageAt(row.startedAt, reader.cluster.now()),
		]
		return [`${revision.revision}`, ...(known ?? ["<none>", "<none>", "<none>", "<none>"]), causeOf(revision)]
	})
	return formatTable(["REVISION", "COMMIT", "AUTHOR", "STATE", "AGE", "CHANGE-CAUSE"], rows)
}

/** The revisions that the DaemonSet owns, the lowest number first. */
function revisionsOf({ cluster }: Reader, daemonSet: ObjectKey): readonly ControllerRevision[] {
	const { namespace, name } = keyParts(daemonSet)
	const uid = cluster.read(daemonSet)?.metadata.uid
	if (uid === undefined) {
		throw new CliError(`Error from server (NotFound): daemonsets.apps "${name}" not found`, {
			next: `it was deleted: rollcall history ds/${name} has what the ledger remembers`,
		})
	}
	const all = [...cluster.list({ group: "apps", kind: "ControllerRevision", namespace })] as ControllerRevision[]
	return all
		.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.controller))
		.sort((a, b) => a.revision - b.revision)
}

function causeOf({ metadata }: ControllerRevision): string {
	return metadata.annotations?.["kubernetes.io/change-cause"] || "<none>"
}
