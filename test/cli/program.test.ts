import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it, onTestFinished } from "vitest"
import { buildProgram } from "../../src/cli/program.ts"
import type { Shell } from "../../src/cli/shell.ts"
import type { Reader, RunEnd, RunOptions } from "../../src/cli/world.ts"
import type { KubeObject } from "../../src/kube/index.ts"
import { clusterReader } from "./cluster-reader.ts"
import { ledgerOf } from "./ledger-of.ts"
import { ran } from "./test-shell.ts"

const NOW = Date.UTC(2026, 2, 2, 9)
const objects: readonly KubeObject[] = [
	node("general-0", { "kubernetes.io/os": "linux", zone: "a" }),
	node("general-1", { "kubernetes.io/os": "linux", zone: "b" }),
	pod("fluentd-aaaaa", "general-0"),
	pod("fluentd-bbbbb", "general-1"),
	{
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "fluentd", namespace: "logging", creationTimestamp: "2026-03-02T08:59:00Z" },
		spec: { selector: { matchLabels: { app: "fluentd" } }, template: { spec: { containers: [] } } },
	},
	{
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: { name: "widgets.example.com" },
		spec: {
			group: "example.com",
			scope: "Namespaced",
			names: { kind: "Widget", plural: "widgets", shortNames: ["wd"] },
			versions: [{ name: "v1", served: true, storage: true }],
		},
	},
	{
		apiVersion: "example.com/v1",
		kind: "Widget",
		metadata: { name: "w", namespace: "default", creationTimestamp: "2026-03-02T08:59:00Z" },
	},
]

function node(name: string, labels: { readonly [key: string]: string }): KubeObject {
	return { apiVersion: "v1", kind: "Node", metadata: { name, labels, creationTimestamp: "2026-03-02T08:58:00Z" } }
}

function pod(name: string, nodeName: string): KubeObject {
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name, namespace: "logging", creationTimestamp: "2026-03-02T08:59:00Z" },
		spec: { nodeName, containers: [{ name: "fluentd", image: "fluentd:1" }] },
		status: {
			phase: "Running",
			containerStatuses: [{ name: "fluentd", ready: true, restartCount: 2, state: { running: {} } }],
		},
	}
}

const cluster = clusterReader(objects, NOW)
const reader: Reader = {
	cluster,
	at: () => cluster,
	ledger: ledgerOf({}),
	quarantined: [],
	waiting: new Map(),
	close: () => undefined,
}
const world = { openReader: async () => reader }

describe("rollcall", () => {
	it("has a description, examples and flags on every command", () => {
		const shell = { terminal: { width: 100 }, version: "1" } as unknown as Shell
		for (const command of buildProgram(shell).commands) {
			let help = ""
			command.configureOutput({
				writeOut: (text) => {
					help += text
				},
			})
			command.outputHelp()
			expect([command.name(), command.description()]).not.toContain("")
			expect([command.name(), help.includes("Examples:")]).toEqual([command.name(), true])
		}
	})

	it.each([
		[["--version"], 0, "1.2.3\n", ""],
		[["--help"], 0, /^Usage: rollcall/, ""],
		[["gett"], 1, "", /unknown command 'gett'\n\(Did you mean get\?\)/],
		[["get"], 1, "", /missing required argument/],
		[["get", "ds", "-o", "xml"], 1, "", 'error: Cannot print as "xml"\n  next: use -o json, yaml, wide or name\n'],
	])("rollcall %j ends with %d", async (argv, code, out, err) => {
		const result = await ran(argv, { world })
		expect(result.code).toBe(code)
		typeof out === "string" ? expect(result.out).toBe(out) : expect(result.out).toMatch(out)
		typeof err === "string" ? expect(result.err).toBe(err) : expect(result.err).toMatch(err)
	})

	it("shows no stack trace unless asked", async () => {
		const broken = { openReader: () => Promise.reject(new Error("disk on fire")) }
		expect((await ran(["get", "ds"], { world: broken })).err).toBe(
			"error: disk on fire\n  next: run it again with --log-level debug to see where it happened\n",
		)
		expect((await ran(["get", "ds", "--log-level", "debug"], { world: broken })).err).toMatch(/\n {4}at /)
	})
})

