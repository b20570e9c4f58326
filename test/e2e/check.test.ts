import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { pool } from "../builders/cluster.ts"
import { daemonSet, node } from "../builders/objects.ts"
import { program } from "../builders/program.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const GOOD = stringify(daemonSet())
const TYPO = GOOD.replace("selector:", "selectr:")
const WARNED = GOOD.replace("apps/v1", "apps/v1beta2")

function folder(files: Readonly<Record<string, string>>): string {
	const root = temporaryDirectory()
	for (const [name, text] of Object.entries(files)) {
		mkdirSync(join(root, name, ".."), { recursive: true })
		writeFileSync(join(root, name), text)
	}
	return root
}

describe("rollcall check", () => {
	test.each([
		["no errors", { "good.yaml": GOOD }, [], 0],
		["an error", { "good.yaml": GOOD, "bad.yaml": TYPO }, [], 1],
		["warnings", { "old.yaml": WARNED }, [], 0],
		["warnings that count", { "old.yaml": WARNED }, ["--strict"], 1],
		["one object in two places", { "a.yaml": GOOD, "b.yaml": GOOD }, ["--strict"], 1],
		["a path that is not there", { "good.yaml": GOOD }, ["nowhere"], 2],
		["a format that is not there", { "good.yaml": GOOD }, ["-o", "xml"], 2],
	] as const)("%s", async (_, files, words, want) => {
		const { code, out, err } = await program(["check", ...words], { cwd: folder(files) })
		expect([code, want === 2 ? out : ""]).toEqual([want, ""])
		if (want === 2) expect(err).toMatch(/^error: .+\n {2}next: .+\n$/)
	})

	test("names file, line, column and the right name, and ends in a summary", async () => {
		const { out, err } = await program(["check", "."], { cwd: folder({ "agents/bad.yaml": TYPO }) })
		expect(out).toMatch(/^agents\/bad\.yaml:\d+:\d+: error: .*selectr.*selector/m)
		expect(err).toMatch(/1 file/)
	})

	test("reads standard input, and prints SARIF and JSON that say the same", async () => {
		const cwd = temporaryDirectory()
		const [sarif, json] = await Promise.all(
			["sarif", "json"].map((format) => program(["check", "-", "-o", format], { cwd, stdin: TYPO })),
		)
		expect([sarif?.code, json?.code]).toEqual([1, 1])
		const results = JSON.parse(sarif?.out ?? "").runs[0].results as { readonly ruleId: string }[]
		const findings = JSON.parse(json?.out ?? "").items as { readonly code: string }[]
		expect(results.map(({ ruleId }) => ruleId)).toEqual(findings.map(({ code }) => code))
		expect(findings.length).toBeGreaterThan(0)
	})
})

describe("rollcall fleet import", () => {
	test("makes NodePools of a dump that the cluster then runs on", async () => {
		const items = [1, 2, 3].map((number) => ({
			...node(`worker-${number}`, { labels: { "node.example.com/pool": "workers" } }),
			status: {
				capacity: { cpu: "4", memory: "8Gi", pods: "110" },
				allocatable: { cpu: "4", memory: "8Gi", pods: "110" },
			},
		}))
		const cwd = folder({ "dump.yaml": stringify({ apiVersion: "v1", kind: "List", items }) })
		const imported = await program(["fleet", "import", "dump.yaml"], { cwd })
		expect(imported.code).toBe(0)
		expect(imported.out).toContain("kind: NodePool")
		expect(imported.out).toMatch(/replicas: 3/)
		const piped = await program(["fleet", "import", "-"], { cwd, stdin: readFileSync(join(cwd, "dump.yaml"), "utf8") })
		expect(piped.out).toBe(imported.out)
		expect((await program(["check", "-"], { stdin: imported.out })).code).toBe(0)
		const missing = await program(["fleet", "import", "nowhere.yaml"], { cwd })
		expect([missing.code, missing.err]).toEqual([
			1,
			expect.stringMatching(/^error: .*nowhere\.yaml.*\n {2}next: .+\n$/),
		])
	})
})

const COMMANDS = [
	"run",
	"replay",
	"history",
	"show",
	"diff",
	"trace",
	"get",
	"describe",
	"check",
	"fleet",
	"fleet import",
	"ledger",
	"completion",
	"start",
]

describe("rollcall --help", () => {
	test.each(COMMANDS.map((command) => [command]))(
		"of %s has examples, and fits 80 columns but for those",
		async (command) => {
			const { code, out, err } = await program([...command.split(" "), "--help"])
			expect([code, err]).toEqual([0, ""])
			expect(out).toMatch(/^Usage: rollcall /)
			const [usage = "", examples = ""] = out.split("\nExamples:\n")
			expect(examples).toMatch(/^ {2}\S/)
			expect(usage.split("\n").filter((line) => line.length > 80)).toEqual([])
		},
	)

	test("is what a command line without a command shows, and an unknown one names the nearest", async () => {
		const nothing = await program([])
		expect(nothing.out + nothing.err).toContain("Usage: rollcall [options] [command]")
		const typo = await program(["histroy"])
		expect([typo.code, typo.err]).toEqual([1, expect.stringMatching(/unknown command 'histroy'[\s\S]*history/)])
	})

	test.each([["bash"], ["zsh"], ["fish"]])("comes with a completion for %s", async (shell) => {
		const { code, out } = await program(["completion", shell])
		expect(code).toBe(0)
		for (const command of COMMANDS.filter((name) => !name.includes(" ") && name !== "start"))
			expect(out).toContain(command)
	})
})

describe("rollcall check --fleet", () => {
	test("says what does not fit the nodes, where the object stands", async () => {
		const cwd = folder({
			"agents.yaml": stringify(daemonSet()).replace("containers:", "nodeSelector: {disk: ssd}\n      containers:"),
			"nodes.yaml": stringify(pool({ replicas: 3 })),
		})
		const { code, out } = await program(["check", "agents.yaml", "--fleet", "nodes.yaml"], { cwd })
		expect(out).toMatch(/^agents\.yaml:1:1: warning: no node is for it: .* keeps 3 out .*\[matches-no-node\]$/m)
		expect(code).toBe(0)
		expect((await program(["check", "agents.yaml", "--fleet", "nosuch.yaml"], { cwd })).code).toBe(2)
	})
})
