import { execFileSync } from "node:child_process"
import { readdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { makeRepository } from "../../src/cli/compose/index.ts"
import { readStory } from "../../src/cli/demo/story.ts"
import { digestOf, planOn } from "../builders/forecast.ts"
import { rollcallOn } from "../builders/rollcall.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const examples = fileURLToPath(new URL("../../examples", import.meta.url))
const stories = readdirSync(examples, { withFileTypes: true })
	.filter((entry) => entry.isDirectory() && entry.name !== "fleets")
	.map((entry) => entry.name)

test.each(stories)(
	"examples/%s: what is planned of each commit is what the run then does, digest for digest",
	async (story) => {
		const path = join(temporaryDirectory(), "repository")
		await makeRepository(path, readStory(join(examples, story)))
		const git = (...words: readonly string[]): string =>
			execFileSync("git", ["-C", path, ...words], { encoding: "utf8" }).trim()
		const commits = git("rev-list", "--first-parent", "--reverse", "main").split("\n")
		const rollcall = rollcallOn({ path })
		for (const [index, commit] of commits.entries()) {
			git("update-ref", "refs/heads/main", commit)
			const planned = index === 0 ? undefined : await planOn(path, rollcall, commit)
			await rollcall.once()
			if (planned !== undefined)
				expect([planned.record.subject, planned.rehearsed.digest]).toEqual([planned.record.subject, digestOf(rollcall)])
		}
		expect(commits.length).toBeGreaterThan(1)
	},
)
