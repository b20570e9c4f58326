import { existsSync, readFileSync } from "node:fs"
import { resolve } from "node:path"
import { parse } from "yaml"
import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { EXTENSION, type Whereabouts } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import type { Shell } from "../shell.ts"
import { usualFiles } from "./merge-into.ts"

/** kubectl's own flags. */
export type ContextFlags = { readonly kubeconfig?: string; readonly context?: string }

const NEXT = "rollcall kubeconfig --merge makes a context that leads there"

/**
 * Which state directory, and which moment, a context of kubectl's is of: the current one, unless it is named. Undefined
 * where nothing is named and it is of another cluster. Throws a CliError where what is named leads to none of ours.
 */
export function whereaboutsOf(flags: ContextFlags, shell: Pick<Shell, "env" | "cwd">): Whereabouts | undefined {
	const { kubeconfig, context } = flags
	const isNamed = kubeconfig !== undefined || context !== undefined
	const paths = kubeconfig === undefined ? usualFiles(shell) : [resolve(shell.cwd, kubeconfig)]
	const files = paths.filter((path) => existsSync(path)).map(read)
	const current = context ?? files.map((file) => file["current-context"]).find((name) => name)
	const cluster = entry(files, "contexts", current)?.["context"]
	const found = entry(files, "clusters", isObject(cluster) ? cluster["cluster"] : undefined)?.["cluster"]
	const whereabouts = isObject(found) ? extensionOf(found) : undefined
	if (whereabouts !== undefined || !isNamed) return whereabouts
	const where = paths.join(", ")
	if (files.length === 0) throw new CliError(`Cannot read ${where}: there is no such file`, { next: NEXT })
	const what = typeof current === "string" ? `the context "${current}" of ${where}` : where
	const why = cluster === undefined ? "it has no such context" : "its cluster is none that rollcall run serves"
	throw new CliError(`Cannot follow ${what}: ${why}`, { next: NEXT })
}

function read(path: string): JsonObject {
	let content: unknown
	try {
		content = parse(readFileSync(path, "utf8"))
	} catch (cause) {
		const { code } = cause as { readonly code?: string }
		const why = code?.startsWith("E") ? code : "it is no kubeconfig"
		throw new CliError(`Cannot read ${path}: ${why}`, { next: "name another with --kubeconfig", cause })
	}
	return isObject(content as Json) ? (content as JsonObject) : {}
}

/** The first that has the name, as kubectl merges files. */
function entry(files: readonly JsonObject[], section: string, name: Json | undefined): JsonObject | undefined {
	const entries = files.flatMap((file) => (Array.isArray(file[section]) ? file[section] : []))
	return entries.filter(isObject).find((entry) => entry["name"] === name)
}

function extensionOf({ extensions }: JsonObject): Whereabouts | undefined {
	const own = Array.isArray(extensions) ? extensions.filter(isObject).find(({ name }) => name === EXTENSION) : undefined
	const { state, at } = isObject(own?.["extension"]) ? own["extension"] : {}
	if (typeof state !== "string") return undefined
	return { state, ...(typeof at === "string" ? { at } : {}) }
}
