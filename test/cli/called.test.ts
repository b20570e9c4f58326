import { describe, expect, test } from "vitest"
import { asTyped, calledBy, isCompletion } from "../../src/cli/called.ts"
import { completions } from "../../src/cli/completion/complete.ts"
import { buildProgram } from "../../src/cli/program.ts"
import { ran, shellOf } from "./test-shell.ts"

const { commands } = buildProgram(shellOf().shell)
const plugin = (...words: string[]) => ran(words, { called: "kubectl rollcall" })

describe("called as kubectl's plugin", () => {
	test.each([
		["/usr/bin/rollcall", "rollcall", false],
		["/work/dist/rollcall.js", "rollcall", false],
		["/usr/bin/kubectl-rollcall", "kubectl rollcall", false],
		["C:\\npm\\kubectl-rollcall.cmd".replaceAll("\\", "/"), "kubectl rollcall", false],
		["/usr/bin/kubectl_complete-rollcall", "rollcall", true],
	])("%s is typed as %s", (path, called, completes) => {
		expect([calledBy(path), isCompletion(path)]).toEqual([called, completes])
	})

	test.each(commands.map((command) => command.name()))("%s and what is below it say so in their help", async (name) => {
		const below = commands.find((command) => command.name() === name)?.commands.map((command) => command.name()) ?? []
		for (const words of [[name], ...below.map((second) => [name, second])]) {
			const { out } = await plugin(...words, "--help")
			expect(out).toContain(`Usage: kubectl rollcall ${words.join(" ")}`)
			expect(asTyped(out, "kubectl rollcall")).toBe(out)
			expect(asTyped(`rollcall ${words.join(" ")}`, "kubectl rollcall")).toMatch(/^kubectl/)
		}
	})

	test("says so in the program's own help, and where a command is not known", async () => {
		expect((await plugin("--help")).out).toContain("\n  kubectl rollcall history ds/fluentd")
		expect((await plugin("get")).err).toBe("error: missing required argument 'resource'\n")
		expect((await plugin("gett", "ds")).err).toContain("Did you mean get?")
	})

	test.each([
		["next: rollcall history --commits lists them", "next: kubectl rollcall history --commits lists them"],
		["start `rollcall run` first", "start `kubectl rollcall run` first"],
		["try rollcall --help", "try kubectl rollcall --help"],
		["kubectl rollcall get ds", "kubectl rollcall get ds"],
		["another rollcall is at work there", "another rollcall is at work there"],
		["git log --notes=rollcall shows it", "git log --notes=rollcall shows it"],
		["annotate rollcall.dev/on-failure", "annotate rollcall.dev/on-failure"],
	])("words for people: %s", (given, want) => {
		expect(asTyped(given, "kubectl rollcall")).toBe(want)
		expect(asTyped(given, "rollcall")).toBe(given)
	})
})

describe("kubectl's completion", () => {
	const program = buildProgram(shellOf().shell)
	const complete = (...words: string[]) =>
		completions(program, words, ["daemonsets", "nodes"])
			.trim()
			.split("\n")
			.map((line) => line.split("\t")[0])
	test.each([
		[["his"], ["history", ":4"]],
		[
			["rollout", "un"],
			["undo", ":4"],
		],
		[
			["get", ""],
			["daemonsets", "nodes", ":4"],
		],
		[
			["get", "daemonsets", "--show"],
			["--show-labels", ":4"],
		],
		[
			["completion", "z"],
			["zsh", ":4"],
		],
		[["check", "clusters/"], [":0"]],
		[
			["nosuch", "--sta"],
			["--state", ":4"],
		],
		[
			[],
			[
				...program
					.createHelp()
					.visibleCommands(program)
					.map((command) => command.name()),
				":4",
			],
		],
	])("%j may become %j", (words, want) => {
		expect(complete(...words)).toEqual(want)
	})
})
