import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundled } from "./bundled.ts"
import { ROWS } from "./cluster-rows.ts"
import type { Figure } from "./figure.ts"

/** Each row runs in a process of its own, bundled as the program is: so its memory is its own, and nothing is warm. */
export async function* cluster(): AsyncIterable<Figure> {
	const folder = mkdtempSync(join(tmpdir(), "rollcall-bench-"))
	const program = bundled("one-row.ts", folder)
	for (const row of ROWS.keys()) {
		const { status, stdout, stderr } = spawnSync(process.execPath, ["--max-old-space-size=8192", program, row], {
			encoding: "utf8",
		})
		if (status !== 0) throw new Error(`Cannot measure "${row}": ${stderr}`)
		yield* JSON.parse(stdout) as Figure[]
	}
	rmSync(folder, { recursive: true })
}
