import { expect, test } from "vitest"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"

const agent = (name: string, version: number) => daemonSet({ name, image: `registry.example/${name}:${version}` })

/** `name image: commit` of every rollout since the first two, by the subjects of their commits. */
function brought(rollcall: Rollcall): string[] {
	const subjects = new Map(rowsOf(rollcall.entries, "commit").map(({ commit }) => [commit.commit, commit.subject]))
	return rowsOf(rollcall.entries, "rollout-started")
		.filter(({ from }) => from !== undefined)
		.map(({ daemonSet: key, to, trigger }) => {
			const by = trigger.kind === "commit" ? subjects.get(trigger.commit) : trigger.kind
			return `${key.split("/").at(-1)} ${to.images[0]?.split(":")[1]}: ${by} (${subjects.get(to.commit ?? "")})`
		})
		.sort()
}

test("of commits that come at once, each rollout is of the one that brought it, also within one file", async () => {
	const repo = repository()
	const nodes = nodePool("workers", 3)
	const rollcall = rollcallOn(repo)
	repo.commit("first", {
		"nodes.yaml": [nodes],
		"a.yaml": [agent("a", 1)],
		"b-and-c.yaml": [agent("b", 1), agent("c", 1)],
		"d.yaml": [agent("d", 1)],
	})
	await rollcall.once()
	repo.commit("a to 2", { "a.yaml": [agent("a", 2)] })
	repo.commit("b to 2, d for a while", { "b-and-c.yaml": [agent("b", 2), agent("c", 1)], "d.yaml": [agent("d", 7)] })
	repo.commit("c to 2", { "b-and-c.yaml": [agent("b", 2), agent("c", 2)] })
	repo.commit("d to 2", { "d.yaml": [agent("d", 2)] })
	repo.commit("words", { "README.md": "nothing here" })
	await rollcall.once()
	expect(brought(rollcall)).toEqual([
		"a 2: a to 2 (a to 2)",
		"b 2: b to 2, d for a while (b to 2, d for a while)",
		"c 2: c to 2 (c to 2)",
		"d 2: d to 2 (d to 2)",
	])
})
