import { createHash } from "node:crypto"
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { basename, dirname, isAbsolute, join, relative, resolve } from "node:path"

export type StateDirFacts = {
	/** What the user gave as `--state`. */
	readonly flag?: string | undefined
	readonly env: { readonly [name: string]: string | undefined }
	readonly cwd: string
	readonly home: string
	/** The root of Rollcall's own clone, where the program runs from one. */
	readonly clone?: string | undefined
}

/** Beside the folders of the repositories: the name of the one that was written to last. */
const CURRENT = "current"
/** The file that is there where a history is. */
export const LEDGER = "ledger.db"

/** What the user named: `--state`, else `ROLLCALL_STATE`. */
function namedDir({ flag, env, cwd }: StateDirFacts): string | undefined {
	const named = flag || env["ROLLCALL_STATE"]
	return named ? resolve(cwd, named) : undefined
}

/** What holds a folder for each repository: `state/` inside Rollcall's own clone, else its XDG state folder. */
function baseDir({ clone, env, home }: StateDirFacts): string {
	if (clone) return join(clone, "state")
	const xdg = env["XDG_STATE_HOME"]
	// The XDG specification has relative paths ignored.
	return join(xdg && isAbsolute(xdg) ? xdg : join(home, ".local", "state"), "rollcall")
}

/** Where all that belongs to no repository is made: the demo's repository. */
export function stateBase(facts: StateDirFacts): string {
	return namedDir(facts) ?? baseDir(facts)
}

/**
 * Where the history of a repository (an absolute path, or a URL without credentials) is written: `--state`, else
 * `ROLLCALL_STATE`, else a folder of its own below the base. Every command finds it by this one rule.
 */
export function stateDir(facts: StateDirFacts, repository: string): string {
	return namedDir(facts) ?? join(baseDir(facts), repositoryFolder(repository))
}

/**
 * Where a command reads that may not have been told which repository: the same rule for the one around the current
 * folder, where that has a history; else what was written to last.
 */
export function stateDirToRead(facts: StateDirFacts, around: string | undefined): string {
	const named = namedDir(facts)
	if (named !== undefined) return named
	const own = join(baseDir(facts), repositoryFolder(around ?? facts.cwd))
	return existsSync(join(own, LEDGER)) ? own : (currentDir(baseDir(facts)) ?? own)
}

/** Notes that this directory was written to last; one that the user named is found by its name alone. */
export async function noteCurrent(facts: StateDirFacts, directory: string): Promise<void> {
	const base = baseDir(facts)
	if (namedDir(facts) !== undefined || dirname(directory) !== base) return
	const { makeDirectory } = await import("./compose/index.ts")
	makeDirectory(base)
	const unfinished = join(base, `${CURRENT}.${process.pid}`)
	writeFileSync(unfinished, `${basename(directory)}\n`)
	renameSync(unfinished, join(base, CURRENT))
}

function currentDir(base: string): string | undefined {
	const path = join(base, CURRENT)
	const name = existsSync(path) ? basename(readFileSync(path, "utf8").trim()) : ""
	return name !== "" && existsSync(join(base, name, LEDGER)) ? join(base, name) : undefined
}

/** The repository's own name, for people, and a hash of where it is, so that two of one name stay apart. */
function repositoryFolder(repository: string): string {
	const name =
		repository
			.replace(/[/\\]+$/, "")
			.replace(/\.git$/, "")
			.split(/[/\\:]/)
			.at(-1) ?? ""
	const hash = createHash("sha256").update(repository).digest("hex").slice(0, 12)
	return `${name.replace(/[^A-Za-z0-9._-]/g, "-").slice(0, 40) || "repository"}-${hash}`
}

/** A path as it is typed from a folder, where that is shorter. */
export function pathFrom(folder: string, path: string): string {
	const shorter = isAbsolute(path) ? relative(folder, path) : path
	return shorter.startsWith("..") || shorter === "" ? path : shorter
}

/** The facts of this process. */
export function stateDirFacts(
	flag: string | undefined,
	shell: { readonly env: StateDirFacts["env"]; readonly cwd: string },
): StateDirFacts {
	return { flag, env: shell.env, cwd: shell.cwd, home: homedir(), clone: ownClone(import.meta.dirname) }
}

/** The folder above `from` that is Rollcall's own clone: its package.json says so and it has a .git beside it. */
export function ownClone(from: string): string | undefined {
	for (let folder = from; ; folder = dirname(folder)) {
		if (existsSync(join(folder, "package.json"))) return isOwnClone(folder) ? folder : undefined
		if (dirname(folder) === folder) return undefined
	}
}

function isOwnClone(folder: string): boolean {
	if (!existsSync(join(folder, ".git"))) return false
	try {
		return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))?.name === "rollcall"
	} catch {
		return false
	}
}
