import { execFileSync } from "node:child_process"

/** True where there is a kubectl on the PATH. */
export function hasKubectl(): boolean {
	try {
		execFileSync("kubectl", ["version", "--client"], { stdio: "ignore" })
		return true
	} catch {
		return false
	}
}