describe("rollcall get", () => {
	it.each([
		[
			"nodes -L zone",
			"NAME        STATUS    ROLES    AGE   VERSION   ZONE\ngeneral-0   Unknown   <none>   2m              a\ngeneral-1   Unknown   <none>   2m              b\n",
		],
		[
			"pods -n logging --field-selector spec.nodeName=general-1 --no-headers",
			"fluentd-bbbbb   1/1   Running   2     60s\n",
		],
		["nodes -l zone!=a,kubernetes.io/os -o name", "node/general-1\n"],
		["ds -A -o name", "daemonset.apps/fluentd\n"],
		["wd", "NAME   AGE\nw      60s\n"],
		["no/general-0 widgets.example.com/w -o name", "node/general-0\nwidget.example.com/w\n"],
		["pods -n logging --sort-by=.spec.nodeName -o name", "pod/fluentd-aaaaa\npod/fluentd-bbbbb\n"],
	])("get %s", async (line, out) => {
		const result = await ran(["get", ...line.split(" ")], { world })
		expect(result).toEqual({ code: 0, out, err: "" })
	})

	it.each([
		["ds nosuch", 'Error from server (NotFound): daemonsets.apps "nosuch" not found', 1],
		["ds fluentd", "  next: it is in another namespace: add -n logging", 1],
		["foo", `error: the server doesn't have a resource type "foo"`, 1],
		["pods -l a=b=c", "error: Cannot read the label selector", 1],
		["pods", "No resources found in default namespace.", 0],
		["pc", "No resources found", 0],
	])("get %s says why nothing is printed", async (line, message, code) => {
		const result = await ran(["get", ...line.split(" ")], { world })
		expect([result.out, result.code]).toEqual(["", code])
		expect(result.err).toContain(message)
	})

	it("prints one object as itself and several as a List", async () => {
		const one = JSON.parse((await ran(["get", "node", "general-0", "-o", "json"], { world })).out)
		const list = JSON.parse((await ran(["get", "nodes", "-o", "json"], { world })).out)
		expect(one.kind).toBe("Node")
		expect([list.kind, list.items.length]).toEqual(["List", 2])
	})
})

describe("rollcall check", () => {
	const good = "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a\n"

	it("tells 0, 1 and 2 apart", async () => {
		const root = mkdtempSync(join(tmpdir(), "rollcall-check-"))
		onTestFinished(() => rmSync(root, { recursive: true, force: true }))
		mkdirSync(join(root, "good/.git"), { recursive: true })
		mkdirSync(join(root, "bad"))
		writeFileSync(join(root, "good/a.yaml"), good)
		writeFileSync(join(root, "good/.git/broken.yaml"), "{")
		writeFileSync(join(root, "bad/b.yaml"), "apiVersion: v1\nkind: Namespace\nmetadata:\n  name: [\n")
		expect(await ran(["check", "good"], { cwd: root })).toEqual({
			code: 0,
			out: "",
			err: "1 file, 1 object: no findings\n",
		})
		const bad = await ran(["check"], { cwd: root })
		expect(bad.code).toBe(1)
		expect(bad.out).toMatch(/^bad\/b\.yaml:\d+:\d+: error: /)
		const none = await ran(["check", "nosuch"], { cwd: root })
		expect([none.code, none.err]).toEqual([
			2,
			"error: Cannot check nosuch: there is no such file or folder\n  next: name files or folders that exist, or - for standard input\n",
		])
	})

	it("reads standard input, and prints SARIF", async () => {
		expect((await ran(["check", "-"], { stdin: good })).code).toBe(0)
		const result = await ran(["check", "-", "-o", "sarif"], { stdin: "apiVersion: v1\nkind: [" })
		expect(JSON.parse(result.out)).toMatchObject({
			version: "2.1.0",
			runs: [{ tool: { driver: { version: "1.2.3" } } }],
		})
		expect(result.code).toBe(1)
	})
})

