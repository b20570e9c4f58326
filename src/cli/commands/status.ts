import { Command } from "commander"
import { formatInstant, type JsonObject } from "../../base/index.ts"
import type { CommitRow, RolloutRow, Why } from "../../history/index.ts"
import { CliError } from "../failure.ts"
import { repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"
import type { Following, Reader } from "../world.ts"

const EXAMPLES = `
Examples:
  rollcall status                      what is followed, by whom, what goes on, and who stopped what
  rollcall status -o json | jq .suspended`

export function statusCommand(shell: Shell): Command {
	const command = new Command("status")
		.description("where everything stands: the branch, the newest commit, what rolls out, and who stopped what")
		.option("-o, --output <format>", "json or yaml")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(command).action(async (_, self: Command) => {
		await status(shell, self.optsWithGlobals<SharedFlags>())
	})
}

/** What it says, before it is laid out. */
type Standing = {
	readonly following: Following
	readonly now: number
	readonly commit: CommitRow | undefined
	/** Newest rollouts that are not complete, each with what keeps it. */
	readonly open: readonly { readonly row: RolloutRow; readonly why: Why }[]
	/** DaemonSets whose rolling update stands still, also where nothing rolls. */
	readonly paused: readonly { readonly daemonSet: string; readonly sentence: string }[]
}

async function status(shell: Shell, flags: SharedFlags): Promise<void> {
	const { output } = flags
	if (output !== undefined && output !== "json" && output !== "yaml")
		throw new CliError(`Cannot print as "${output}"`, { next: "use -o json or yaml" })
	const world = await shell.world()
	const directory = stateDirOf(flags, shell)
	const reader = await world.openReader(directory)
	try {
		const standing = await look(reader, await world.following(directory))
		shell.terminal.out(output === undefined ? await text(standing) : await document(standing, output))
	} finally {
		reader.close()
	}
}

async function look(reader: Reader, following: Following): Promise<Standing> {
	const { keyOf, pauseOf, sayPause } = await import("../../kube/index.ts")
	const { placeOf } = await import("../ledger/words.ts")
	const { cluster, ledger } = reader
	const open: { row: RolloutRow; why: Why }[] = []
	const paused: { daemonSet: string; sentence: string }[] = []
	for (const object of cluster.list({ group: "apps", kind: "DaemonSet" })) {
		const daemonSet = keyOf(object)
		const pause = pauseOf(object)
		if (pause !== undefined) paused.push({ daemonSet: placeOf(daemonSet), sentence: sayPause(pause) })
		const [row] = ledger.rollouts({ daemonSet, limit: 1 })
		if (row === undefined || row.verdict === "complete") continue
		const why = cluster.why(daemonSet)
		if (why !== undefined) open.push({ row, why })
	}
	const [commit] = ledger.commits({ limit: 1 })
	return { following, now: cluster.now(), commit, open, paused }
}

async function text({ following, now, commit, open, paused }: Standing): Promise<string> {
	const [{ alignTabs }, { oneLine }, { placeOf, shortCommit, timeText }, { saySuspension }] = await Promise.all([
		import("../output/table.ts"),
		import("../output/visible.ts"),
		import("../ledger/words.ts"),
		import("../../engine/index.ts"),
	])
	const { tracked, suspension, holder } = following
	const head = [
		`Repository:\t${tracked === undefined ? "<none>" : oneLine(`${tracked.repository} (${tracked.branch})`)}`,
		`Source:\t${suspension === undefined ? "followed" : oneLine(saySuspension(suspension))}`,
		`Running:\t${holder === undefined ? "no" : oneLine(`process ${holder.pid} on ${holder.host} since ${holder.since} (${holder.what})`)}`,
		`Commit:\t${commit === undefined ? "<none>" : oneLine(`${shortCommit(commit.commit)} ${commit.verdict}: ${commit.subject} — ${commit.author}`)}`,
		...(commit?.reason === undefined ? [] : [`\t${oneLine(commit.reason)}`]),
		`Drift:\t${sayDrift(following)}`,
		`Cluster time:\t${timeText(now)}`,
	]
	const rollouts = open.map(
		({ row, why }) => `  ${placeOf(row.daemonSet)}\trollout ${row.rollout}\t${oneLine(why.sentence)}`,
	)
	const pauses = paused.map(({ daemonSet, sentence }) => `  ${daemonSet}\t${oneLine(sentence)}`)
	const section = (title: string, lines: readonly string[]): string =>
		lines.length === 0 ? `${title} none\n` : `${title}\n${alignTabs(lines.join("\n"))}`
	return `${alignTabs(head.join("\n"))}${section("Rollouts that are not complete:", rollouts)}${section("Paused:", pauses)}`
}

function sayDrift({ drift = "heal", suspension }: Following): string {
	if (drift === "heal" && suspension !== undefined) return "told, and left until: rollcall resume"
	return { heal: "put back", report: "told, and left", ignore: "not looked for" }[drift]
}

async function document(standing: Standing, format: "json" | "yaml"): Promise<string> {
	const [{ formatDocument, record }, { commitJson, rolloutJson }] = await Promise.all([
		import("../output/document.ts"),
		import("../ledger/json.ts"),
	])
	const { following, now, commit, open, paused } = standing
	const { tracked, suspension, drift, holder } = following
	const content: JsonObject = {
		clusterAt: formatInstant(now),
		...(tracked === undefined ? {} : { repository: tracked.repository, branch: tracked.branch, paths: tracked.paths }),
		...(suspension === undefined ? {} : { suspended: { ...suspension } }),
		...(holder === undefined ? {} : { running: { ...holder } }),
		...(commit === undefined ? {} : { commit: commitJson(commit) }),
		drift: drift ?? "heal",
		rollouts: open.map(({ row, why }) => rolloutJson(row, why)),
		paused: paused.map((one) => ({ ...one })),
	}
	return formatDocument(record("Status", content), format)
}
