import { Command, Option } from "commander"
import { parseDuration } from "../../base/index.ts"
import type { RolloutRow, Why } from "../../history/index.ts"
import { type DaemonSet, keyParts, type ObjectKey } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { repositoryFlag, type SharedFlags, stateDirOf } from "../flags.ts"
import { EXIT, type Shell } from "../shell.ts"
import type { Reader } from "../world.ts"
import { daemonSetWord, oneDaemonSet } from "./daemonset-argument.ts"

type Flags = SharedFlags & { readonly output?: string; readonly watch: boolean; readonly timeout: number }

const TIMED_OUT = 4
const SUPERSEDED = 5
const LOOK_EVERY_MS = 500
/** kubectl's line where what was written is not what runs. */
const HELD = "Waiting for daemon set spec update to be observed..."

const EXAMPLES = `
Examples:
  rollcall rollout status ds/fluentd -n logging              waits until it is over
  rollcall rollout status ds/fluentd --timeout 5m
  rollcall rollout status ds/fluentd --watch=false           says where it is, and ends
  rollcall rollout status ds/fluentd -o json                 the end as a document, with the causes

Exit code: 0 done (or, with --watch=false, going on), 1 failed, 4 timed out, 5 superseded by a newer rollout.
Failed is what is stuck for another cause than dead nodes, what Rollcall paused by itself, and where what runs is done
while a newer version is held.`

export function rolloutStatusCommand(shell: Shell): Command {
	const command = new Command("status")
		.description("where the newest rollout of a DaemonSet is, until it is over")
		.argument("<daemonset...>", "ds/NAME")
		.option("-n, --namespace <name>", "its namespace")
		.option("-w, --watch", "wait until it is over; --watch=false: say where it is, and end", true)
		.addOption(new Option("--no-watch").hideHelp())
		.option("-o, --output <format>", "json or yaml: one document, at the end")
		.option("--timeout <duration>", "give up after so long (90s, 5m); 0: never", duration, 0)
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(command).action(async (names: readonly string[], _, self: Command) => {
		shell.exitCode = await status(shell, daemonSetWord(names), self.optsWithGlobals<Flags>())
	})
}

type Seen = {
	readonly at: number
	readonly daemonSet: ObjectKey
	/** kubectl's line. */
	readonly message: string
	readonly why: Why | undefined
	readonly newest: RolloutRow | undefined
	/** Why what the branch says is not taken, where it is held. */
	readonly waiting: string | undefined
	/** The end, where it is one. */
	readonly code: number | undefined
}

async function status(shell: Shell, name: string, flags: Flags): Promise<number> {
	const { output } = flags
	if (output !== undefined && output !== "json" && output !== "yaml")
		throw new CliError(`Cannot print as "${output}"`, { next: "use -o json or yaml" })
	if (output === undefined) return (await watch(shell, name, flags, await lines(shell))).code
	const { code, seen } = await watch(shell, name, flags, () => {})
	if (seen !== undefined) shell.terminal.out(await document(seen, code, output))
	return code
}

type Told = (seen: Seen) => void

/** kubectl's line where it is another than before, and ours where there is something new. */
async function lines(shell: Shell): Promise<Told> {
	const [{ visible }, { newsOf }] = await Promise.all([import("../output/visible.ts"), import("../ledger/why.ts")])
	let message = ""
	let news = ""
	return (seen) => {
		if (seen.message !== message) shell.terminal.out(visible(`${seen.message}\n`))
		message = seen.message
		const { why } = seen
		if (why === undefined || why.state === "done" || newsOf(why) === news) return
		news = newsOf(why)
		shell.terminal.out(visible(`${why.sentence}\n`))
	}
}

async function watch(
	shell: Shell,
	name: string,
	flags: Flags,
	told: Told,
): Promise<{ readonly code: number; readonly seen?: Seen }> {
	const [{ visible }, { systemClock }] = await Promise.all([import("../output/visible.ts"), import("../clock.ts")])
	const began = systemClock.monotonic()
	let first: Seen | undefined
	let last: Seen | undefined
	while (!shell.signal.aborted) {
		const seen = await look(shell, name, flags, last)
		first ??= seen
		if (first.newest !== undefined && seen.newest?.rollout !== first.newest.rollout) {
			shell.terminal.err(`rollout ${first.newest.rollout} was superseded by rollout ${seen.newest?.rollout}`)
			return { code: SUPERSEDED, seen }
		}
		told(seen)
		if (seen.code === EXIT.failed) shell.terminal.err(visible(`error: ${failure(seen)}`))
		if (seen.code !== undefined || !flags.watch) return { code: seen.code ?? EXIT.ok, seen }
		last = seen
		const left = flags.timeout === 0 ? LOOK_EVERY_MS : began + flags.timeout - systemClock.monotonic()
		if (left <= 0) {
			shell.terminal.err("error: timed out waiting for the condition")
			return { code: TIMED_OUT, seen }
		}
		await systemClock.sleep(Math.min(left, LOOK_EVERY_MS), shell.signal)
	}
	return { code: EXIT.interrupted }
}

