import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"

/** Builds `dist/` before the suites that run the program as a user does. */
export function setup(): void {
	const root = fileURLToPath(new URL("..", import.meta.url))
	execFileSync(process.execPath, ["build.mjs"], { cwd: root, stdio: "inherit" })
}
