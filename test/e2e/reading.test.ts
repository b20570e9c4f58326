import { execFile } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { chmod, cp, readdir } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { makeRepository } from "../../src/cli/compose/index.ts"
import { readStory } from "../../src/cli/demo/story.ts"
import { anotherUser, canBeAnotherUser } from "../builders/another-user.ts"
import { type Ended, exportOf, PROGRAM, program } from "../builders/program.ts"

const root = mkdtempSync(join(tmpdir(), "rollcall-test-"))
const repo = join(root, "demo")
const state = join(root, "state")
const demo = join(PROGRAM, "..", "..", "examples", "demo")
/** On every system a user without rights. */

const read = (words: string, more: Parameters<typeof program>[1] = {}): Promise<Ended> =>
	program([...words.split(" "), "--state", state], { cwd: repo, ...more })

beforeAll(async () => {
	await makeRepository(repo, readStory(demo))
	const { code } = await program(["replay", repo, "--settle", "--state", state])
	expect(code).toBe(0)
})
afterAll(() => rmSync(root, { recursive: true, force: true }))

const rows = (text: string): string[][] =>
	text
		.trim()
		.split("\n")
		.map((line) => line.split(/ {2,}/))

describe("rollcall replay", () => {
	test("prints equal digests and exports equal histories for equal seeds, and others for others", async () => {
		const replay = async (name: string, ...more: readonly string[]) => {
			const directory = join(root, name)
			const { code, out } = await program(["replay", repo, "--state", directory, "--digest", ...more])
			expect(code).toBe(0)
			return { digest: out, text: exportOf(directory) }
		}
		const [first, second, other] = await Promise.all([
			replay("first"),
			replay("second"),
			replay("other", "--seed", "x"),
		])
		expect(second).toEqual(first)
		expect(other.digest).not.toBe(first.digest)
		expect(other.text).not.toBe(first.text)
		const settled = await replay("settled", "--settle")
		expect(settled.text).toBe(exportOf(state))
	})

	test("has an entry for every first-parent commit", async () => {
		const { out } = await read("history --commits -o json")
		const commits = (JSON.parse(out).items as { readonly subject: string }[]).map(({ subject }) => subject)
		expect(commits).toEqual(
			readStory(demo)
				.map(({ message }) => message.split("\n")[0])
				.reverse(),
		)
	})
})

describe("rollcall history", () => {
	test("lists rollouts newest first, with all that the issue asks for", async () => {
		const [header, ...lines] = rows((await read("history")).out)
		expect(header).toEqual([
			"ROLLOUT",
			"DAEMONSET",
			"REVISION",
			"COMMIT",
			"AUTHOR",
			"AGE",
			"NODES",
			"TOOK",
			"VERDICT",
			"IMAGES",
			"CHANGE-CAUSE",
		])
		expect(lines.map(([number]) => Number(number))).toEqual(lines.map((_, index) => lines.length - index))
		const fix = lines.find((line) => line.includes("fluentd 1.18.0 → 1.18.1"))
		expect(fix?.slice(1, 3)).toEqual(["logging/fluentd", "4"])
		expect(fix?.slice(4, 5)).toEqual(["Priya Nair"])
		expect(fix?.slice(6, 7)).toEqual(["63/63"])
		expect(fix?.slice(8, 9)).toEqual(["complete"])
	})

	test("of one DaemonSet is that of its rollouts alone, in each form", async () => {
		const { out } = await read("history ds/fluentd -o name")
		expect(out).toMatch(/^(rollout\/\d+\n){4}$/)
		const json = JSON.parse((await read("history daemonset.apps/fluentd -n logging -o json")).out)
		expect(json.items.map(({ rollout }: { rollout: number }) => `rollout/${rollout}\n`).join("")).toBe(out)
		expect((await read("history ds/fluentd -o yaml")).out).toContain("kind: RolloutList")
		expect((await read("history ds/fluentd -o wide")).out).toContain("DOWN AT MOST")
		expect((await read("history -n logging -o name")).out).toBe(out)
		const none = await read("history ds/nosuch")
		expect([none.code, none.err]).toEqual([1, expect.stringMatching(/^error: .*nosuch.*\n {2}next: /)])
	})
})

