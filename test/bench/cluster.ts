import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"
import { ROWS } from "./cluster-rows.ts"
import type { Figure } from "./figure.ts"

const ENTRY = fileURLToPath(new URL("./one-row.ts", import.meta.url))
const HERE = JSON.stringify(import.meta.url)

/** Each row runs in a process of its own, bundled as the program is: so its memory is its own, and nothing is warm. */
export async function* cluster(): AsyncIterable<Figure> {
	const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"))
	const outfile = join(folder, "rows.mjs")
	buildSync({
		entryPoints: [ENTRY],
		outfile,
		bundle: true,
		platform: "node",
		format: "esm",
		external: ["libsql", "pino", "esbuild"],
		banner: { js: `import { createRequire } from "node:module"; const require = createRequire(${HERE});` },
		logLevel: "error",
	})
	for (const row of ROWS.keys()) {
		const { status, stdout, stderr } = spawnSync(process.execPath, ["--max-old-space-size=8192", outfile, row], {
			encoding: "utf8",
		})
		if (status !== 0) throw new Error(`Cannot measure "${row}": ${stderr}`)
		yield* JSON.parse(stdout) as Figure[]
	}
	rmSync(folder, { recursive: true })
}