/** What is recorded now; as before, without restoring the cluster, where neither time nor the rollout went on. */
async function look(shell: Shell, name: string, flags: Flags, last: Seen | undefined): Promise<Seen> {
	const { openReader } = await shell.world()
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		const daemonSet = await oneDaemonSet(reader, name, flags.namespace)
		const [newest] = reader.ledger.rollouts({ daemonSet, limit: 1 })
		const at = reader.cluster.now()
		const waiting = reader.waiting.get(daemonSet) ?? (await heldBy(shell, reader, daemonSet, flags))
		const isAsBefore = last?.waiting === waiting
		if (
			isAsBefore &&
			last?.at === at &&
			last.newest?.verdict === newest?.verdict &&
			last.newest?.rollout === newest?.rollout
		)
			return last
		const object = reader.cluster.read(daemonSet) as DaemonSet | undefined
		if (object === undefined) throw notFound(daemonSet)
		const why = reader.cluster.why(daemonSet)
		const { message, code } = await judge(object, newest, why)
		// What runs may be done; what was asked for is not.
		const isHeld = waiting !== undefined && code === EXIT.ok
		if (isHeld) return { at, daemonSet, why, newest, waiting, message: HELD, code: EXIT.failed }
		return { at, daemonSet, why, newest, waiting, message, code }
	} finally {
		reader.close()
	}
}

/** The newest commit, where that is held and changes the DaemonSet; and how to go on. */
async function heldBy(
	shell: Shell,
	{ ledger }: Reader,
	daemonSet: ObjectKey,
	flags: Flags,
): Promise<string | undefined> {
	const { heldFor } = await import("../ledger/held.ts")
	const held = heldFor(ledger, daemonSet)
	if (held === undefined) return undefined
	const { following } = await shell.world()
	const { suspension } = await following(stateDirOf(flags, shell))
	const { commit, subject } = held.commit
	const short = commit.slice(0, 8)
	const next = suspension === undefined ? `rollcall show ${short} tells more` : "it goes on with: rollcall resume"
	return `${short} ${subject} is held: ${held.reason}; ${next}`
}

async function judge(
	object: DaemonSet,
	newest: RolloutRow | undefined,
	why: Why | undefined,
): Promise<Pick<Seen, "message" | "code">> {
	const [{ rolloutStatus }, { AUTOMATON }] = await Promise.all([
		import("../../cluster/index.ts"),
		import("../../history/index.ts"),
	])
	const said = rolloutStatus(object)
	if (said.state === "error") throw new CliError(said.message)
	if (said.done && why?.state !== "failing") return { message: said.message, code: EXIT.ok }
	// kubectl counts no dead nodes, so that a version that killed them is done in its words (rule N7).
	const hasFailed = said.done || why?.pause?.by === AUTOMATON || (newest?.verdict === "stuck" && !mayGoOn(why))
	return { message: said.message, code: hasFailed ? EXIT.failed : undefined }
}

/** A dead node may return, and a person resumes what a person paused: that is not the version's failure. */
function mayGoOn(why: Why | undefined): boolean {
	if (why === undefined) return false
	if (why.state === "paused") return true
	return why.state !== "failing" && why.causes.some(({ cause }) => cause === "node-dead")
}

function failure({ newest, why, waiting }: Seen): string {
	if (waiting !== undefined) return waiting
	if (why?.pause?.reason !== undefined) return why.pause.reason
	return `rollout ${newest?.rollout} is stuck: ${newest?.reason ?? why?.sentence ?? "nothing is left to happen"}`
}

async function document(
	{ daemonSet, message, why, newest, waiting }: Seen,
	code: number,
	format: "json" | "yaml",
): Promise<string> {
	const [{ formatDocument, record }, { whyJson }, { objectJson }] = await Promise.all([
		import("../output/document.ts"),
		import("../ledger/why.ts"),
		import("../ledger/json.ts"),
	])
	return formatDocument(
		record("RolloutStatus", {
			daemonSet: objectJson(daemonSet),
			...(newest === undefined ? {} : { rollout: newest.rollout }),
			verdict: VERDICTS.get(code) ?? newest?.verdict ?? "running",
			message,
			...(why === undefined ? {} : { why: whyJson(why) }),
			...(waiting === undefined ? {} : { waiting }),
		}),
		format,
	)
}

const VERDICTS: ReadonlyMap<number, string> = new Map([
	[EXIT.failed, "failed"],
	[TIMED_OUT, "timed-out"],
	[SUPERSEDED, "superseded"],
])

function notFound(daemonSet: ObjectKey): CliError {
	const { name } = keyParts(daemonSet)
	const next = `it was deleted: rollcall history ds/${name} has what the ledger remembers`
	return new CliError(`Error from server (NotFound): daemonsets.apps "${name}" not found`, { next })
}

function duration(text: string): number {
	const durationMs = parseDuration(text)
	if (durationMs !== undefined) return durationMs
	throw new CliError(`Cannot read --timeout "${text}"`, { next: "write 90s or 5m; 0: never" })
}
