import { Command, CommanderError } from "commander"
import { asTyped } from "./called.ts"
import { bisectCommand } from "./commands/bisect.ts"
import { checkCommand } from "./commands/check.ts"
import { completionCommand } from "./commands/completion.ts"
import { describeCommand } from "./commands/describe.ts"
import { diffCommand } from "./commands/diff.ts"
import { annotateCommand, deleteCommand, labelCommand } from "./commands/edits.ts"
import { fleetCommand } from "./commands/fleet.ts"
import { getCommand } from "./commands/get.ts"
import { historyCommand } from "./commands/history.ts"
import { kubeconfigCommand } from "./commands/kubeconfig.ts"
import { ledgerCommand } from "./commands/ledger.ts"
import { cordonCommand, drainCommand, uncordonCommand } from "./commands/nodes.ts"
import { planCommand } from "./commands/plan.ts"
import { replayCommand } from "./commands/replay.ts"
import { rolloutCommand } from "./commands/rollout.ts"
import { runCommand } from "./commands/run.ts"
import { showCommand } from "./commands/show.ts"
import { resumeCommand, suspendCommand, syncCommand } from "./commands/source-orders.ts"
import { startCommand } from "./commands/start.ts"
import { statusCommand } from "./commands/status.ts"
import { traceCommand } from "./commands/trace.ts"
import { CliError, exitCodeOf, failureLines } from "./failure.ts"
import { globalFlags, type SharedFlags } from "./flags.ts"
import type { ContextFlags } from "./kubeconfig/context.ts"
import type { MomentFlags } from "./moment.ts"
import { visible } from "./output/visible.ts"
import { EXIT, type Shell } from "./shell.ts"

const DESCRIPTION = `GitOps for Kubernetes DaemonSets: watches a git branch, rolls each commit out over a simulated cluster that behaves as Kubernetes does, and records what happened on every node.`

const EXAMPLES = `
Examples:
  rollcall run                        watch the repository around this folder and roll its commits out
  rollcall get ds -A                  the cluster, in kubectl's columns
  rollcall history ds/fluentd         every rollout: revision, commit, author, nodes, verdict
  rollcall check clusters/prod        what is wrong with these manifests

Every command has its own --help, with examples.`

/** The whole command line; nothing heavy is loaded before a command's action runs. */
export function buildProgram(shell: Shell): Command {
	const program = globalFlags(new Command(shell.called))
		.description(DESCRIPTION)
		.version(shell.version, "-V, --version")
		.configureHelp({ showGlobalOptions: true, sortSubcommands: false })
		.addHelpText("after", EXAMPLES)
		.showSuggestionAfterError()
	for (const make of COMMANDS) program.addCommand(make(shell))
	// What npm start calls; people say run.
	program.addCommand(startCommand(shell), { hidden: true })
	program.hook("preAction", (_, command) => followContext(shell, command))
	quiet(program, shell)
	return program
}

/** What reads and acts does so where kubectl's context leads, unless it is told otherwise. */
async function followContext(shell: Shell, command: Command): Promise<void> {
	const has = (flag: string): boolean => command.options.some(({ long }) => long === flag)
	const flags = command.optsWithGlobals<SharedFlags & MomentFlags & ContextFlags>()
	const isNamed = flags.kubeconfig !== undefined || flags.context !== undefined
	if (flags.state !== undefined || flags.repo !== undefined || !has("--repo")) return
	if (!isNamed && (shell.called === "rollcall" || shell.env["ROLLCALL_STATE"])) return
	const { whereaboutsOf } = await import("./kubeconfig/context.ts")
	const { state, at } = whereaboutsOf(flags, shell) ?? {}
	if (state === undefined) return
	command.setOptionValue("state", state)
	if (at === undefined || flags.at !== undefined) return
	if (has("--at")) command.setOptionValue("at", at)
	else {
		const next = "name another context with --context"
		throw new CliError(`Cannot ${command.name()} at ${at}: kubectl's context is of that past`, { next })
	}
}

const COMMANDS: readonly ((shell: Shell) => Command)[] = [
	runCommand,
	replayCommand,
	statusCommand,
	historyCommand,
	showCommand,
	rolloutCommand,
	suspendCommand,
	resumeCommand,
	syncCommand,
	cordonCommand,
	uncordonCommand,
	drainCommand,
	deleteCommand,
	labelCommand,
	annotateCommand,
	diffCommand,
	planCommand,
	bisectCommand,
	traceCommand,
	getCommand,
	describeCommand,
	kubeconfigCommand,
	checkCommand,
	fleetCommand,
	ledgerCommand,
	completionCommand,
]

/** Runs the command line to its end and gives the exit code; never throws. */
export async function runProgram(shell: Shell, argv: readonly string[]): Promise<number> {
	try {
		await buildProgram(shell).parseAsync(plainWords(argv), { from: "user" })
		return shell.signal.aborted ? EXIT.interrupted : shell.exitCode
	} catch (error) {
		if (error instanceof CommanderError) return error.exitCode
		if (shell.signal.aborted) return EXIT.interrupted
		for (const line of failureLines(error, isDebug(argv))) shell.terminal.err(visible(line))
		return exitCodeOf(error)
	}
}

/** What may come next on the line, for kubectl; never throws. */
export async function completeProgram(shell: Shell, words: readonly string[]): Promise<number> {
	const { completions } = await import("./completion/complete.ts")
	const { kindWords } = await import("./get/kinds.ts")
	shell.terminal.out(completions(buildProgram(shell), words, kindWords()))
	return EXIT.ok
}

/** kubectl's flags that may have a value, though only behind `=`. */
const PLAIN: ReadonlyMap<string, string> = new Map([
	["--watch=true", "--watch"],
	["--watch=false", "--no-watch"],
	["--dry-run=client", "--dry-run"],
	["--dry-run=server", "--dry-run"],
	["--dry-run=none", "--no-dry-run"],
])

function plainWords(argv: readonly string[]): string[] {
	return argv.map((word) => PLAIN.get(word) ?? word)
}

// Commander writes and exits by itself unless told otherwise.
function quiet(command: Command, shell: Shell): void {
	command.exitOverride().configureOutput({
		writeOut: (text) => shell.terminal.out(asTyped(text, shell.called)),
		writeErr: (text) => shell.terminal.err(text.replace(/\n$/, "")),
		getOutHelpWidth: () => shell.terminal.width,
		getErrHelpWidth: () => shell.terminal.width,
	})
	if (command.parent) command.configureHelp({ showGlobalOptions: true })
	for (const below of command.commands) quiet(below, shell)
}

function isDebug(argv: readonly string[]): boolean {
	const at = argv.indexOf("--log-level")
	const level =
		at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith("--log-level="))?.slice("--log-level=".length)
	return level === "debug" || level === "trace"
}
