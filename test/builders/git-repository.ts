import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { temporaryDirectory } from "./temporary-directory.ts"

export type TestCommit = {
	/** The whole tree: path to text, or to an entry of any mode (`to` is a text, or an object id for a submodule). */
	readonly files?: Readonly<Record<string, string | { readonly mode: string; readonly to: string }>>
	readonly parents?: readonly string[]
	readonly message?: string
	readonly author?: string
	readonly email?: string
	/** Seconds since 1970. */
	readonly at?: number
}

const ENVIRONMENT = {
	PATH: process.env["PATH"] ?? "",
	HOME: "/nonexistent",
	LC_ALL: "C",
	GIT_CONFIG_NOSYSTEM: "1",
	GIT_CONFIG_GLOBAL: "/dev/null",
	GIT_AUTHOR_NAME: "Ada",
	GIT_AUTHOR_EMAIL: "ada@example.com",
	GIT_COMMITTER_NAME: "Ada",
	GIT_COMMITTER_EMAIL: "ada@example.com",
}

/** A real repository in a directory of the test's, written by git itself and by none of our code. */
export class TestRepository {
	readonly dir: string
	readonly gitDir: string

	constructor(options: { readonly bare?: boolean; readonly format?: "sha1" | "sha256"; readonly dir?: string } = {}) {
		this.dir = options.dir ?? join(temporaryDirectory(), "repository")
		this.gitDir = options.bare ? this.dir : join(this.dir, ".git")
		const kind = [`--object-format=${options.format ?? "sha1"}`, ...(options.bare ? ["--bare"] : [])]
		run(["init", "--quiet", "--initial-branch=main", "--template=", ...kind, this.dir], {})
	}

	git(...args: readonly string[]): string {
		return run(args, { GIT_DIR: this.gitDir }).trim()
	}

	/** One commit, on no branch. */
	commit(commit: TestCommit = {}): string {
		const entries = Object.entries(commit.files ?? {}).map(([path, file]) => {
			const { mode, to } = typeof file === "string" ? { mode: "100644", to: file } : file
			return `${mode} ${mode === "160000" ? to : this.blob(to)}\t${path}\0`
		})
		const index = { GIT_DIR: this.gitDir, GIT_INDEX_FILE: join(this.gitDir, "test.index") }
		run(["read-tree", "--empty"], index)
		run(["update-index", "-z", "--index-info"], index, entries.join(""))
		return this.commitTree(run(["write-tree"], index).trim(), commit)
	}

	commitTree(tree: string, commit: TestCommit): string {
		const at = `@${commit.at ?? 1_700_000_000} +0000`
		const author = { GIT_AUTHOR_NAME: commit.author ?? "Ada", GIT_AUTHOR_EMAIL: commit.email ?? "ada@example.com" }
		return run(
			["commit-tree", tree, ...(commit.parents ?? []).flatMap((parent) => ["-p", parent])],
			{ GIT_DIR: this.gitDir, ...author, GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
			commit.message ?? "a commit",
		).trim()
	}

	/** One commit on top of a branch, which is moved there. */
	push(commit: TestCommit = {}, branch = "main"): string {
		const tip = this.tip(branch)
		const id = this.commit({ ...commit, parents: commit.parents ?? (tip === undefined ? [] : [tip]) })
		this.move(id, branch)
		return id
	}

	move(id: string, branch = "main"): void {
		this.git("update-ref", `refs/heads/${branch}`, id)
	}

	tip(branch = "main"): string | undefined {
		return this.git("for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`) || undefined
	}

	blob(text: string): string {
		return run(["hash-object", "-w", "--stdin"], { GIT_DIR: this.gitDir }, text).trim()
	}

	/** An object of any type and any content, sane or not. */
	object(type: string, content: string | Buffer): string {
		return run(["hash-object", "-t", type, "-w", "--stdin", "--literally"], { GIT_DIR: this.gitDir }, content).trim()
	}

	/** Where an object lies as a file of its own. */
	looseFile(id: string): string {
		return join(this.gitDir, "objects", id.slice(0, 2), id.slice(2))
	}
}

function run(
	args: readonly string[],
	environment: Readonly<Record<string, string>>,
	input: string | Buffer = "",
): string {
	return execFileSync("git", args, {
		input,
		env: { ...ENVIRONMENT, ...environment },
		encoding: "utf8",
		stdio: ["pipe", "pipe", "pipe"],
		maxBuffer: 256 * 1024 * 1024,
	})
}
