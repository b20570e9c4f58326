import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, test } from "vitest"
import { stringify } from "yaml"
import { sha256 } from "../../src/base/index.ts"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { program } from "../builders/program.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const agent = (name: string, image: string): string => stringify(daemonSet({ name, image }))

/** A repository with two agents that runs, and its state directory. */
async function running(): Promise<{ made: Repository; state: string }> {
	const made = repository()
	made.commit("first", {
		"fleet.yaml": [pool({ replicas: 4 }), behavior()],
		"fluentd.yaml": agent("fluentd", "fluentd:v1"),
		"node-exporter.yaml": agent("node-exporter", "node-exporter:v1"),
	})
	const state = temporaryDirectory()
	await program(["run", "--once", "--state", state], { cwd: made.path })
	return { made, state }
}

/** Every file below with the hash of its bytes, but for what SQLite keeps beside a database while it is read. */
function bytesBelow(folder: string): Record<string, string> {
	const isKept = (name: string): boolean => {
		const facts = statSync(join(folder, name))
		return facts.isFile() && !name.endsWith("-shm") && !(name.endsWith("-wal") && facts.size === 0)
	}
	const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isKept).sort()
	return Object.fromEntries(files.map((name) => [name, sha256(readFileSync(join(folder, name)))]))
}

describe("rollcall plan, of what is not committed", () => {
	test("--work-tree plans what lies there: changed, new and removed files, staged or not", async () => {
		const { made, state } = await running()
		writeFileSync(join(made.path, "fluentd.yaml"), agent("fluentd", "fluentd:v2"))
		made.git("add", "fluentd.yaml")
		rmSync(join(made.path, "node-exporter.yaml"))
		mkdirSync(join(made.path, "new"))
		writeFileSync(join(made.path, "new", "calico.yaml"), agent("calico", "calico:v1"))
		const { out, code } = await program(["plan", "--work-tree", "--state", state], { cwd: made.path })
		expect(out).toContain("restarts kube-system/fluentd on 4 of 4 nodes")
		expect(out).toContain("brings kube-system/calico to 4 nodes")
		expect(out).toContain("- daemonset.apps kube-system/node-exporter")
		expect(code).toBe(1)
	})

	test("-f plans one file of it alone", async () => {
		const { made, state } = await running()
		writeFileSync(join(made.path, "fluentd.yaml"), agent("fluentd", "fluentd:v2"))
		writeFileSync(join(made.path, "node-exporter.yaml"), agent("node-exporter", "node-exporter:v2"))
		const { out } = await program(["plan", "-f", "node-exporter.yaml", "--state", state], { cwd: made.path })
		expect(out).toContain("restarts kube-system/node-exporter on 4 of 4 nodes")
		expect(out).not.toContain("kube-system/fluentd")
	})

	test("says so in the middle of a merge, and where a file is not there", async () => {
		const { made, state } = await running()
		made.git("checkout", "--quiet", "-b", "other")
		made.commit("theirs", { "fluentd.yaml": agent("fluentd", "fluentd:theirs") })
		made.git("checkout", "--quiet", "main")
		made.commit("ours", { "fluentd.yaml": agent("fluentd", "fluentd:ours") })
		expect(() => made.git("merge", "other")).toThrow()
		const merging = await program(["plan", "--work-tree", "--state", state], { cwd: made.path })
		expect([merging.code, merging.err]).toEqual([
			2,
			expect.stringContaining('a merge is not finished, and "fluentd.yaml"'),
		])
		const missing = await program(["plan", "-f", "nosuch.yaml", "--state", state], { cwd: made.path })
		expect([missing.code, missing.err]).toEqual([2, expect.stringContaining("there is no such file")])
	})

	test("changes no byte of the repository or of the state directory", async () => {
		const { made, state } = await running()
		writeFileSync(join(made.path, "fluentd.yaml"), agent("fluentd", "fluentd:v2"))
		const before = [bytesBelow(made.path), bytesBelow(state)]
		for (const words of [["--work-tree"], ["HEAD"], ["--runs", "2", "--faults", "2", "--work-tree"]]) {
			expect((await program(["plan", ...words, "--state", state], { cwd: made.path })).err).toBe("")
		}
		expect([bytesBelow(made.path), bytesBelow(state)]).toEqual(before)
	})
})
