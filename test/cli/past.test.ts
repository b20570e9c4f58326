import { rmSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { realWorld } from "../../src/cli/real-world.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn } from "../builders/rollcall.ts"
import { tamper } from "../builders/tamper.ts"
import { type Ran, ran } from "./test-shell.ts"

const image = (version: number): string => `registry.example/agent:${version}`

/** Three commits a minute apart from 2026-01-01T00:00:00Z on, replayed. */
async function replayed(): Promise<{ rollcall: Rollcall; commits: readonly string[] }> {
	const repo = repository()
	const first = repo.commit("one", { "agent.yaml": [daemonSet({ image: image(1) })], "nodes.yaml": [nodePool("w", 3)] })
	const later = [2, 3].map((version) =>
		repo.commit(`v${version}`, { "agent.yaml": [daemonSet({ image: image(version) })] }),
	)
	const rollcall = rollcallOn(repo)
	await rollcall.replay()
	return { rollcall, commits: [first, ...later] }
}

const asked = (state: string, line: string): Promise<Ran> =>
	ran([...line.split(" "), "--state", state], { world: realWorld })

describe("--at", () => {
	test("shows the cluster of a time, of so long ago, and of when a commit was taken, beside a running engine", async () => {
		const { rollcall, commits } = await replayed()
		const running = await rollcall.open()
		try {
			for (const [when, version] of [
				["2026-01-01T00:01:59Z", 2],
				[commits[1]?.slice(0, 7), 2],
				["commit/HEAD", 3],
				["HEAD", 3],
			]) {
				const got = await asked(rollcall.state, `get ds agent -n kube-system -o wide --at ${when}`)
				expect([when, got.out]).toEqual([when, expect.stringContaining(image(version as number))])
				const described = await asked(rollcall.state, `describe ds agent -n kube-system --at ${when}`)
				expect([when, described.out]).toEqual([when, expect.stringContaining(image(version as number))])
			}
			expect((await asked(rollcall.state, "get ds agent -n kube-system -o wide --at 1h")).err).toContain(
				"nothing that old is on record",
			)
		} finally {
			await running.close()
		}
	})

	test.each([
		["2025-01-01T00:00:00Z", "nothing that old is on record"],
		["2027-01-01T00:00:00Z", "cluster time has come to 2026-01-01T00:0"],
		["yesterday", 'Cannot find the moment "yesterday"'],
		["abcdef12", "no commit of the ledger"],
	])("%s is refused, with the reason", async (when, message) => {
		const { rollcall } = await replayed()
		const got = await asked(rollcall.state, `get nodes --at ${when}`)
		expect([got.code, got.out, got.err]).toEqual([1, "", expect.stringContaining(message)])
		expect(got.err).toContain("next: ")
	})

	test("says so where the inputs lead to another cluster than the one that was recorded", async () => {
		const { rollcall } = await replayed()
		tamper(rollcall.state, `UPDATE marks SET digest = '${"0".repeat(32)}'; DELETE FROM journal WHERE number = 2`)
		tamper(rollcall.state, "DELETE FROM snapshots", "snapshots.db")
		const got = await asked(rollcall.state, "get nodes --at HEAD")
		expect([got.code, got.err]).toEqual([1, expect.stringContaining("lead to another cluster")])
	})
})

describe("a commit of the ledger", () => {
	/** The branch goes on after it was followed, and there are names beside it. */
	async function named() {
		const repo = repository()
		const ids = [1, 2, 3].map((version) =>
			repo.commit(`v${version}`, {
				"agent.yaml": [daemonSet({ image: image(version) })],
				"nodes.yaml": [nodePool("w", 3)],
			}),
		)
		repo.git("tag", "release/2", ids[1] ?? "")
		const rollcall = rollcallOn(repo)
		await rollcall.replay()
		ids.push(repo.commit("v4", { "agent.yaml": [daemonSet({ image: image(4) })] }))
		return { repo, rollcall, ids }
	}

	test("has the names that git has for it, wherever one is asked for; HEAD is the newest that was seen", async () => {
		const { rollcall, ids } = await named()
		for (const [name, version] of [
			["HEAD", 3],
			["main", 3],
			["HEAD~1", 2],
			["main^^", 1],
			["@{1}", 3],
			["release/2", 2],
			["release/2~1", 1],
			["commit/release/2", 2],
			[ids[1]?.slice(0, 9), 2],
		] as const) {
			const got = await asked(rollcall.state, `get ds agent -n kube-system -o wide --at ${name}`)
			expect([name, got.out]).toEqual([name, expect.stringContaining(image(version))])
			const shown = JSON.parse((await asked(rollcall.state, `show ${name} -o json`)).out)
			expect([name, shown.subject]).toEqual([name, `v${version}`])
			const traced = JSON.parse((await asked(rollcall.state, `trace commit/${name} -o json`)).out)
			expect([name, traced.items[0].images]).toEqual([name, [image(version)]])
		}
	})

	test("that git has and the ledger has not is told apart from one that nobody has", async () => {
		const { repo, rollcall, ids } = await named()
		const tried = async (line: string): Promise<string> => (await asked(rollcall.state, line)).err
		const short = ids[3]?.slice(0, 8)
		expect(await tried(`show ${ids[3]}`)).toContain(
			`git in ${repo.path} has it as ${short}, which was never taken here`,
		)
		for (const name of ["nosuch", "HEAD:agent.yaml", ":/v1", "--", "main..topic"]) {
			expect(await tried(`get ds --at=${name}`)).toContain(`git in ${repo.path} has none of that name either`)
		}
		repo.git("checkout", "--quiet", "--detach")
		expect(await tried("show HEAD~1")).toBe("")
	})

	test("is found by its id where the repository is gone; for all other names git is missing", async () => {
		const { repo, rollcall, ids } = await named()
		rmSync(repo.path, { recursive: true })
		for (const name of [ids[1]?.slice(0, 8), "HEAD", "main"]) {
			expect(await asked(rollcall.state, `show ${name}`)).toMatchObject({ code: 0 })
		}
		expect((await asked(rollcall.state, "show HEAD~1")).err).toMatch(/git cannot be asked: .*\n {2}next: /)
	})
})

describe("rollcall trace", () => {
	const cells = ({ out }: Ran): string[][] =>
		out
			.trimEnd()
			.split("\n")
			.map((line) => line.split(/ {3,}/))

	test("ds/NAME says which node runs which revision, by whose commit, now and at a time in the past", async () => {
		const { rollcall, commits } = await replayed()
		const [header, ...now] = cells(await asked(rollcall.state, "trace ds/agent -n kube-system"))
		expect(header).toEqual(["NODE", "REVISION", "COMMIT", "AUTHOR", "SINCE", "STATUS", "POD", "SUBJECT"])
		const short = commits.map((commit) => commit.slice(0, 8))
		expect(now.map(([node, revision, commit, author]) => [node, revision, commit, author])).toEqual(
			["w-0", "w-1", "w-2"].map((node) => [node, "3", short[2], "Ada"]),
		)
		const [, ...then] = cells(await asked(rollcall.state, "trace ds/agent --at 2026-01-01T00:01:59Z"))
		expect(then.map(([node, revision, commit]) => [node, revision, commit])).toEqual(
			["w-0", "w-1", "w-2"].map((node) => [node, "2", short[1]]),
		)
	})

	test("commit/SHA says what it put on which node, what still runs of it, and what is gone", async () => {
		const { rollcall, commits } = await replayed()
		const second = commits[1]?.slice(0, 7)
		const [header, ...now] = cells(await asked(rollcall.state, `trace commit/${second}`))
		expect(header?.slice(0, 3)).toEqual(["DAEMONSET", "NODE", "REVISION"])
		expect(now.map((row) => [row[1], row[6]])).toEqual(["w-0", "w-1", "w-2"].map((node) => [node, "Gone"]))
		const [, ...then] = cells(await asked(rollcall.state, `trace commit/${second} --at 2026-01-01T00:01:59Z`))
		expect(then.map((row) => [row[1], row[6]])).toEqual(["w-0", "w-1", "w-2"].map((node) => [node, "Running"]))
		expect(now.map((row) => row[7])).toEqual(then.map((row) => row[7]))
		const json = JSON.parse((await asked(rollcall.state, `trace commit/${second} -o json`)).out)
		expect(json.items[0]).toMatchObject({ node: "w-0", rollout: 2, revision: 2, commit: { commit: commits[1] } })
	})

	test.each([
		["commit/abcdef12", 'Cannot find the commit "abcdef12" in the ledger'],
		["ds/nosuch", 'Cannot find a DaemonSet "ds/nosuch" in the ledger or the cluster'],
		["node/nosuch", 'nodes "nosuch" not found'],
	])("%s is refused, with where to look", async (what, message) => {
		const { rollcall } = await replayed()
		const got = await asked(rollcall.state, `trace ${what}`)
		expect([got.code, got.err]).toEqual([1, expect.stringContaining(message)])
		expect(got.err).toContain("next: ")
	})
})
