import { describe, expect, test } from "vitest"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { chainOf, exportOf, program } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const once = (repo: Repository, state: string, ...more: readonly string[]) =>
	program(["run", repo.path, "--once", "--digest", "--state", state, ...more])

function fleet(): Repository {
	const repo = repository()
	repo.commit("agents: agent 1 on twelve nodes", {
		"agent.yaml": [daemonSet()],
		"nodes.yaml": [nodePool("workers", 12)],
	})
	return repo
}

const BROKEN = {
	apiVersion: "simulation.rollcall.dev/v1alpha1",
	kind: "PodBehavior",
	metadata: { name: "broken" },
	spec: { match: { image: "*/agent:2" }, failures: [{ kind: "CrashLoop" }] },
}

describe("rollcall run --once", () => {
	test("rolls the newest commit out and ends with 0", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		const { code, err } = await once(repo, state)
		expect([code, err]).toEqual([0, "1 commit, 1 rollout: done\n"])
		const again = await once(repo, state)
		expect([again.code, again.err]).toEqual([0, "nothing new: done\n"])
	})

	test("ends with 1 where it is stuck, and says where and why on standard error", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		await once(repo, state)
		repo.commit("agents: agent 2", {
			"agent.yaml": [daemonSet({ image: "registry.example/agent:2" })],
			"broken.yaml": [BROKEN],
		})
		const { code, err } = await once(repo, state)
		expect(code).toBe(1)
		expect(err).toMatch(
			/^1 commit, 1 rollout: stuck\n {2}kube-system\/agent: failing: workers-\d+ \(container main: \w+, exit code \d+, \d+ restarts\); the new version is healthy on 0 nodes; take it back with rollcall rollout undo ds\/agent\n$/,
		)
		repo.commit("agents: agent 1 again", { "agent.yaml": [daemonSet()] })
		expect((await once(repo, state)).code).toBe(0)
	})

	test("ends with 1 where objects of the newest commit are refused, or the commit is held", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		await once(repo, state)
		repo.commit("agents: a label too many", {
			"bad.yaml": [daemonSet({ name: "bad", spec: { selector: { matchLabels: { app: "other" } } } })],
		})
		const refused = await once(repo, state)
		expect(refused.code).toBe(1)
		expect(refused.err).toMatch(
			/^1 commit, 0 rollouts: stuck\n {2}kube-system\/bad is refused \(bad.yaml:1\): .*selector/,
		)
		const removal = repo.commit("oops", { "bad.yaml": null, "nodes.yaml": null })
		const held = await once(repo, state)
		expect(held.code).toBe(1)
		expect(held.err).toContain(`1 commit, 0 rollouts: stuck\n  ${removal.slice(0, 8)} is held: `)
		expect((await once(repo, state)).code).toBe(1)
		expect((await once(repo, state, "--allow-disruption")).code).toBe(0)
	})

	test("ends with 2 where the repository cannot be read, and says what to do", async () => {
		const repo = repository()
		const empty = await once(repo, temporaryDirectory())
		expect(empty.code).toBe(2)
		expect(empty.err).toMatch(/^error: .*\n {2}next: .*commit.*\n$/)
		const nowhere = await program(["run", "/nowhere/at/all", "--once", "--state", temporaryDirectory()])
		expect(nowhere.code).toBe(2)
		expect(nowhere.err).toMatch(/^error: .*\/nowhere\/at\/all.*\n {2}next: .*\n$/)
		const noBranch = await once(fleet(), temporaryDirectory(), "--branch", "prod")
		expect(noBranch.code).toBe(2)
		expect(noBranch.err).toMatch(/^error: .*prod.*\n {2}next: .*\n$/)
	})

	test("prints the digest alone where nothing is logged, equal in two state directories and after a restart in the middle", async () => {
		const repo = fleet()
		const halfway = temporaryDirectory()
		await once(repo, halfway, "--log-level", "error")
		repo.commit("agents: agent 2", { "agent.yaml": [daemonSet({ image: "registry.example/agent:2" })] })
		const ends = await Promise.all(
			[halfway, temporaryDirectory(), temporaryDirectory()].map((state) => once(repo, state, "--log-level", "error")),
		)
		const [stopped, first, second] = ends.map(({ out }) => out)
		expect(first).toMatch(/^[0-9a-f]{32}\n$/)
		expect(second).toBe(first)
		// Another way to the same commit is another history: agent 1 was rolled out there.
		expect(stopped).toMatch(/^[0-9a-f]{32}\n$/)
		expect(stopped).not.toBe(first)
	})

	test("fills what git had before, seen in git and not rolled out", async () => {
		const repo = fleet()
		for (const version of [2, 3]) {
			repo.commit(`agents: agent ${version}`, {
				"agent.yaml": [daemonSet({ image: `registry.example/agent:${version}` })],
			})
		}
		const state = temporaryDirectory()
		await once(repo, state)
		const { out } = await program(["history", "ds/agent", "--state", state, "--no-headers"])
		const lines = out.trim().split("\n")
		expect(lines).toHaveLength(3)
		expect(lines[0]).toContain("complete")
		for (const line of lines.slice(1)) expect(line).toContain("seen in git, not rolled out")
	})

	test("refuses a state directory that is another repository's, and says which way out there is", async () => {
		const state = temporaryDirectory()
		const repo = fleet()
		await once(repo, state)
		const before = chainOf(state).hashes
		const other = await once(fleet(), state)
		expect(other.code).toBe(1)
		expect(other.err).toContain(`it holds the history of ${repo.path}\n  next: --state DIR`)
		repo.git("branch", "prod")
		const branch = await once(repo, state, "--branch", "prod")
		expect(branch.code).toBe(1)
		expect(branch.err).toContain('it holds the history of branch "main"\n  next: go on with --branch main;')
		expect(chainOf(state).hashes).toEqual(before)
	})

	test("goes on with its branch whatever is checked out, and with a renamed one when told", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		await once(repo, state)
		repo.git("checkout", "--quiet", "-b", "work")
		repo.commit("not for main", { "agent.yaml": [daemonSet({ image: "registry.example/agent:2" })] })
		expect((await once(repo, state)).err).toBe("nothing new: done\n")
		repo.git("branch", "--quiet", "-m", "main", "trunk")
		const gone = await once(repo, state)
		expect([gone.code, gone.err]).toEqual([2, expect.stringContaining("trunk")])
		expect(await once(repo, state, "--branch", "trunk")).toMatchObject({ code: 0 })
		expect(await once(repo, state)).toMatchObject({ code: 0 })
	})

	test("names who holds the state directory, and leaves it alone", async () => {
		const repo = fleet()
		const state = temporaryDirectory()
		await once(repo, state)
		const before = exportOf(state)
		const { openStore } = await import("../../src/store/index.ts")
		const holder = openStore(state, { what: "rollcall run /srv/fleet" })
		const { code, err } = await once(repo, state)
		holder.close()
		expect(code).toBe(1)
		expect(err).toMatch(/process \d+ on .* \(rollcall run \/srv\/fleet, since .*\) holds it\n {2}next: .*--state DIR/)
		expect(exportOf(state)).toBe(before)
	})
})
