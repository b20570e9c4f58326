import { Command } from "commander"
import type { Shell } from "../shell.ts"
import { rolloutUndoCommand } from "./rollout-undo.ts"

const EXAMPLES = `
Examples:
  rollcall rollout undo ds/fluentd -n logging    back to the newest revision that was healthy
  rollcall rollout undo ds/fluentd --dry-run     what it would write`

/** kubectl's `rollout`, through git. */
export function rolloutCommand(shell: Shell): Command {
	return new Command("rollout")
		.description("one DaemonSet's rollouts: undo takes it back, by a commit")
		.addCommand(rolloutUndoCommand(shell))
		.addHelpText("after", EXAMPLES)
}
