import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { hasKubectl, isRecentKubectl } from "../builders/kubectl.ts"
import { configMap } from "../builders/objects.ts"
import { plain } from "./kubectl/plain.ts"
import { INPUTS, transcript } from "./kubectl/recording.ts"
import { type Stage, stage } from "./kubectl/stage.ts"

// As in Kubernetes' own sources and documents; what an old kubectl says is another story.
describe.skipIf(!isRecentKubectl())("kubectl's other commands (skipped before kubectl v1.30)", () => {
	let on: Stage
	beforeAll(async () => {
		on = await stage()
	})
	afterAll(() => on?.end())

	const commands = transcript("commands.txt")
	test.each(commands.map((said, index) => ({ ...said, name: `${index + 1}. ${said.command}` })))(
		"$name",
		async ({ command, printed }) => {
			const ours = await on.kubectl(command, { KUBECONFIG: on.kubeconfig })
			expect(plain(ours)).toEqual(plain(printed))
		},
	)
})

describe.skipIf(!hasKubectl())("kubectl, of what git has (skipped where there is none on the PATH)", () => {
	let on: Stage
	beforeAll(async () => {
		on = await stage({ drift: "heal", files: { "settings.yaml": [configMap("settings", { level: "info" })] } })
	})
	afterAll(() => on?.end())

	test("is warned where it changes it, and finds it put back", async () => {
		expect(await on.kubectl(`kubectl patch cm settings -p '{"data":{"level":"debug"}}'`)).toBe(
			"configmap/settings patched\n--- stderr ---\nWarning: data.level of ConfigMap default/settings is kept in git: put back\n--- exit 0 ---\n",
		)
		expect(await on.kubectl("kubectl get cm settings -o jsonpath={.data.level}")).toBe("info--- exit 0 ---\n")
	})

	test("follows a rollout row by row: -w begins and ends as it was recorded", async () => {
		await on.kubectl("kubectl apply -f ds.yaml")
		await on.kubectl("kubectl rollout status ds/log-agent")
		const env = { PATH: process.env["PATH"], HOME: INPUTS, KUBECONFIG: on.kubeconfig }
		const watching = spawn("kubectl", ["get", "ds", "log-agent", "-w", "--cache-dir=/nonexistent"], { env })
		const rows: string[] = []
		const lines = createInterface({ input: watching.stdout }).on("line", (row) => rows.push(row))
		const more = async (isEnough: () => boolean): Promise<void> => {
			while (!isEnough()) await once(lines, "line")
		}
		await more(() => rows.length >= 2)
		await on.kubectl("kubectl set image ds/log-agent agent=fluentd:2.0")
		const settled = /^log-agent +5 +5 +5 +5 +5 +<none> /
		await more(() => rows.some((row, index) => index > 2 && settled.test(row)))
		watching.kill()
		expect(rows[0]).toBe("NAME        DESIRED   CURRENT   READY   UP-TO-DATE   AVAILABLE   NODE SELECTOR   AGE")
		expect(rows[1]).toMatch(settled)
		// One pod at a time is away, and ever more are of the new template.
		expect(rows.slice(2).filter((row) => !/^log-agent +5 +[45] +[45] +[0-5] +[45] +<none> /.test(row))).toEqual([])
		const updated = rows.slice(3).map((row) => Number(row.split(/ +/)[4]))
		expect(updated).toEqual([...updated].sort())
	})
})
