import { readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { GRACE } from "../builders/agent-versions.ts"
import { nodePool } from "../builders/objects.ts"
import { type Ended, program } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const agent = (tag: number, comment: string) => `# ${comment}
apiVersion: apps/v1
kind: DaemonSet
metadata: { name: agent, namespace: ops }   # kept as it is
spec:
  selector: { matchLabels: { app: agent } }
  template:
    metadata: { labels: { app: agent } }
    spec:
      containers:
        - name: agent
          image: "registry.example/agent:${tag}"
`
const config = (value: number) =>
	`apiVersion: v1\nkind: ConfigMap\nmetadata: { name: settings, namespace: ops }\ndata: { value: "${value}" }`

const BROKEN = {
	apiVersion: "simulation.rollcall.dev/v1alpha1",
	kind: "PodBehavior",
	metadata: { name: "broken" },
	spec: { match: { image: "*/agent:9" }, failures: [{ kind: "CrashLoop" }] },
}

type Story = {
	readonly repo: Repository
	/** A commit with these texts, rolled out to its end. */
	commit(message: string, files: Parameters<Repository["commit"]>[1]): Promise<string>
	rollOut(): Promise<Ended>
	undo(...words: readonly string[]): Promise<Ended>
	/** The image that the file asks for. */
	image(): string | undefined
}

function story(): Story {
	const repo = repository()
	const state = temporaryDirectory()
	const rollOut = () => program(["run", repo.path, "--once", "--state", state], { env: GRACE })
	return {
		repo,
		rollOut,
		commit: async (message, files) => {
			const id = repo.commit(message, files)
			await rollOut()
			return id
		},
		undo: (...words) => program(["rollout", "undo", "ds/agent", "--state", state, ...words], { env: GRACE }),
		image: () => /agent:\d+/.exec(readFileSync(join(repo.path, "agent.yaml"), "utf8"))?.[0],
	}
}

const text = (tag: number, value: number) => `${agent(tag, `agent ${tag}`)}---\n${config(value)}`

describe("rollcall rollout undo", () => {
	test("puts the document back as it was, in one commit that the next run rolls out", async () => {
		const { repo, commit, rollOut, undo } = story()
		const one = await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
		const two = await commit("agent 2", { "agent.yaml": text(2, 2) })
		const { code, out, err } = await undo("-n", "ops")
		expect([code, out]).toEqual([0, "daemonset.apps/agent rolled back\n"])
		expect(err).toMatch(/^[0-9a-f]{8} on main: ops\/agent: roll back to revision 1, agent 2 → 1\n$/)
		expect(readFileSync(join(repo.path, "agent.yaml"), "utf8")).toBe(text(1, 2))
		expect(repo.git("status", "--porcelain")).toBe("")
		expect(repo.git("log", "-1", "--format=%an%n%B")).toBe(
			[
				"Grace",
				"ops/agent: roll back to revision 1, agent 2 → 1",
				"",
				`Takes back ${two.slice(0, 8)} ("agent 2") by Ada.`,
				`In agent.yaml the document is again as it stood at ${one.slice(0, 8)} ("agent 1").`,
				"",
				"DaemonSet: ops/agent",
				`Rollback-Of: ${two}`,
				`Restores: ${one}`,
				"Rollout: 2",
			].join("\n"),
		)
		expect((await rollOut()).err).toBe("1 commit, 1 rollout: done\n")
	})

	test("-o json and name say what was written, or what would be", async () => {
		const { repo, commit, undo } = story()
		await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
		await commit("agent 2", { "agent.yaml": text(2, 2) })
		const told = async (...words: readonly string[]) => JSON.parse((await undo(...words, "-o", "json")).out)
		const what = { kind: "WrittenCommit", what: "daemonset.apps/agent", branch: "main", paths: ["agent.yaml"] }
		expect(await told("--dry-run")).toMatchObject({
			...what,
			outcome: "planned",
			patch: expect.stringMatching(/^-.*agent:2"$/m),
		})
		expect(await told()).toMatchObject({ ...what, outcome: "written", commit: repo.git("rev-parse", "HEAD") })
		expect(await told("--to-commit", "HEAD")).toMatchObject({
			outcome: "same",
			why: expect.stringContaining("already"),
		})
		expect((await undo("--to-commit", "HEAD~1", "-o", "name")).out).toBe("daemonset.apps/agent\n")
		expect(await undo("-o", "wide")).toMatchObject({
			code: 1,
			err: expect.stringContaining("use -o name, json or yaml"),
		})
	})

	test("goes back, not to and fro: twice is two back, whether it was rolled out in between or not", async () => {
		for (const isRolledOut of [true, false]) {
			const { commit, rollOut, undo, image } = story()
			await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
			for (const tag of [2, 3]) await commit(`agent ${tag}`, { "agent.yaml": text(tag, 1) })
			const images: (string | undefined)[] = []
			for (let times = 0; times < 2; times++) {
				expect(await undo()).toMatchObject({ code: 0 })
				if (isRolledOut) await rollOut()
				images.push(image())
			}
			expect(images).toEqual(["agent:2", "agent:1"])
			const end = await undo()
			expect([end.code, end.err]).toEqual([
				1,
				expect.stringMatching(/^error: no last revision to roll back to.*\n {2}next: /),
			])
		}
	})

	test("passes over what never was healthy, and brings back what changed after the rollout", async () => {
		const { repo, commit, undo } = story()
		const nodes = { "nodes.yaml": [nodePool("workers", 3)], "broken.yaml": [BROKEN] }
		await commit("agent 1", { "agent.yaml": text(1, 1), ...nodes })
		const note = await commit("a better comment", {
			"agent.yaml": text(1, 1).replace("# agent 1", "# the first agent"),
		})
		await commit("agent 9", { "agent.yaml": text(9, 1) })
		const bad = repo.commit("agent 9 with another value", { "agent.yaml": text(9, 2) })
		await undo()
		expect(readFileSync(join(repo.path, "agent.yaml"), "utf8")).toBe(
			text(1, 2).replace("# agent 1", "# the first agent"),
		)
		expect(repo.git("log", "-1", "--format=%(trailers:key=Restores,valueonly)%P")).toContain(note)
		expect(repo.git("rev-parse", "HEAD^")).toBe(bad)
	})

	test("finds the document where it moved to, puts it back where it was deleted", async () => {
		const { repo, commit, undo } = story()
		await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
		await commit("agent 2, elsewhere", { "agent.yaml": config(1), "moved/a.yaml": agent(2, "agent 2") })
		await undo()
		expect(readFileSync(join(repo.path, "moved/a.yaml"), "utf8")).toBe(agent(1, "agent 1"))
		repo.commit("no agent", { "moved/a.yaml": null })
		await undo("--to-commit", "HEAD^")
		expect(readFileSync(join(repo.path, "moved/a.yaml"), "utf8")).toBe(agent(1, "agent 1"))
	})

	test("takes the place of a document that is refused as it stands", async () => {
		const { repo, commit, undo } = story()
		await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
		await commit("a typo", { "agent.yaml": text(2, 1).replace("containers:", "contaners:") })
		const { code, err } = await undo("--to-revision", "1")
		expect([code, err]).toEqual([0, expect.any(String)])
		expect(readFileSync(join(repo.path, "agent.yaml"), "utf8")).toBe(text(1, 1))
	})

	test("says what it would do with --dry-run, and writes nothing", async () => {
		const { repo, commit, undo } = story()
		await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
		const two = await commit("agent 2", { "agent.yaml": text(2, 1) })
		const { code, out, err } = await undo("--dry-run", "--message", "take it back, please")
		expect([code, err]).toEqual([0, "daemonset.apps/agent rolled back (dry run): nothing was written\n"])
		expect(out).toContain(
			'-          image: "registry.example/agent:2"\n+          image: "registry.example/agent:1"\n',
		)
		expect(out).toContain("\ntake it back, please\n\nDaemonSet: ops/agent\nRollback-Of: ")
		expect([repo.git("rev-parse", "main"), repo.git("status", "--porcelain")]).toEqual([two, ""])
	})

	test("refuses to touch a file with uncommitted changes, and makes a branch for review instead", async () => {
		const { repo, commit, undo, image } = story()
		await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
		const two = await commit("agent 2", { "agent.yaml": text(2, 1) })
		writeFileSync(join(repo.path, "agent.yaml"), text(7, 7))
		const { code, err } = await undo()
		expect([code, err]).toEqual([1, expect.stringMatching(/agent.yaml: it has uncommitted changes.*\n {2}next: /)])
		expect(await undo("--to-branch", "undo-agent")).toMatchObject({
			code: 0,
			out: "daemonset.apps/agent rolled back (on undo-agent alone, for review)\n",
		})
		expect([repo.git("rev-parse", "main"), repo.git("rev-parse", "undo-agent^"), image()]).toEqual([
			two,
			two,
			"agent:7",
		])
	})

	test("says so where nothing would change, and where the target is not there", async () => {
		const { commit, undo } = story()
		await commit("agent 1", { "agent.yaml": text(1, 1), "nodes.yaml": [nodePool("workers", 3)] })
		expect((await undo("--to-revision", "1")).out).toBe(
			"daemonset.apps/agent skipped rollback (current template already matches revision 1)\n",
		)
		expect((await undo("--to-revision", "8")).err).toMatch(/^error: unable to find specified revision 8 in history\n/)
		expect((await undo("--to-commit", "nowhere")).err).toMatch(/^error: Cannot find the commit "nowhere"/)
	})
})
