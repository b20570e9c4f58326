import { existsSync, renameSync, rmSync } from "node:fs"
import { dirname, join } from "node:path"
import { commitFiles, createRepository } from "../../git/index.ts"
import { makeDirectory } from "../../store/index.ts"
import { STORY_START, type StoryCommit } from "../demo/story.ts"

/** Makes a repository of a story's commits; one that is there already stays as it is. */
export async function makeRepository(directory: string, story: readonly StoryCommit[]): Promise<void> {
	if (existsSync(join(directory, ".git"))) return
	makeDirectory(dirname(directory))
	// A kill halfway must not leave half a story: it is made beside, and then moved.
	const unfinished = `${directory}.unfinished`
	rmSync(unfinished, { recursive: true, force: true })
	await createRepository(unfinished)
	let at = STORY_START
	for (const { files, message, author, afterMs } of story) {
		at += afterMs
		await commitFiles(unfinished, "main", { files, message, author, at })
	}
	renameSync(unfinished, directory)
}