describe("rollcall diff", () => {
	const diff = (changes: readonly unknown[]) => ({ diff: async () => ({ from: "live", to: "main", changes }) }) as never
	const change = { key: "/Namespace//x", action: "create", fields: [] }

	it.each([
		["no changes", [], [], 0],
		["changes", [change], [], 1],
		["changes, told not to", [change], ["--no-exit-code"], 0],
	])("with %s", async (_, changes, flags, code) => {
		expect((await ran(["diff", "--repo", "/srv/x", ...flags], { world: diff(changes) })).code).toBe(code)
	})

	it("ends with 2 where it could not compare", async () => {
		expect((await ran(["diff", "--repo", "/srv/x"])).code).toBe(2)
		expect((await ran(["diff", "--repo", "/srv/x", "a...b"], { world: diff([]) })).code).toBe(2)
		expect((await ran(["diff"], { world: diff([]) })).err).toContain("Cannot find a git repository around /nowhere")
	})
})

describe("rollcall run", () => {
	const end: RunEnd = { kind: "done", digest: "abc", commits: 1, rollouts: 2, reasons: [] }
	const running = async (argv: readonly string[], ended: Partial<RunEnd> = {}, signal?: AbortSignal) => {
		let options: RunOptions | undefined
		const state = mkdtempSync(join(tmpdir(), "rollcall-run-"))
		onTestFinished(() => rmSync(state, { recursive: true, force: true }))
		const run = async (given: RunOptions) => {
			options = given
			return { ...end, ...ended }
		}
		const result = await ran(["run", ...argv, "--state", state], { world: { run }, ...(signal ? { signal } : {}) })
		return { ...result, options }
	}

	it("passes on what was asked for", async () => {
		const { options } = await running(
			"https://user:secret@git.example.com/fleet.git --branch main --path a --path b --speed 20 --interval 1m --once".split(
				" ",
			),
		)
		expect(options).toMatchObject({
			repository: "https://user:secret@git.example.com/fleet.git",
			branch: "main",
			paths: ["a", "b"],
			speed: 20,
			intervalMs: 60_000,
			once: true,
			walk: false,
		})
	})

	it.each([
		["done", {}, 0, "1 commit, 2 rollouts: done\n"],
		[
			"stuck",
			{ kind: "stuck", reasons: ["logging/fluentd: CrashLoopBackOff on 7"] },
			1,
			"1 commit, 2 rollouts: stuck\n  logging/fluentd: CrashLoopBackOff on 7\n",
		],
		["stopped", { kind: "stopped" }, 130, ""],
		[
			"no source",
			{ kind: "no-source", reasons: ["no branch"], next: "push one" },
			2,
			"error: no branch\n  next: push one\n",
		],
	] as const)("%s", async (_, ended, code, err) => {
		const result = await running(["/srv/fleet", "--once"], ended)
		expect([result.code, result.err]).toEqual([code, err])
	})

	it("ends with 130 after Ctrl-C, whatever it was doing", async () => {
		expect((await running(["/srv/fleet"], {}, AbortSignal.abort())).code).toBe(130)
	})

	it.each([
		[["--speed", "0"], 'Cannot run at speed "0"'],
		[["--speed", "fast"], 'Cannot run at speed "fast"'],
		[["--interval", "soon"], 'Cannot read --interval "soon"'],
		[["--log-level", "loud"], 'Cannot log at level "loud"'],
		[["--log-format", "xml"], 'Cannot log as "xml"'],
	])("refuses %j", async (flags, message) => {
		const result = await running(["/srv/fleet", ...flags])
		expect([result.code, result.err.includes(message)]).toEqual([1, true])
	})
})

describe("rollcall completion", () => {
	it.each(["bash", "zsh", "fish"])("knows every command in %s", async (name) => {
		const { out, code } = await ran(["completion", name])
		expect(code).toBe(0)
		for (const word of [
			"run",
			"replay",
			"history",
			"show",
			"diff",
			"trace",
			"get",
			"describe",
			"check",
			"daemonsets",
		]) {
			expect(out).toContain(word)
		}
		expect(out).not.toMatch(/\bstart\b/)
	})
})
