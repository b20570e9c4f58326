import { Command } from "commander"
import type { Json } from "../../base/index.ts"
import {
	type ControllerRevision,
	type DaemonSet,
	keyParts,
	type ObjectKey,
	type PodTemplate,
} from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { countOrNone, listFormat, repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { MarkedRollout } from "../ledger/quarantined.ts"
import type { Shell } from "../shell.ts"
import type { Reader } from "../world.ts"
import { daemonSetWord, oneDaemonSet } from "./daemonset-argument.ts"

type Flags = SharedFlags & { readonly revision: number }

const EXAMPLES = `
Examples:
  rollcall rollout history ds/fluentd -n logging
  rollcall rollout history ds/fluentd --revision 3    its pod template
  rollcall rollout history ds/fluentd -o wide         with commit, author and how its newest rollout ended
  rollcall history ds/fluentd                         every rollout, also of revisions that are gone`

export function rolloutHistoryCommand(shell: Shell): Command {
	const command = new Command("history")
		.description("the revisions that the cluster keeps of a DaemonSet")
		.argument("<daemonset...>", "ds/NAME")
		.option("-n, --namespace <name>", "its namespace")
		.option("--revision <number>", "what this revision is; 0: all of them", countOrNone("--revision"), 0)
		.option("-o, --output <format>", "wide, json or yaml")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(command).action(async (names: readonly string[], _, self: Command) => {
		await history(shell, daemonSetWord(names), self.optsWithGlobals<Flags>())
	})
}

async function history(shell: Shell, name: string, flags: Flags): Promise<void> {
	const format = listFormat(flags.output)
	if (format === "name") throw new CliError(`Cannot print as "name"`, { next: "use -o wide, json or yaml" })
	const { openReader } = await shell.world()
	const { visible } = await import("../output/visible.ts")
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const daemonSet = await oneDaemonSet(reader, name, flags.namespace)
		const { revision } = flags
		if (format === "json" || format === "yaml") {
			shell.terminal.out(await document(reader, daemonSet, revision, format))
			return
		}
		const what = `daemonset.apps/${keyParts(daemonSet).name}`
		if (revision > 0) {
			const { templateLines } = await import("../describe/daemonset.ts")
			const { alignTabs } = await import("../output/table.ts")
			const template = alignTabs(templateLines(asOf(reader, daemonSet, revision).spec.template).join("\n"))
			shell.terminal.out(visible(`${what} with revision #${revision}\n${template}\n`))
			return
		}
		const table = format === "wide" ? await wideTable(reader, daemonSet, shell) : plainTable(reader, daemonSet)
		// kubectl's line has a space at its end, and the table a blank line after it.
		shell.terminal.out(visible(`${what} \n${table}\n`))
	} finally {
		reader.close()
	}
}

function plainTable(reader: Reader, daemonSet: ObjectKey): string {
	const rows = revisionsOf(reader, daemonSet).map((one) => [`${one.revision}`, causeOf(one)] as const)
	const width = Math.max(...["REVISION", ...rows.map(([revision]) => revision)].map((text) => text.length)) + 2
	return [["REVISION", "CHANGE-CAUSE"] as const, ...rows].map(([a, b]) => `${a.padEnd(width)}${b}\n`).join("")
}

type Known = { readonly revision: ControllerRevision; readonly rollout: MarkedRollout | undefined }

/** Each revision with the newest rollout to it, where the ledger has one. */
async function known(reader: Reader, daemonSet: ObjectKey): Promise<readonly Known[]> {
	const { markQuarantined } = await import("../ledger/quarantined.ts")
	const rollouts = markQuarantined(reader.ledger.rollouts({ daemonSet }), reader.quarantined)
	return revisionsOf(reader, daemonSet).map((revision) => {
		const hash = revision.metadata.labels?.["controller-revision-hash"]
		return { revision, rollout: rollouts.find(({ to }) => to.hash === hash) }
	})
}

async function wideTable(reader: Reader, daemonSet: ObjectKey, shell: Shell): Promise<string> {
	const [{ formatTable }, { ageAt, authorOf, shortCommit }, { verdictPaint }, { verdictText }] = await Promise.all([
		import("../output/table.ts"),
		import("../ledger/words.ts"),
		import("../ledger/history.ts"),
		import("../ledger/quarantined.ts"),
	])
	const rows = (await known(reader, daemonSet)).map(({ revision, rollout: row }) => {
		const told = row && [
			row.commit ? shortCommit(row.commit.commit) : "<none>",
			authorOf(row.commit, row.trigger),
			{ text: verdictText(row), paint: verdictPaint(row.verdict, shell.terminal.paint) },
			ageAt(row.startedAt, reader.cluster.now()),
		]
		return [`${revision.revision}`, ...(told ?? ["<none>", "<none>", "<none>", "<none>"]), causeOf(revision)]
	})
	return formatTable(["REVISION", "COMMIT", "AUTHOR", "STATE", "AGE", "CHANGE-CAUSE"], rows)
}

/** One revision as kubectl gives it, or all of them, which kubectl cannot. */
async function document(reader: Reader, daemonSet: ObjectKey, revision: number, format: "json" | "yaml") {
	const [{ envelope, formatDocument, sortMembers }, { rolloutJson }] = await Promise.all([
		import("../output/document.ts"),
		import("../ledger/json.ts"),
	])
	if (revision > 0) return formatDocument(sortMembers(asOf(reader, daemonSet, revision) as unknown as Json), format)
	const items = (await known(reader, daemonSet)).map(({ revision: one, rollout }) => ({
		revision: one.revision,
		changeCause: one.metadata.annotations?.["kubernetes.io/change-cause"] ?? "",
		...(rollout === undefined ? {} : { rollout: rolloutJson(rollout) }),
	}))
	return formatDocument(envelope("RevisionList", items), format)
}

/** The DaemonSet with the template of one revision. */
function asOf(reader: Reader, daemonSet: ObjectKey, revision: number): DaemonSet {
	const one = revisionsOf(reader, daemonSet).find((candidate) => candidate.revision === revision)
	const live = reader.cluster.read(daemonSet) as DaemonSet | undefined
	if (one === undefined || live === undefined) {
		throw new CliError("unable to find the specified revision", {
			next: `rollcall rollout history ds/${keyParts(daemonSet).name} lists those that the cluster keeps`,
		})
	}
	const spec = one.data?.["spec"] as { readonly template: PodTemplate & { readonly $patch: string } }
	const { $patch: _, ...template } = spec.template
	return { ...live, spec: { ...live.spec, template } }
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
