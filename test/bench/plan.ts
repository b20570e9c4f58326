import { execFileSync, spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { stringify } from "yaml"
import { pool } from "../builders/cluster.ts"
import type { Figure } from "./figure.ts"
import { agent } from "./fleet.ts"

const PROGRAM = fileURLToPath(new URL("../../dist/rollcall.js", import.meta.url))

/** The command as people run it, beside a history: start-up, the newest snapshot, the commit and what it comes to. */
export async function* plan(): AsyncIterable<Figure> {
	yield figure(5_000, 1, 0.5)
	yield figure(130_000, 10, 5)
}

function figure(nodes: number, daemonSets: number, must: number): Figure {
	const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"))
	const repository = join(folder, "repository")
	const state = join(folder, "state")
	mkdirSync(repository)
	const pools = Array.from({ length: 10 }, (_, index) => pool({ name: `pool-${index}`, replicas: nodes / 10 }))
	const names = Array.from({ length: daemonSets }, (_, index) => `agent-${index}`)
	const put = (image: string): void => {
		const agents = names.map((name, index) => agent(name, index === 0 ? image : "agent:1", "10%"))
		const text = [...pools, ...agents].map((object) => stringify(object)).join("---\n")
		writeFileSync(join(repository, "all.yaml"), text)
		const git = (...words: readonly string[]) =>
			execFileSync("git", ["-C", repository, ...words], { env: { ...process.env, ...AUTHOR } })
		git("add", "--all")
		git("commit", "--quiet", "--message", image)
	}
	execFileSync("git", ["init", "--quiet", "--initial-branch=main", repository])
	put("agent:1")
	const run = (...words: readonly string[]): string => {
		const heap = "--max-old-space-size=8192"
		const { status, stdout, stderr } = spawnSync(process.execPath, [heap, PROGRAM, ...words, "--state", state], {
			encoding: "utf8",
			cwd: repository,
			maxBuffer: 1 << 28,
		})
		if (status !== 0) throw new Error(`rollcall ${words.join(" ")} ended with ${status}: ${stderr}`)
		return stdout
	}
	run("run", "--once", "--control-plane-qps", "0")
	put("agent:2")
	const start = performance.now()
	const out = run("plan", "--no-exit-code")
	const value = (performance.now() - start) / 1_000
	if (!out.includes(`on ${nodes} of ${nodes} nodes`)) throw new Error(`the plan is another one: ${out.slice(0, 400)}`)
	rmSync(folder, { recursive: true })
	return {
		name: `plan on ${nodes.toLocaleString("en")} nodes × ${daemonSets}, from its start to its end`,
		value,
		unit: "s",
		must,
		nodes,
	}
}

const AUTHOR = {
	GIT_AUTHOR_NAME: "Ada",
	GIT_AUTHOR_EMAIL: "ada@example.org",
	GIT_COMMITTER_NAME: "Ada",
	GIT_COMMITTER_EMAIL: "ada@example.org",
}
