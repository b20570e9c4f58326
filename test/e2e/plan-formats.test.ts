import { readFileSync } from "node:fs"
import { describe, expect, test } from "vitest"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { type Ended, program } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const HOSTILE = 'a | b ``` <script>alert(1)</script> @everyone "quoted" & more'

/** A commit with a subject that wants to be more than text, planned with a gate that fails and one that does not. */
function planned(format: string): Promise<Ended> {
	const made = repository()
	made.commit("first", { "fleet.yaml": [pool({ replicas: 4 }), behavior()], "fluentd.yaml": [daemonSet()] })
	made.commit(HOSTILE, { "fluentd.yaml": [daemonSet({ image: "fluentd:v2" })] })
	const gates = ["--fail-on", "restarts > 3", "--fail-on", "preempted"]
	return program(["plan", "-o", format, ...gates, "--state", temporaryDirectory()], { cwd: made.path })
}

describe("rollcall plan", () => {
	test("-o markdown keeps the subject of a commit in a code span, with a fence that it cannot close", async () => {
		const { out, code } = await planned("markdown")
		expect(code).toBe(3)
		const [title] = out.split("\n")
		expect(title).toContain("````a ¦ b ``` <script>")
		expect(out).toContain("| `kube-system/fluentd` | 4 | 4 | 0 | 0 | 1 | 0 |")
		expect(out).toContain("- ❌ restarts &#62; 3: it is 4 for fluentd")
		expect(out.match(/<details>/g)).toHaveLength(3)
	})

	test("-o json has no member that PLAN.md does not tell of", async () => {
		const text = readFileSync(new URL("../../src/cli/plan/PLAN.md", import.meta.url), "utf8")
		const firsts = text.split("\n").flatMap((line) => (line.startsWith("| `") ? [line.split("|")[1] ?? ""] : []))
		const plan = JSON.parse((await planned("json")).out)
		const members = [...Object.keys(plan), ...Object.keys(plan.rollouts[0])]
		const untold = members.filter((member) => !firsts.some((cell) => cell.includes(`\`${member}\``)))
		expect(untold.filter((member) => !["apiVersion", "kind"].includes(member))).toEqual([])
		expect(members.length).toBeGreaterThan(35)
	})

	test("-o html is one file in which nothing of the commit acts", async () => {
		const { out } = await planned("html")
		expect(out).toContain("&lt;script&gt;alert(1)&lt;/script&gt;")
		expect(out).not.toMatch(/<script|<link|src=|href=|url\(/)
		expect(out).toMatch(/<svg viewBox[^>]*>(<rect class="(old|new|down)"[^>]*>)+<\/svg>/)
	})

	test("-o junit has a case for each gate", async () => {
		const { out } = await planned("junit")
		expect(out).toContain('<testsuites tests="4" failures="1">')
		expect(out).toContain('name="restarts &gt; 3"><failure message="restarts &gt; 3: it is 4 for fluentd"/>')
		expect(out).toContain('name="preempted"/>')
	})

	test("-o sarif has a failed gate where the DaemonSet stands", async () => {
		const { out } = await planned("sarif")
		const [result] = JSON.parse(out).runs[0].results
		expect(result).toMatchObject({
			ruleId: "gate-failed",
			locations: [{ physicalLocation: { artifactLocation: { uri: "fluentd.yaml" }, region: { startLine: 1 } } }],
		})
	})
})
