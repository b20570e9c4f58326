import { isAbsolute } from "node:path"
import { writeNotes } from "../../git/index.ts"
import { systemClock } from "../clock.ts"
import { CliError } from "../failure.ts"
import { Notes } from "../notes/notes.ts"
import type { OpenedEngine, RunRequest } from "./engine.ts"

/** Keeps notes on the commits of a repository on this machine; `warn` is told what keeps them from being written. */
export function openNotes(
	{ source, state }: OpenedEngine,
	request: Pick<RunRequest, "allowLocal">,
	warn: (problem: unknown) => void,
): Notes {
	const { name: dir } = source
	if (!isAbsolute(dir)) {
		const next = "start it on a clone, or leave --notes away; rollcall history --commits tells the same"
		throw new CliError(`Cannot write notes to ${dir}: that is done only in a repository on this machine`, { next })
	}
	const write = (notes: ReadonlyMap<string, string>, message: string): Promise<number> => {
		const at = Math.floor(systemClock.wall() / 1000)
		return writeNotes({ dir, allowLocal: request.allowLocal === true, notes, message, at })
	}
	return new Notes({ state, write, warn })
}
