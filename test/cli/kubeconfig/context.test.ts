import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { stringify } from "yaml"
import type { Called } from "../../../src/cli/called.ts"
import { kubeconfigAt, kubeconfigOf } from "../../../src/cli/compose/index.ts"
import { whereaboutsOf } from "../../../src/cli/kubeconfig/context.ts"
import { temporaryDirectory } from "../../builders/temporary-directory.ts"
import { ran } from "../test-shell.ts"

const way = { state: "/state/one", server: "https://127.0.0.1:1", authority: "PEM", tokens: { read: "r", write: "w" } }
const when = "1a2b3c4d5e6f"
const other = {
	clusters: [{ name: "prod", cluster: { server: "https://prod.example.com" } }],
	contexts: [{ name: "prod", context: { cluster: "prod", user: "ada" } }],
	"current-context": "prod",
}

const home = temporaryDirectory()
const file = (name: string, content: object): string => {
	writeFileSync(join(home, name), stringify(content))
	return join(home, name)
}
const ours = file("ours", kubeconfigOf(way))
const past = file("past", kubeconfigAt(way, { when, label: "1a2b3c4d" }))
const prod = file("prod", other)
file("list", ["no", "kubeconfig"])
writeFileSync(join(home, "broken"), "clusters: [")

/** Where `get ds` reads. */
async function reads(
	words: readonly string[],
	env: Readonly<Record<string, string>> = {},
	called: Called = "kubectl rollcall",
): Promise<string | undefined> {
	let asked: string | undefined
	const openReader = (directory: string) => {
		asked = directory
		return Promise.reject(new Error("it is only asked where"))
	}
	await ran(["get", "ds", ...words], { called, env: { KUBECONFIG: ours, ...env }, world: { openReader } })
	return asked
}

describe("a context of kubectl's", () => {
	test.each([
		[{}, `${prod}:${ours}`, undefined],
		[{ context: "rollcall" }, `${prod}:${ours}`, { state: "/state/one" }],
		[{ context: "rollcall-read-only" }, ours, { state: "/state/one" }],
		[{}, `/nowhere:${ours}:${prod}`, { state: "/state/one" }],
		[{}, past, { state: "/state/one", at: when }],
		[{}, "/nowhere", undefined],
		[{}, join(home, "list"), undefined],
		[{ kubeconfig: "ours" }, prod, { state: "/state/one" }],
	])("%j with KUBECONFIG=%s leads to %j", (flags, KUBECONFIG, want) => {
		expect(whereaboutsOf(flags, { env: { KUBECONFIG }, cwd: home })).toEqual(want)
	})

	test.each([
		[{ kubeconfig: "nosuch" }, "Cannot read .*/nosuch: there is no such file"],
		[{ kubeconfig: "prod" }, 'Cannot follow the context "prod" .*: its cluster is none that rollcall run serves'],
		[{ context: "nosuch" }, 'Cannot follow the context "nosuch" .*: it has no such context'],
		[{ kubeconfig: "." }, "Cannot read .*: EISDIR"],
		[{ kubeconfig: "broken" }, "Cannot read .*/broken: it is no kubeconfig"],
		[{ kubeconfig: "list" }, "Cannot follow .*/list: it has no such context"],
	])("%j that leads nowhere is an error", (flags, message) => {
		expect(() => whereaboutsOf(flags, { env: { KUBECONFIG: ours }, cwd: home })).toThrow(new RegExp(message))
	})
})

describe("kubectl rollcall", () => {
	test.each([
		["follows the current context", [], {}, "/state/one"],
		["follows the one that is named", ["--kubeconfig", ours], { KUBECONFIG: prod }, "/state/one"],
		["goes where --state says before all", ["--state", "/two"], {}, "/two"],
		["goes where ROLLCALL_STATE says before the current context", [], { ROLLCALL_STATE: "/two" }, "/two"],
		["follows a named one before ROLLCALL_STATE", ["--context", "rollcall"], { ROLLCALL_STATE: "/two" }, "/state/one"],
	] as const)("%s", async (_, words, env, want) => {
		expect(await reads(words, env)).toBe(want)
	})

	test("follows no context by itself where the program is not kubectl's plugin", async () => {
		expect(await reads([], {}, "rollcall")).not.toBe("/state/one")
		expect(await reads(["--context", "rollcall"], {}, "rollcall")).toBe("/state/one")
	})

	test("does not act on a past", async () => {
		const { code, err } = await ran(["cordon", "node-1", "--kubeconfig", past], { called: "kubectl rollcall" })
		expect([code, err]).toEqual([
			1,
			`error: Cannot cordon at ${when}: kubectl's context is of that past\n  next: name another context with --context\n`,
		])
	})
})
