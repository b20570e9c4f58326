import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { build, type Plugin } from "esbuild"

const here = import.meta.dirname
const root = fileURLToPath(new URL("../../", import.meta.url))

const COUNTED = new Map([
	["node:fs", "fs.ts"],
	["node:fs/promises", "fs-promises.ts"],
	["node:child_process", "child-process.ts"],
	["libsql", "libsql.ts"],
])

/** The product's own modules, as they are, over a disk and a database that count. */
const counted: Plugin = {
	name: "counted",
	setup: ({ onResolve }) => {
		onResolve({ filter: /^(node:.*|libsql)$/ }, ({ path, importer }) => {
			const stand = importer.startsWith(join(here, "counted")) || importer === join(here, "moments.ts")
			const file = stand ? undefined : COUNTED.get(path)
			return file === undefined ? { path, external: true } : { path: join(here, "counted", file) }
		})
	},
}

/** Builds the process that is to be killed, and says where it is. */
export async function buildVictim(): Promise<string> {
	const outfile = join(root, "dist", "crash", `victim-${process.pid}.js`)
	mkdirSync(join(root, "dist", "crash"), { recursive: true })
	await build({
		absWorkingDir: root,
		entryPoints: [join(here, "victim.ts")],
		outfile,
		bundle: true,
		packages: "external",
		platform: "node",
		format: "esm",
		target: "node20.19",
		plugins: [counted],
		logLevel: "warning",
	})
	return outfile
}
