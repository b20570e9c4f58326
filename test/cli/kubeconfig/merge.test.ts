import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { kubeconfigAt, kubeconfigOf } from "../../../src/cli/compose/index.ts"
import { merged } from "../../../src/cli/kubeconfig/merge.ts"
import { mergeInto, usualFile } from "../../../src/cli/kubeconfig/merge-into.ts"
import { temporaryDirectory } from "../../builders/temporary-directory.ts"

const way = { state: "/state", server: "https://127.0.0.1:41234", authority: "PEM", tokens: { read: "r", write: "w" } }
const live = kubeconfigOf(way)
const past = kubeconfigAt(way, { when: "1a2b3c4d5e", label: "1a2b3c4d" })

const OTHERS = `# mine
apiVersion: v1
kind: Config
clusters:
- name: prod # do not touch
  cluster: {server: https://prod.example.com}
- cluster:
    server: https://old.example.com
  name: rollcall
contexts: null
users: []
current-context: prod
preferences: {}
`

describe("merging a kubeconfig", () => {
	test("replaces what has the same name, adds the rest, and leaves what is another's, comments included", () => {
		const text = merged(OTHERS, live, "config")
		expect(text).toContain("# mine\n")
		expect(text).toContain("- name: prod # do not touch\n")
		const { clusters, contexts, users, ...rest } = parse(text)
		expect(clusters).toEqual([{ name: "prod", cluster: { server: "https://prod.example.com" } }, ...live.clusters])
		expect([contexts, users]).toEqual([live.contexts, live.users])
		expect(rest).toMatchObject({ "current-context": "rollcall", preferences: {} })
	})

	test("again changes nothing, and a past stands beside what runs", () => {
		const once = merged(merged("", live, "config"), past, "config")
		expect(merged(once, past, "config")).toBe(once)
		const { contexts, users, ...rest } = parse(once)
		expect(contexts.map(({ name }: { name: string }) => name)).toEqual([
			"rollcall",
			"rollcall-read-only",
			"rollcall@1a2b3c4d",
		])
		expect(users).toEqual(live.users)
		expect(rest).toMatchObject({ kind: "Config", "current-context": "rollcall@1a2b3c4d" })
	})

	test.each([
		["a list", "- a\n", "it is no map"],
		["no YAML", "a: [\n", "Flow sequence"],
		["clusters that are no list", "clusters: {}\n", "its clusters are no list"],
	])("is refused for %s", (_, text, why) => {
		expect(() => merged(text, live, "/a/config")).toThrow(`Cannot merge into /a/config: it is not a kubeconfig: ${why}`)
	})
})

describe("the file that is merged into", () => {
	test("is made for its owner alone, or stays a link, and nothing is left beside it", () => {
		const folder = temporaryDirectory()
		const made = join(folder, "new", "config")
		mergeInto(made, live)
		expect(statSync(made).mode & 0o777).toBe(0o600)
		mkdirSync(join(folder, "real"))
		writeFileSync(join(folder, "real", "config"), OTHERS)
		chmodSync(join(folder, "real", "config"), 0o644)
		symlinkSync(join("real", "config"), join(folder, "link"))
		mergeInto(join(folder, "link"), past)
		expect(readFileSync(join(folder, "link"), "utf8")).toBe(readFileSync(join(folder, "real", "config"), "utf8"))
		expect(parse(readFileSync(join(folder, "real", "config"), "utf8"))["current-context"]).toBe("rollcall@1a2b3c4d")
		expect([readdirSync(join(folder, "real")), readdirSync(join(folder, "new"))]).toEqual([["config"], ["config"]])
	})

	test("stays as it is where it is no kubeconfig, or no file", () => {
		const folder = temporaryDirectory()
		writeFileSync(join(folder, "list"), "- a\n")
		expect(() => mergeInto(join(folder, "list"), live)).toThrow("it is no map")
		expect(readFileSync(join(folder, "list"), "utf8")).toBe("- a\n")
		expect(() => mergeInto(folder, live)).toThrow(`Cannot merge into ${folder}: EISDIR`)
	})

	test.each([
		[{ KUBECONFIG: "a:/b" }, "/work/a"],
		[{ KUBECONFIG: ":/b" }, "/b"],
		[{ HOME: "/home/ada" }, "/home/ada/.kube/config"],
		[{ HOME: "/home/ada", KUBECONFIG: "" }, "/home/ada/.kube/config"],
	])("with %j is the one that kubectl uses", (env, path) => {
		expect(usualFile({ env, cwd: "/work" })).toBe(path)
	})

	test("is the one that --kubeconfig names", () => {
		expect(usualFile({ env: { KUBECONFIG: "a" }, cwd: "/work" }, "b")).toBe("/work/b")
	})
})