describe("rollcall show", () => {
	test("shows a rollout with its fields, causes and nodes in their order, and its commit", async () => {
		const bad = (await read("history ds/fluentd -o json")).out
		const { rollout, commit } = (
			JSON.parse(bad).items as { rollout: number; verdict: string; commit: { commit: string } }[]
		).find(({ verdict }) => verdict === "superseded") ?? { rollout: 0, commit: { commit: "" } }
		const { out } = await read(`show ${rollout}`)
		expect(out).toMatch(/^Verdict: +superseded: 7 of 63 nodes updated/m)
		expect(out).toMatch(/^ {6}- registry\.example\.com\/logging\/fluentd:1\.17\.1$/m)
		expect(out).toMatch(/^ {2}crash-loop: 7 nodes/m)
		expect(out.split("Nodes, in the order they went:\n")[1]?.trim().split("\n")).toHaveLength(8)
		const short = await read(`show ${commit.commit.slice(0, 8)}`)
		expect(short.out).toContain(`Commit:     ${commit.commit}`)
		expect(short.out).toMatch(new RegExp(`^${rollout} +logging/fluentd`, "m"))
		expect(JSON.parse((await read(`show ${rollout} -o json`)).out)).toMatchObject({ kind: "Rollout", rollout })
	})

	test.each([["999"], ["abcdef12"], ["nonsense"]])("says that %s is not there", async (what) => {
		const { code, err } = await read(`show ${what}`)
		expect([code, err]).toEqual([1, expect.stringMatching(/^error: .+\n {2}next: rollcall history/)])
	})
})

describe("rollcall diff", () => {
	test("is empty with 0 where the cluster is at the branch, and names what another commit would change", async () => {
		expect(await read("diff")).toMatchObject({ code: 0, out: "" })
		const before = await read("diff HEAD~1")
		expect(before.code).toBe(1)
		expect(before.out).toMatch(
			/^~ daemonset\.apps monitoring\/node-exporter {2}agents\/monitoring\/node-exporter\.yaml/,
		)
		expect((await read("diff HEAD~1 --no-exit-code")).code).toBe(0)
	})

	test("between two commits says the same as JSON, whichever state directory there is", async () => {
		const text = await read("diff HEAD~4..HEAD~3")
		const json = await program(["diff", "HEAD~4..HEAD~3", "-o", "json", "--state", join(root, "none")], { cwd: repo })
		expect([text.code, json.code]).toEqual([1, 1])
		const changes = JSON.parse(json.out).items as { readonly action: string }[]
		expect(changes.length).toBeGreaterThan(0)
		expect(text.out).toContain("fluentd:1.18.1")
		expect(json.out).toContain("fluentd:1.18.1")
	})

	test.each([["nosuch"], ["a...b"], ["HEAD -o xml"]])("ends with 2 for %s", async (words) => {
		const { code, err } = await read(`diff ${words}`)
		expect([code, err]).toEqual([2, expect.stringMatching(/^error: .+\n {2}next: .+\n$/)])
	})
})

describe("rollcall trace", () => {
	test("says what a node runs and who brought it, now and then", async () => {
		const now = rows((await read("trace node/edge-3")).out)
		expect(now[0]?.slice(0, 5)).toEqual(["DAEMONSET", "REVISION", "COMMIT", "AUTHOR", "SINCE"])
		expect(now.map(([daemonSet, revision]) => `${daemonSet} ${revision}`)).toContain("logging/fluentd 4")
		const then = JSON.parse((await read("history ds/fluentd -o json")).out).items.at(-1).endedAt as string
		const past = rows((await read(`trace edge-3 --at ${then}`)).out)
		expect(past.map(([daemonSet, revision]) => `${daemonSet} ${revision}`)).toContain("logging/fluentd 1")
		expect(past.length).toBeLessThan(now.length)
	})

	test.each([
		["trace node/nosuch", /^Error from server \(NotFound\): nodes "nosuch" not found\n/],
		["trace edge-3 --at soon", /^error: Cannot find the moment "soon": .*\n {2}next: /],
		["trace edge-3 --at 2001-01-01T00:00:00Z", /^error: .+\n {2}next: /],
	])("%s", async (words, message) => {
		const { code, err } = await read(words)
		expect([code, err]).toEqual([1, expect.stringMatching(message)])
	})
})

