import { execFileSync, spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, it, onTestFinished } from "vitest"
import { makeRepository } from "../../src/cli/compose/index.ts"
import { readStory } from "../../src/cli/demo/story.ts"

const root = fileURLToPath(new URL("../../", import.meta.url))
const program = join(root, "dist", "rollcall.js")
const stories = readdirSync(join(root, "examples"), { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && entry.name !== "fleets")
	.map((entry) => entry.name)

type Rollout = {
	readonly rollout: number
	readonly daemonSet: { readonly namespace: string; readonly name: string }
	readonly to: { readonly revision: number }
	readonly commit?: { readonly author: string; readonly subject: string }
	readonly verdict: string
	readonly nodes?: { readonly updated: number; readonly desired: number }
}
type Commit = {
	readonly subject: string
	readonly verdict: string
	readonly refused: number
	readonly findings: number
}

function rollcall(...args: readonly string[]): string {
	return execFileSync(process.execPath, [program, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })
}

/** The digest of a replay; where a story ends stuck, the replay did not fail. */
function replay(repository: string, state: string): string {
	const args = [program, "replay", repository, "--state", state, "--settle", "--digest"]
	const { stdout, stderr, status } = spawnSync(process.execPath, args, { encoding: "utf8" })
	expect(status, stderr).toBe(0)
	return stdout.trim()
}

/** What the story comes to, without what a better model of time may move: durations and ages. */
function outcome(state: string): string {
	const rollouts = JSON.parse(rollcall("history", "--state", state, "-o", "json")).items as readonly Rollout[]
	const commits = JSON.parse(rollcall("history", "--commits", "--state", state, "-o", "json"))
		.items as readonly Commit[]
	const daemonSets = rollcall("get", "ds", "-A", "--state", state).replace(/ +\S+$/gm, "")
	return [
		"Commits",
		...commits
			.toReversed()
			.map(
				({ subject, verdict, refused, findings }) =>
					`  ${verdict}: ${subject} (${refused} refused, ${findings} findings)`,
			),
		"",
		"Rollouts",
		...rollouts.toReversed().map(({ rollout, daemonSet, to, commit, verdict, nodes }) => {
			const numbers = nodes ? `${nodes.updated}/${nodes.desired}` : "-"
			return `  ${rollout} ${daemonSet.namespace}/${daemonSet.name} revision ${to.revision}: ${verdict} ${numbers}, ${commit?.author}`
		}),
		"",
		daemonSets,
	].join("\n")
}

it.each(stories)("examples/%s comes to what its README says, twice the same", async (story) => {
	const folder = mkdtempSync(join(tmpdir(), `rollcall-${story}-`))
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
	const repository = join(folder, "repository")
	await makeRepository(repository, readStory(join(root, "examples", story)))
	const digest = replay(repository, join(folder, "one"))
	expect(digest).toMatch(/^[0-9a-f]{32}$/)
	expect(replay(repository, join(folder, "two"))).toBe(digest)
	const text = outcome(join(folder, "one"))
	expect(outcome(join(folder, "two"))).toBe(text)
	const expected = join(root, "test", "examples", "expected", `${story}.txt`)
	if (process.env["UPDATE"] === "1") writeFileSync(expected, text)
	expect(text).toBe(readFileSync(expected, "utf8"))
})
