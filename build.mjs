// Bundles the program into dist/: its entry and that of its worker, lazily loaded chunks, so that `rollcall --help` starts fast.
import { chmodSync, rmSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { build } from "esbuild"

const root = fileURLToPath(new URL(".", import.meta.url))
rmSync(`${root}dist`, { recursive: true, force: true })
await build({
	absWorkingDir: root,
	entryPoints: { rollcall: "src/cli/main.ts", past: "src/cli/past/worker.ts" },
	outdir: "dist",
	bundle: true,
	splitting: true,
	platform: "node",
	format: "esm",
	target: "node20.19",
	sourcemap: true,
	// Native code and worker threads stay outside the bundle.
	external: ["libsql", "pino"],
	banner: {
		js: '#!/usr/bin/env node\nimport { createRequire as rollcallCreateRequire } from "node:module"; const require = rollcallCreateRequire(import.meta.url);',
	},
	logLevel: "warning",
})
// npm makes it executable when it links it, and not again.
chmodSync(`${root}dist/rollcall.js`, 0o755)