describe("rollcall get and describe", () => {
	test.each([
		["nodes", /^NAME +STATUS +ROLES +AGE +VERSION$/m, 63],
		["ds -A", /^NAMESPACE +NAME +DESIRED +CURRENT +READY +UP-TO-DATE +AVAILABLE +NODE SELECTOR +AGE$/m, 5],
		["pods -n logging", /^NAME +READY +STATUS +RESTARTS +AGE$/m, 63],
		["po -A -l app.kubernetes.io/name=csi-rbdplugin", /^NAMESPACE +NAME +READY +STATUS +RESTARTS +AGE$/m, 36],
		["pc", /^NAME +VALUE +GLOBAL-DEFAULT +AGE +PREEMPTIONPOLICY$/m, 3],
		["controllerrevisions -n logging", /^NAME +CONTROLLER +REVISION +AGE$/m, 4],
		["nodes -l node.example.com/pool=edge -o wide", /^NAME +STATUS +ROLES +AGE +VERSION +INTERNAL-IP/m, undefined],
		["events -n logging", /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE$/m, undefined],
	] as const)("get %s", async (words, header, count) => {
		const { code, out } = await read(`get ${words}`)
		expect([code, out.split("\n")[0]]).toEqual([0, expect.stringMatching(header)])
		const lines = out.trim().split("\n").slice(1)
		if (count === undefined) expect(lines.length).toBeGreaterThan(0)
		else expect(lines).toHaveLength(count)
		const names = (await read(`get ${words.replace(" -o wide", "")} -o name`)).out.trim().split("\n")
		expect(names).toHaveLength(lines.length)
	})

	test("gives one object back as it would be written", async () => {
		const one = await read("get ds/fluentd -n logging -o json")
		expect(JSON.parse(one.out)).toMatchObject({ apiVersion: "apps/v1", kind: "DaemonSet", status: { numberReady: 63 } })
		expect((await read("get ds fluentd -n logging -o yaml")).out).toContain("kind: DaemonSet")
	})

	test.each([
		["describe ds/fluentd -n logging", "Desired Number of Nodes Scheduled: 63"],
		["describe node edge-3", "Taints:             dedicated=shop:NoExecute"],
		["describe pod/fluentd -n logging", 'Error from server (NotFound): pods "fluentd" not found'],
		["describe ds/fluentd", "next: it is in another namespace: add -n logging"],
		["get nosuch", `error: the server doesn't have a resource type "nosuch"`],
		["get ds", "No resources found in default namespace."],
	])("%s", async (words, text) => {
		const { out, err } = await read(words)
		expect(out + err).toContain(text)
	})
})

describe("what only reads", () => {
	const COMMANDS = [
		"history",
		"history --commits",
		"history ds/fluentd",
		"show 1",
		"show HEAD",
		"diff",
		"diff HEAD~2..HEAD",
		"trace node/edge-3",
		"trace node/edge-3 --at 5m",
		"get pods -A",
		"describe node/edge-3",
		"ledger verify",
		"ledger export",
		"plan --allow-local",
	]

	test.skipIf(!canBeAnotherUser())(
		"works on a state directory that it may not write to, and leaves no trace in it",
		async () => {
			const frozen = join(root, "frozen")
			await cp(state, frozen, { recursive: true })
			for (const name of await readdir(frozen)) await chmod(join(frozen, name), name === "secret.key" ? 0o600 : 0o444)
			await chmod(frozen, 0o555)
			await chmod(root, 0o755)
			const before = await readdir(frozen)
			const frozenly = (words: string) =>
				program([...words.split(" "), "--state", frozen], { cwd: repo, ...anotherUser() })
			for (const words of COMMANDS.filter((each) => !each.startsWith("diff"))) {
				const [there, here] = await Promise.all([frozenly(words), read(words)])
				expect([words, there]).toEqual([words, here])
			}
			expect(await readdir(frozen)).toEqual(before)
			await chmod(frozen, 0o755)
		},
	)

	test("ends without a word where nobody reads on", async () => {
		const line = `"${process.execPath}" "${PROGRAM}" get pods -A --state "${state}" | head -n 1`
		const { stdout, stderr } = await promisify(execFile)("/bin/sh", ["-c", line])
		expect([stdout.split(/ +/)[0], stderr]).toEqual(["NAMESPACE", ""])
	})
})
