import { Command } from "commander"
import type { Order } from "../../engine/index.ts"
import { type AskFlags, act, askFlags } from "../control/asked.ts"
import { actFlag, repositoryFlag, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"

const SUSPEND = `
Examples:
  rollcall suspend --reason "change freeze"
  rollcall resume

Commits are seen and recorded as held; rollouts that go on are not stopped ("rollcall rollout pause" does that). Drift is
told and not put back. It lasts over restarts; "rollcall status" tells who did it.`

const RESUME = `
Examples:
  rollcall resume
  rollcall resume --reason "freeze is over"`

const SYNC = `
Examples:
  rollcall sync
  rollcall sync --timeout 2m

It looks at the branch at once, and compares every object: what was refused is tried again, and drift is put back. Where no
rollcall runs, the next start does so.`

/** Flux's `suspend`: no commit is applied. */
export function suspendCommand(shell: Shell): Command {
	return orderCommand(shell, "suspend", "suspend", { name: "source", done: "suspended" })
		.description("no commit is applied, until: rollcall resume")
		.addHelpText("after", SUSPEND)
}

export function resumeCommand(shell: Shell): Command {
	return orderCommand(shell, "resume", "resume-source", { name: "source", done: "resumed" })
		.description("commits are applied again, those held by rollcall suspend first")
		.addHelpText("after", RESUME)
}

export function syncCommand(shell: Shell): Command {
	return orderCommand(shell, "sync", "sync", { name: "sync", done: "requested" })
		.alias("reconcile")
		.description("look at the branch now, and try again what was refused")
		.addHelpText("after", SYNC)
}

function orderCommand(
	shell: Shell,
	name: string,
	kind: Extract<Order["kind"], "suspend" | "resume-source" | "sync">,
	told: { readonly name: string; readonly done: string },
): Command {
	return repositoryFlag(actFlag(askFlags(new Command(name)))).action(async (_, self: Command) => {
		const flags = self.optsWithGlobals<AskFlags>()
		await act(shell, stateDirOf(flags, shell), { order: { kind }, ...told }, flags)
	})
}
