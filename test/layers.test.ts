import { readdirSync, readFileSync, statSync } from "node:fs"
import { dirname, join, relative, resolve } from "node:path"
import { fileURLToPath } from "node:url"
import { describe, expect, test } from "vitest"

const SOURCE = fileURLToPath(new URL("../src", import.meta.url))

/** DESIGN's table: what each folder may import. `cli/compose` alone sees all. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	base: [],
	kube: ["base"],
	manifest: ["base", "kube"],
	cluster: ["base", "kube"],
	plan: ["base", "kube"],
	history: ["base", "kube", "manifest", "cluster", "plan"],
	rehearse: ["base", "kube", "manifest", "cluster", "plan", "history"],
	engine: ["base", "kube", "manifest", "cluster", "plan", "history", "rehearse"],
}
const PURE = Object.keys(MAY_IMPORT)
const EDGES = ["git", "store", "api", "web", "cli"]

/** Inside `cluster`: the rules know only plain values, the state knows no rule, and what acts stands above both. */
const RULES = ["daemonset", "scheduler", "kubelet", "node-lifecycle", "garbage"]
const CLUSTER_PARTS: Readonly<Record<string, readonly string[]>> = {
	scheduler: [],
	kubelet: [],
	"node-lifecycle": [],
	garbage: [],
	// The running census keeps its columns in the state.
	daemonset: ["state"],
	timeline: ["state"],
	state: ["timeline"],
	facts: ["state", ...RULES],
	writes: ["state", "timeline", "facts", ...RULES],
	reads: ["state", "timeline", "facts", "writes", "run", ...RULES],
	run: ["state", "timeline", "facts", "writes", "reads", ...RULES],
}

const FORBIDDEN_WORDS: readonly (readonly [RegExp, string])[] = [
	[/\bDate\b/, "a calendar outside base/instant"],
	[/\bMath\.(random|exp|log|log2|log10|log1p|pow)\b/, "a die or a function whose last digit depends on the machine"],
	[/\b(setTimeout|setInterval|setImmediate|queueMicrotask)\b/, "a timer"],
	[/\bprocess\./, "the process"],
	[/\bperformance\./, "a clock"],
	[/\bfetch\(/, "the network"],
]

/** Types are erased: an `import type` ties nothing together at run time. */
type Import = { readonly file: string; readonly from: string; readonly target: string; readonly typesOnly: boolean }

const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" })
	.filter((path) => /\.tsx?$/.test(path) && statSync(join(SOURCE, path)).isFile())
	.sort()

function importsOf(file: string): Import[] {
	const text = readFileSync(join(SOURCE, file), "utf8")
	const specifiers = [
		...text.matchAll(
			/(?:^|\n)\s*(?:import|export)\b[^"'`;]*?from\s+"([^"]+)"|import\(\s*"([^"]+)"\s*\)|(?:^|\n)import\s+"([^"]+)"/g,
		),
	]
	return specifiers.map((match) => {
		const from = match[1] ?? match[2] ?? match[3] ?? ""
		const typesOnly = /^\s*(import|export) type\b/.test(match[0])
		return {
			file,
			from,
			typesOnly,
			target: from.startsWith(".") ? relative(SOURCE, resolve(SOURCE, dirname(file), from)) : from,
		}
	})
}

const imports = files.flatMap(importsOf)
const folderOf = (path: string): string => path.split("/")[0] ?? ""

describe("the folders of src", () => {
	test("pure folders import only from their left, and edges never each other", () => {
		const wrong = imports.filter(({ file, from, target }) => {
			if (!from.startsWith(".") || file.startsWith("cli/compose/")) return false
			const [own, other] = [folderOf(file), folderOf(target)]
			if (own === other) return false
			return !(EDGES.includes(own) ? PURE.includes(other) : MAY_IMPORT[own]?.includes(other))
		})
		expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
	})

	test("enter each other by index.ts alone", () => {
		const wrong = imports.filter(
			({ file, from, target }) =>
				from.startsWith(".") && folderOf(file) !== folderOf(target) && !/^[\w-]+\/index\.ts$/.test(target),
		)
		expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
	})

	test("the parts of the cluster import only what they may read", () => {
		const wrong = imports.filter(({ file, target, typesOnly }) => {
			if (typesOnly || folderOf(file) !== "cluster" || folderOf(target) !== "cluster") return false
			const [own = "", other = ""] = [file.split("/")[1], target.split("/")[1]]
			// Files beside the folders build and describe the whole.
			if (own === other || own.endsWith(".ts") || other.endsWith(".ts")) return false
			return !CLUSTER_PARTS[own]?.includes(other)
		})
		expect(wrong.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
	})

	test("each have an index.ts that opens with what it owns, promises and never does", () => {
		const folders = readdirSync(SOURCE).filter((name) => statSync(join(SOURCE, name)).isDirectory() && name !== "cli")
		const wrong = folders.filter((folder) => {
			const text = readFileSync(join(SOURCE, folder, "index.ts"), "utf8")
			return !(/^\/\*\*/.test(text) && /Owns/.test(text) && /Promises/.test(text) && /Never/.test(text))
		})
		expect(wrong).toEqual([])
	})
})

describe("pure folders", () => {
	const pure = files.filter((file) => PURE.includes(folderOf(file)))

	test("import no module of Node.js but a hash in base/hash, and no package but yaml in manifest", () => {
		const wrong = imports.filter(({ file, from }) => {
			if (from.startsWith(".") || !PURE.includes(folderOf(file))) return false
			return !(file === "base/hash.ts" && from === "node:crypto") && !(folderOf(file) === "manifest" && from === "yaml")
		})
		expect(wrong.map(({ file, from }) => `${file} → ${from}`)).toEqual([])
	})

	test.each(FORBIDDEN_WORDS)("never say %s: %s", (pattern, _what) => {
		const wrong = pure.filter((file) => {
			if (file === "base/instant.ts") return false
			const code = readFileSync(join(SOURCE, file), "utf8").replace(
				/\/\*[\s\S]*?\*\/|\/\/.*|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g,
				"",
			)
			return pattern.test(code)
		})
		expect(wrong).toEqual([])
	})
})
