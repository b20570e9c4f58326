import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, symlinkSync } from "node:fs"
import { delimiter, join } from "node:path"
import { fileURLToPath } from "node:url"
import { beforeAll, describe, expect, test } from "vitest"
import { hasKubectl, kubectlMinor } from "../builders/kubectl.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { program } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
let bin = ""

/** As users get it: what `npm pack` packs, in a folder of packages, with a link for each of its names. */
function installed(): string {
	const folder = temporaryDirectory()
	const words = ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder]
	const tarball = execFileSync("npm", words, { cwd: root, encoding: "utf8" }).trim()
	const home = join(folder, "node_modules", "rollcall")
	mkdirSync(home, { recursive: true })
	execFileSync("tar", ["-xzf", join(folder, tarball), "-C", home, "--strip-components=1"])
	// What it depends on is beside it.
	for (const name of ["libsql", "@libsql", "@neon-rs", "detect-libc", "pino", "re2js"]) {
		if (existsSync(join(root, "node_modules", name))) {
			symlinkSync(join(root, "node_modules", name), join(folder, "node_modules", name))
		}
	}
	const bin = join(folder, "node_modules", ".bin")
	mkdirSync(bin)
	for (const name of ["rollcall", "kubectl-rollcall", "kubectl_complete-rollcall"]) {
		symlinkSync("../rollcall/dist/rollcall.js", join(bin, name))
	}
	return bin
}

beforeAll(() => {
	bin = installed()
})

const env = () => ({ PATH: `${bin}${delimiter}${process.env["PATH"]}`, HOME: "/nonexistent", NO_COLOR: "1" })

test("the package as it is installed has its version, its examples and all that a run needs", async () => {
	const repo = repository()
	repo.commit("agent", { "all.yaml": [daemonSet(), nodePool("workers", 2)] })
	const of = (words: readonly string[]) => program(words, { program: join(bin, "rollcall") })
	expect((await of(["--version"])).out).toBe("0.1.0\n")
	const state = temporaryDirectory()
	expect(await of(["run", repo.path, "--once", "--state", state])).toMatchObject({ code: 0 })
	expect((await of(["get", "ds", "-A", "--state", state])).out).toContain("kube-system   agent")
	expect(existsSync(join(bin, "..", "rollcall", "examples", "fleets"))).toBe(true)
})

describe.skipIf(!hasKubectl())("kubectl rollcall (skipped without kubectl on the PATH)", () => {
	const kubectl = (...words: string[]): string =>
		execFileSync("kubectl", words, { env: env(), encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })

	test("is among kubectl's plugins, and is called by that name in help and errors", () => {
		expect(kubectl("plugin", "list")).toContain(join(bin, "kubectl-rollcall"))
		expect(kubectl("rollcall", "history", "--help")).toContain("Usage: kubectl rollcall history")
		const state = temporaryDirectory()
		expect(() => kubectl("rollcall", "history", "--state", state)).toThrow("next: start `kubectl rollcall run`")
	})

	test.skipIf(kubectlMinor() < 26)(
		"completes where kubectl asks (skipped before kubectl v1.26, which does not)",
		() => {
			expect(kubectl("__complete", "rollcall", "his")).toMatch(/^history\t.*\n:4\n$/)
		},
	)
})
