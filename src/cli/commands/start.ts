import { existsSync } from "node:fs"
import { join, resolve } from "node:path"
import { Command } from "commander"
import { readStory } from "../demo/story.ts"
import { CliError } from "../failure.ts"
import type { Shell } from "../shell.ts"
import { ownClone, pathFrom, stateBase, stateDirFacts } from "../state-dir.ts"
import { type RunFlags, run, runFlags, runOptions } from "./run.ts"

const DEMO_SPEED = 20

const EXAMPLES = `
Examples:
  npm start                                          the demo
  npm start -- ~/fleet --branch main --path clusters/prod
  rollcall start examples/pod-priority               one of the examples`

/** What \`npm start\` runs: the demo without arguments, an example's folder as a repository, else \`run\`. */
export function startCommand(shell: Shell): Command {
	return runFlags(new Command("start"))
		.description("the demo; with a repository: run; with an example's folder: that story")
		.argument("[repository]", "a path or a URL, or an example's folder")
		.addHelpText("after", EXAMPLES)
		.action(async (repository: string | undefined, _, self: Command) => {
			const flags = self.optsWithGlobals<RunFlags>()
			const story = repository === undefined ? demoFolder() : storyFolder(shell, repository)
			if (story === undefined) {
				shell.exitCode = await run(shell, { ...runOptions(shell, repository, flags), walk: false }, flags)
				return
			}
			const given = self.getOptionValueSource("speed") === "cli" ? flags.speed : DEMO_SPEED
			shell.exitCode = await tell(shell, story, { ...flags, speed: given })
		})
}

/** Makes the story's repository in the state directory and runs it from its first commit on. */
async function tell(shell: Shell, folder: string, flags: RunFlags): Promise<number> {
	const name = folder.split(/[/\\]/).at(-1) ?? "demo"
	const repository = join(stateBase(stateDirFacts(flags.state, shell)), "repositories", name)
	const world = await shell.world()
	await world.makeRepository(repository, readStory(folder))
	const here = pathFrom(shell.cwd, repository)
	shell.terminal.err(`A repository to play with: ${repository}
  edit a manifest there, then: git -C ${here} commit -am "your change"
  its rollout starts at once; Ctrl-C stops, and the next start goes on from there`)
	const options = { ...runOptions(shell, repository, flags), allowLocal: true, walk: true }
	return run(shell, options, flags, `a git commit in ${here} rolls out at once; Ctrl-C stops`)
}

function demoFolder(): string {
	const clone = ownClone(import.meta.dirname)
	const folder =
		clone === undefined ? join(import.meta.dirname, "..", "examples", "demo") : join(clone, "examples", "demo")
	if (existsSync(folder)) return folder
	throw new CliError("Cannot find the demo: the folder examples/demo is not beside the program", {
		next: "name a repository of your own: rollcall run PATH-OR-URL",
	})
}

/** An example is a folder of numbered commits. */
function storyFolder(shell: Shell, given: string): string | undefined {
	const folder = resolve(shell.cwd, given)
	if (!existsSync(folder) || existsSync(join(folder, ".git"))) return undefined
	try {
		readStory(folder)
		return folder
	} catch (error) {
		if (error instanceof CliError) return undefined
		throw error
	}
}
