import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { GRACE, version } from "../builders/agent-versions.ts"
import { nodePool } from "../builders/objects.ts"
import { program } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const config = (name: string, value: number) =>
	`# ${name}\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name}, namespace: ops }\ndata: { value: "${value}" }\n`
const PRIORITY =
	"apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: { name: high }\nvalue: 1000 # as agreed\n"

function story() {
	const repo = repository()
	const state = temporaryDirectory()
	const once = () => program(["run", repo.path, "--once", "--state", state])
	return {
		repo,
		once,
		commit: async (message: string, files: Parameters<typeof repo.commit>[1]) => {
			const id = repo.commit(message, files)
			await once()
			return id
		},
		takeBack: (commit: string, ...words: readonly string[]) =>
			program(["rollout", "undo", "--commit", commit, "--state", state, ...words], { env: GRACE }),
		text: (path: string) => readFileSync(join(repo.path, path), "utf8"),
		tree: (commit: string) => repo.git("rev-parse", `${commit}^{tree}`),
	}
}

const FIRST = {
	...version(1),
	"nodes.yaml": [nodePool("workers", 3)],
	"configs.yaml": `${config("a", 1)}---\n${config("b", 1)}`,
	"priority.yaml": PRIORITY,
}

describe("rollcall rollout undo --commit", () => {
	test("takes back all that a commit changed, made and removed, byte for byte, as one commit", async () => {
		const { repo, once, commit, takeBack, tree } = story()
		const one = await commit("one", FIRST)
		const wide = await commit("everything", {
			...version(2),
			"nodes.yaml": [nodePool("workers", 5)],
			"priority.yaml": null,
			"extra/new.yaml": config("new", 1),
		})
		const { code, out, err } = await takeBack(wide.slice(0, 10))
		expect([code, out]).toEqual([0, `commit ${wide.slice(0, 8)} rolled back\n`])
		expect(err).toMatch(new RegExp(`^[0-9a-f]{8} on main: take back ${wide.slice(0, 8)}: everything\n$`))
		expect(tree("HEAD")).toBe(tree(one))
		expect([repo.git("status", "--porcelain"), existsSync(join(repo.path, "extra"))]).toEqual(["", false])
		expect(repo.git("log", "-1", "--format=%B")).toBe(
			[
				`take back ${wide.slice(0, 8)}: everything`,
				"",
				`Takes back ${wide.slice(0, 8)} ("everything") by Ada:`,
				"- ConfigMap ops/new",
				"- DaemonSet kube-system/agent",
				"- PriorityClass high",
				"- NodePool workers",
				"",
				"DaemonSet: kube-system/agent",
				`Rollback-Of: ${wide}`,
				`Restores: ${one}`,
			].join("\n"),
		)
		await once()
		expect((await takeBack(wide)).out).toContain(`skipped rollback (nothing is left of ${wide.slice(0, 8)})`)
	})

	test("leaves what others changed since in the same file, and takes each document back as text", async () => {
		const { commit, takeBack, text, repo } = story()
		await commit("one", FIRST)
		const both = await commit("both, and one more", {
			"configs.yaml": `${config("a", 2)}---\n${config("b", 1)}---\n${config("c", 1)}`,
		})
		await commit("b alone", { "configs.yaml": `${config("a", 2)}---\n${config("b", 7)}---\n${config("c", 1)}` })
		expect((await takeBack(both)).code).toBe(0)
		expect(text("configs.yaml")).toBe(`${config("a", 1)}---\n${config("b", 7)}`)
		expect(repo.git("status", "--porcelain")).toBe("")
	})

	test("leaves alone the namespace that only followed from an object", async () => {
		const { commit, takeBack, text } = story()
		await commit("one", { "configs.yaml": config("a", 1) })
		const fresh = config("fresh", 1).replace("ops", "apart")
		const two = await commit("two", { "configs.yaml": `${config("a", 1)}---\n${fresh}` })
		await commit("three", { "configs.yaml": `${config("a", 3)}---\n${fresh}` })
		expect((await takeBack(two)).code).toBe(0)
		expect(text("configs.yaml")).toBe(config("a", 3))
	})

	test("refuses where an object changed since, and says which, by whom, and what to do", async () => {
		const { commit, takeBack, repo } = story()
		await commit("one", FIRST)
		const two = await commit("two", { ...version(2), "configs.yaml": `${config("a", 2)}---\n${config("b", 1)}` })
		const three = await commit("three", version(3))
		const { code, err } = await takeBack(two)
		expect(code).toBe(1)
		expect(err).toContain(
			`Cannot take back ${two.slice(0, 8)}: changed since: DaemonSet kube-system/agent, by ${three.slice(0, 8)} ("three")`,
		)
		expect(err).toContain("next: take the later commits back first")
		expect(repo.git("rev-parse", "HEAD")).toBe(three)
	})

	test("lets in what an undo rolled away from, where that undo is taken back on purpose", async () => {
		const { commit, once, takeBack, repo, text } = story()
		await commit("one", FIRST)
		const two = await commit("two", version(2))
		await takeBack(two)
		await once()
		expect((await takeBack("HEAD")).out).toBe("commit HEAD rolled back\n")
		expect(repo.git("log", "-1", "--format=%B")).toContain(`\nRelease: kube-system/agent ${two}`)
		expect([(await once()).code, text("agent.yaml")]).toEqual([0, expect.stringContaining("agent:2")])
		await takeBack("HEAD")
		expect([(await once()).code, text("agent.yaml")]).toEqual([0, expect.stringContaining("agent:1")])
	})

	test("shows every file with --dry-run, and writes nothing", async () => {
		const { commit, takeBack, repo } = story()
		await commit("one", FIRST)
		const two = await commit("two", { ...version(2), "priority.yaml": null })
		const { code, out } = await takeBack(two, "--dry-run")
		expect(code).toBe(0)
		expect(out).toContain("--- a/agent.yaml\n+++ b/agent.yaml")
		expect(out).toContain("--- /dev/null\n+++ b/priority.yaml")
		expect(repo.git("rev-parse", "HEAD")).toBe(two)
	})

	test("takes back a merge with all that it brought", async () => {
		const { commit, takeBack, repo, tree } = story()
		const one = await commit("one", FIRST)
		repo.git("checkout", "--quiet", "-b", "side")
		repo.commit("two", version(2))
		repo.commit("priority", { "priority.yaml": PRIORITY.replace("1000", "2000") })
		repo.git("checkout", "--quiet", "main")
		repo.git("merge", "--quiet", "--no-ff", "side", "-m", "merge side")
		expect((await takeBack("HEAD")).code).toBe(0)
		expect(tree("HEAD")).toBe(tree(one))
	})

	test.each([
		["the first commit", "HEAD~1", "it is the first commit"],
		["one that is not there", "nowhere", 'Cannot find the commit "nowhere"'],
		["one of another branch", "other", "it is not on the branch"],
	])("refuses %s", async (_, name, message) => {
		const { commit, takeBack, repo } = story()
		await commit("one", FIRST)
		repo.git("checkout", "--quiet", "-b", "other")
		repo.commit("elsewhere", version(5))
		repo.git("checkout", "--quiet", "main")
		await commit("two", version(2))
		expect((await takeBack(name)).err).toContain(message)
	})
})
