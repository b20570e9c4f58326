import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { buildSync } from "esbuild"

const HERE = JSON.stringify(import.meta.url)

/** A file of this folder bundled as the program is, into `folder`; gives its path. */
export function bundled(file: string, folder: string): string {
	const outfile = join(folder, "bundled.mjs")
	buildSync({
		entryPoints: [fileURLToPath(new URL(file, import.meta.url))],
		outfile,
		bundle: true,
		platform: "node",
		format: "esm",
		external: ["libsql", "pino", "esbuild"],
		banner: { js: `import { createRequire } from "node:module"; const require = createRequire(${HERE});` },
		logLevel: "error",
	})
	return outfile
}
