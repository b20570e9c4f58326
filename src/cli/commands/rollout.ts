import { Command } from "commander"
import type { Shell } from "../shell.ts"
import { rolloutHistoryCommand } from "./rollout-history.ts"
import { rolloutOrderCommands } from "./rollout-orders.ts"
import { rolloutReleaseCommand } from "./rollout-release.ts"
import { rolloutStatusCommand } from "./rollout-status.ts"
import { rolloutUndoCommand } from "./rollout-undo.ts"

const EXAMPLES = `
Examples:
  rollcall rollout status ds/fluentd             waits for its end: 0 done, 1 failed, 4 timed out, 5 superseded
  rollcall rollout history ds/fluentd            its revisions, as kubectl lists them
  rollcall rollout pause ds/fluentd              no further node, until: rollcall rollout resume ds/fluentd
  rollcall rollout restart ds/fluentd            every pod anew
  rollcall rollout undo ds/fluentd -n logging    back to the newest revision that was healthy
  rollcall rollout undo ds/fluentd --dry-run     what it would write
  rollcall rollout release ds/fluentd            lets in again what it was rolled back from`

/** kubectl's `rollout`; undo goes through git. */
export function rolloutCommand(shell: Shell): Command {
	const rollout = new Command("rollout")
		.description("one DaemonSet's rollouts, in kubectl's words; undo takes it back, by a commit")
		.addCommand(rolloutStatusCommand(shell))
		.addCommand(rolloutHistoryCommand(shell))
		.addCommand(rolloutUndoCommand(shell))
		.addCommand(rolloutReleaseCommand(shell))
		.addHelpText("after", EXAMPLES)
	for (const command of rolloutOrderCommands(shell)) rollout.addCommand(command)
	return rollout
}
