import { execFileSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { stringify } from "yaml"
import type { KubeObject } from "../../src/kube/index.ts"
import type { Signer } from "./signers.ts"
import { temporaryDirectory } from "./temporary-directory.ts"

/** What a file is to hold: text, objects (one document each), or nothing any more. */
export type FileContent = string | readonly KubeObject[] | null

export type Repository = {
	readonly path: string
	/** Writes the files, commits, and returns the commit's id. Times go up by a minute from commit to commit. */
	commit(message: string, files: Readonly<Record<string, FileContent>>, signer?: Signer): string
	git(...words: readonly string[]): string
}

const FIRST_COMMIT_S = 1_767_225_600

/** A real git repository with a work tree, in a temporary directory that goes when the test is over. */
export function repository(): Repository {
	const path = temporaryDirectory()
	let commits = 0
	const git = (...words: readonly string[]): string => run(words, {})
	const run = (words: readonly string[], env: Readonly<Record<string, string>>): string => {
		const when = `${FIRST_COMMIT_S + commits * 60} +0000`
		return execFileSync("git", ["-C", path, ...words], {
			encoding: "utf8",
			stdio: ["ignore", "pipe", "pipe"],
			env: {
				PATH: process.env["PATH"],
				HOME: "/nonexistent",
				GIT_CONFIG_NOSYSTEM: "1",
				GIT_AUTHOR_NAME: "Ada",
				GIT_AUTHOR_EMAIL: "ada@example.org",
				GIT_AUTHOR_DATE: when,
				GIT_COMMITTER_NAME: "Ada",
				GIT_COMMITTER_EMAIL: "ada@example.org",
				GIT_COMMITTER_DATE: when,
				...env,
			},
		}).trim()
	}
	git("init", "--quiet", "--initial-branch=main")
	return {
		path,
		git,
		commit: (message, files, signer) => {
			for (const [name, content] of Object.entries(files)) put(join(path, name), content)
			git("add", "--all")
			run([...(signer?.config ?? []), "commit", "--quiet", "--allow-empty", "--message", message], signer?.env ?? {})
			commits++
			return git("rev-parse", "HEAD")
		},
	}
}

function put(path: string, content: FileContent): void {
	if (content === null) {
		rmSync(path, { recursive: true })
		return
	}
	mkdirSync(dirname(path), { recursive: true })
	writeFileSync(path, typeof content === "string" ? content : content.map((object) => stringify(object)).join("---\n"))
}
