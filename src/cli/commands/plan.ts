import { existsSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { Command, Option } from "commander"
import type { Tracked } from "../../engine/index.ts"
import { type Broken, brokenGates, type Gate, parseGate, parseStrategy, type Strategy } from "../../rehearse/index.ts"
import { type EngineCommandFlags, engineFlags, engineOptions } from "../engine-flags.ts"
import { CliError, orExit } from "../failure.ts"
import { collect, count, repositoryFlag, repositoryOf, stateDirOf } from "../flags.ts"
import { oneLine } from "../output/visible.ts"
import { historyOf, parseRange, readAsBefore, repositoryToRead } from "../revisions.ts"
import type { Shell } from "../shell.ts"
import { type SignatureCommandFlags, signatureFlags, signatureOptions } from "../signature-flags.ts"
import type { PlanOptions, PlanResult } from "../world.ts"

type Flags = EngineCommandFlags &
	SignatureCommandFlags & {
		readonly workTree?: boolean
		readonly file: readonly string[]
		readonly failOn: readonly string[]
		readonly compare: readonly string[]
		readonly behavior: "default" | "learned"
		readonly runs: number
		readonly faults?: number
		readonly fault?: number
		readonly nodes?: boolean
		readonly exitCode?: boolean
	}

// 1 says that something changes, as in diff.
export const COULD_NOT_PLAN = 2
const GATE_FAILED = 3

const EXAMPLES = `
Examples:
  rollcall plan                                    what the branch's tip would do to the cluster
  rollcall plan my-branch --nodes                  and node by node
  rollcall plan v1.4.0..main --fleet nodes.yaml    with nothing running, on nodes of a file
  rollcall plan --work-tree                        before it is committed
  rollcall plan --runs 20 --faults 12              how sure that is, and what can go wrong
  rollcall plan --compare maxUnavailable=1 --compare maxSurge=10%
  rollcall plan origin/my-branch -o markdown > comment.md
  rollcall plan --fail-on 'unavailable > 10%' --fail-on 'duration > 30m' --fail-on findings

Exit code: 0 nothing changes, 1 something does, 2 could not plan, 3 a gate failed. --no-exit-code: changes are 0, too.`

export function planCommand(shell: Shell): Command {
	const command = new Command("plan")
		.description("rehearse a commit: which nodes it restarts, in which order, for how long, and who pays")
		.argument("[range]", "REV, or REV..REV (default: live against the branch)")
		.option("--fail-on <gate>", "fail where a measure is beyond a limit; may be given several times", collect, [])
		.option("--work-tree", "the files as they lie in the work tree, on top of REV")
		.option("-f, --file <file>", "only this file of the work tree; may be given several times", collect, [])
		.addOption(
			new Option(
				"--behavior <from>",
				"how long pods take: as PodBehaviors and defaults say, or past rollouts on record",
			)
				.choices(["default", "learned"])
				.default("default"),
		)
		.option("--runs <n>", "try the commit with this many seeds", count("--runs"), 1)
		.option("--faults <n>", "try it with this many faults: nodes that die, slow pulls, crashes", count("--faults"))
		.option("--fault <number>", "rehearse it with this one of the faults", count("--fault"))
		.option("--compare <strategy>", "and how it would go with maxUnavailable=N or maxSurge=N", collect, [])
		.option("--nodes", "every node in its order")
		.option("-o, --output <format>", "text, json, yaml, markdown, html, junit or sarif")
		.option("--no-exit-code", "end with 0 even where something changes")
		.addHelpText("after", EXAMPLES)
	return repositoryFlag(signatureFlags(engineFlags(command))).action(
		async (range: string | undefined, _, self: Command) => {
			shell.exitCode = await orExit(COULD_NOT_PLAN, () => plan(shell, range, self.optsWithGlobals<Flags>()))
		},
	)
}

async function plan(shell: Shell, range: string | undefined, flags: Flags): Promise<number> {
	const { planFormat, printPlan } = await import("../plan/print.ts")
	const format = planFormat(flags.output)
	const asked = flags.failOn.map((text) => gateOrThrow("--fail-on", text))
	const world = await shell.world()
	const state = stateDirOf(flags, shell)
	const tracked = await world.tracked(state)
	const revisions = parseRange(range)
	const given = repositoryToRead(shell, flags, tracked, revisions.from === undefined)
	const options = { ...engineOptions(shell, given, flags), ...signatureOptions(shell, flags), state }
	const same = historyOf(options, tracked)
	if (tracked !== undefined && same === undefined && revisions.from === undefined) warnOfAnother(shell, state, tracked)
	const result = await world.plan({
		...readAsBefore(options, flags, same),
		...draftOf(shell, flags, options.repository),
		isLearned: flags.behavior === "learned",
		runs: flags.runs,
		strategies: flags.compare.map(strategyOrThrow),
		faults: flags.faults ?? 0,
		...(flags.fault === undefined ? {} : { fault: flags.fault }),
		isLive: same !== undefined && flags.fleet === undefined,
		...revisions,
	})
	const { policy } = result.planned
	const gates = [...asked, ...policy.flatMap((text) => policyGate(shell, text))]
	const broken = worstOf(gates, result)
	await printPlan(format, { result, gates, broken }, shell, flags.nodes === true)
	if (broken.length > 0) return GATE_FAILED
	return result.planned.changes.length > 0 && flags.exitCode !== false ? 1 : 0
}

function warnOfAnother({ terminal }: Shell, state: string, { repository }: Tracked): void {
	const what = `${oneLine(state)} is the history of ${oneLine(repository)}, which is another repository`
	terminal.err(`warning: ${what}: planned after the commit before, not on what runs there`)
}

/** What lies in the work tree, where it is asked for: all of its manifests, or the named ones. */
function draftOf(shell: Shell, { workTree, file }: Flags, repository: string): Pick<PlanOptions, "draft"> {
	if (workTree !== true && file.length === 0) return {}
	const root = repositoryOf(undefined, shell.cwd)
	if (root === undefined || root !== repository) {
		throw new CliError(`Cannot read a work tree of ${repository} here`, {
			next: "go into its work tree, or plan a commit",
		})
	}
	if (file.length === 0) return { draft: { root } }
	const files = file.map((name) => {
		const path = relative(root, resolve(shell.cwd, name))
		if (!existsSync(join(root, path))) throw new CliError(`Cannot plan ${name}: there is no such file`)
		if (path !== "" && !path.startsWith("..")) return path
		throw new CliError(`Cannot plan ${name}: it is not in the work tree ${root}`, {
			next: "put it where it would be committed, and plan it there",
		})
	})
	return { draft: { root, files } }
}

/** A commit passes where it does with every one of its seeds. */
function worstOf(gates: readonly Gate[], { planned, runs }: PlanResult): readonly Broken[] {
	const all = [planned.rehearsed, ...runs].map((rehearsed) => brokenGates(gates, { ...planned, rehearsed }))
	return gates.flatMap((gate) => all.flatMap((broken) => broken.find((one) => one.gate === gate) ?? []).slice(0, 1))
}

function strategyOrThrow(text: string): Strategy {
	const strategy = parseStrategy(text)
	if (!("problem" in strategy)) return strategy
	throw new CliError(`Cannot read --compare: ${strategy.problem}`)
}

/** A gate of the repository's policy; one that cannot be read is told, and judges nothing: no later commit could mend it. */
function policyGate({ terminal }: Shell, text: string): Gate[] {
	const gate = parseGate(text)
	if (!("problem" in gate)) return [gate]
	terminal.err(`warning: the policy in .rollcall.yaml: ${oneLine(gate.problem)}`)
	return []
}

/** The gate that a flag names. */
export function gateOrThrow(flag: string, text: string): Gate {
	const gate = parseGate(text)
	if (!("problem" in gate)) return gate
	throw new CliError(`Cannot read ${flag}: ${gate.problem}`)
}
