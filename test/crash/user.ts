import { execFile } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { promisify } from "node:util"
import { stringify } from "yaml"
import { configMap, daemonSet, nodePool } from "../builders/objects.ts"

const run = promisify(execFile)

/** Whose settings git and the victim go by. */
export const ENVIRONMENT = {
	PATH: process.env["PATH"] ?? "",
	HOME: "/nonexistent",
	GIT_CONFIG_NOSYSTEM: "1",
	GIT_AUTHOR_NAME: "Ada",
	GIT_AUTHOR_EMAIL: "ada@example.org",
	GIT_COMMITTER_NAME: "Ada",
	GIT_COMMITTER_EMAIL: "ada@example.org",
}

const NODES = 12
const FIRST_COMMIT_S = 1_767_225_600

/** A repository with a work tree, and the person who commits to it with git's own commands. */
export class User {
	readonly path: string
	#commits = 0
	#version = 0

	constructor(path: string) {
		this.path = path
		mkdirSync(path)
	}

	async git(...words: readonly string[]): Promise<string> {
		const date = `${FIRST_COMMIT_S + this.#commits * 90} +0000`
		const env = { ...ENVIRONMENT, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date }
		const { stdout } = await run("git", ["-C", this.path, ...words], { encoding: "utf8", env })
		return stdout.trim()
	}

	async begin(): Promise<void> {
		await this.git("init", "--quiet", "--template=", "--initial-branch=main")
		this.#write("nodes.yaml", stringify(nodePool("workers", NODES)))
		this.#write("other.yaml", stringify(configMap("other")))
		await this.commitAgent()
		await this.commitAgent()
	}

	/** A new version of the agent, in a file with comments and a neighbour. */
	async commitAgent(): Promise<void> {
		this.#version++
		const image = `registry.example/agent:${this.#version}`
		const spec = { updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 3 } } }
		const documents = [daemonSet({ image, spec }), configMap("neighbour", { version: String(this.#version) })]
		this.#write("agent.yaml", documents.map((each) => `# of the agents\n${stringify(each)}`).join("---\n"))
		await this.#commit(`agent ${this.#version}`)
	}

	/** A commit that moves no pod. */
	async commitOther(): Promise<void> {
		this.#write("other.yaml", stringify(configMap("other", { commit: String(this.#commits) })))
		await this.#commit("other")
	}

	#write(name: string, text: string): void {
		writeFileSync(join(this.path, name), text)
	}

	/** Commits what was written before and could not be committed, as where git's lock was another's. */
	async commitPending(): Promise<void> {
		if ((await this.git("status", "--porcelain")) !== "") await this.#commit("what was pending")
	}

	async #commit(message: string): Promise<void> {
		await this.git("add", "--all")
		await this.git("commit", "--quiet", "--allow-empty", "--message", message)
		this.#commits++
	}
}
