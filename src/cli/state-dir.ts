import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { homedir } from "node:os"
import { dirname, isAbsolute, join, resolve } from "node:path"
import { CliError } from "./failure.ts"

export type StateDirFacts = {
	/** What the user gave as `--state`. */
	readonly flag?: string | undefined
	readonly env: { readonly [name: string]: string | undefined }
	readonly cwd: string
	readonly home: string
	/** The root of Rollcall's own clone, where the program runs from one. */
	readonly clone?: string | undefined
	/** Whose history `state/` of the clone holds already. */
	readonly owner?: string | undefined
	/** The repository: an absolute path, or a URL without credentials. */
	readonly repository: string
}

/**
 * Where the ledger of a repository is: `--state`, else `ROLLCALL_STATE`, else `state/` inside Rollcall's own clone (a
 * folder in it where it holds another repository's history already), else the XDG state folder, by repository. Every
 * command finds it by this one rule.
 */
export function chooseStateDir(facts: StateDirFacts): string {
	if (facts.flag) return resolve(facts.cwd, facts.flag)
	const named = facts.env["ROLLCALL_STATE"]
	if (named) return resolve(facts.cwd, named)
	if (facts.clone) {
		const state = join(facts.clone, "state")
		const own = [undefined, facts.repository].includes(facts.owner) || facts.repository === facts.clone
		return own ? state : join(state, repositoryFolder(facts.repository))
	}
	const xdg = facts.env["XDG_STATE_HOME"]
	// The XDG specification has relative paths ignored.
	const base = xdg && isAbsolute(xdg) ? xdg : join(facts.home, ".local", "state")
	return join(base, "rollcall", repositoryFolder(facts.repository))
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

/** The same for this process. */
export function stateDir(flag: string | undefined, repository: string, cwd: string): string {
	const clone = ownClone(import.meta.dirname)
	const owner = clone === undefined ? undefined : ownerOf(join(clone, "state"))
	return chooseStateDir({ flag, env: process.env, cwd, home: homedir(), clone, owner, repository })
}

const OWNER = "repository"

/** Writes down whose history a directory holds; throws a CliError where it is another repository's. */
export function claimStateDir(directory: string, repository: string): void {
	const owner = ownerOf(directory)
	if (owner === repository) return
	if (owner !== undefined) {
		throw new CliError(`Cannot use ${directory} for ${repository}: it holds the history of ${owner}`, {
			next: "give it a directory of its own: --state DIR",
		})
	}
	mkdirSync(directory, { recursive: true })
	writeFileSync(join(directory, OWNER), `${repository}\n`)
}

function ownerOf(directory: string): string | undefined {
	const path = join(directory, OWNER)
	return existsSync(path) ? readFileSync(path, "utf8").trim() : undefined
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
