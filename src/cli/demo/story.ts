import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { type Instant, parseDuration } from "../../base/index.ts"
import type { Person } from "../../history/index.ts"
import { CliError } from "../failure.ts"

/** One commit of a story: what `commitFiles` needs, and how long after the one before it came. */
export type StoryCommit = {
	/** The folder: `02-network`. */
	readonly name: string
	readonly author: Person
	readonly afterMs: number
	readonly message: string
	/** Path in the repository to text; null where the commit removes the file. */
	readonly files: ReadonlyMap<string, string | null>
}

/** When the first commit of every story was made, so that the same story gives the same commit ids. */
export const STORY_START: Instant = Date.UTC(2026, 2, 2, 9)

const COMMIT = "commit.txt"

/**
 * The commits of an example's folder, in order: its numbered folders, each with the files that the commit writes and
 * a `commit.txt` (see examples/README.md). Throws a CliError for a folder that is no story.
 */
export function readStory(folder: string): readonly StoryCommit[] {
	const names = existsSync(folder) ? readdirSync(folder).filter((name) => /^\d\d-/.test(name)) : []
	if (names.length === 0) throw new CliError(`Cannot read the story in ${folder}: it has no folder named 01-…`)
	return names.sort().map((name) => readCommit(join(folder, name), name))
}

/** The tree after the first `count` commits of a story: what a checkout of the last of them would hold. */
export function storyTree(commits: readonly StoryCommit[], count = commits.length): ReadonlyMap<string, string> {
	const tree = new Map<string, string>()
	for (const commit of commits.slice(0, count)) {
		for (const [path, text] of commit.files) {
			if (text === null) tree.delete(path)
			else tree.set(path, text)
		}
	}
	return tree
}

function readCommit(folder: string, name: string): StoryCommit {
	const text = readFileSync(join(folder, COMMIT), "utf8")
	const blank = text.indexOf("\n\n")
	const message = blank < 0 ? "" : text.slice(blank + 2).trimEnd()
	const head = blank < 0 ? text : text.slice(0, blank)
	const files = new Map<string, string | null>()
	let author: Person | undefined
	let afterMs: number | undefined = 0
	for (const line of head.split("\n").filter((each) => each !== "")) {
		const [, key, value = ""] = /^(author|after|delete):\s*(.*)$/.exec(line) ?? []
		if (key === "author") author = parsePerson(value)
		else if (key === "after") afterMs = parseDuration(value)
		else if (key === "delete") files.set(value, null)
		else throw new CliError(`Cannot read ${join(folder, COMMIT)}: "${line}" is neither author, after nor delete`)
	}
	if (!author || afterMs === undefined || message === "") {
		throw new CliError(
			`Cannot read ${join(folder, COMMIT)}: it needs "author: Name <email>", "after: 10m" and a message`,
		)
	}
	for (const path of filesBelow(folder)) {
		if (path !== COMMIT) files.set(path, readFileSync(join(folder, path), "utf8"))
	}
	return { name, author, afterMs, message: `${message}\n`, files }
}

function parsePerson(text: string): Person | undefined {
	const [, name, email] = /^(.+?)\s*<([^<>]+)>$/.exec(text) ?? []
	return name === undefined || email === undefined ? undefined : { name, email }
}

function filesBelow(folder: string): readonly string[] {
	const entries = readdirSync(folder, { withFileTypes: true, recursive: true })
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) =>
			join(entry.parentPath, entry.name)
				.slice(folder.length + 1)
				.replaceAll("\\", "/"),
		)
		.sort()
}
