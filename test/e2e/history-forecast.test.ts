import { expect, test } from "vitest"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { program } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

test("history --forecast shows what run --forecast foretold beside what came of it, for people and as JSON", async () => {
	const made = repository()
	made.commit("first", { "fleet.yaml": [pool({ replicas: 4 }), behavior()], "fluentd.yaml": [daemonSet()] })
	const state = temporaryDirectory()
	const rollcall = (...words: string[]) => program([...words, "--state", state], { cwd: made.path })
	await rollcall("run", "--once")
	expect((await rollcall("history", "--forecast")).err).toContain("No forecasts yet: run --forecast makes one")
	const commit = made.commit("second", { "fluentd.yaml": [daemonSet({ image: "fluentd:v2" })] })
	await rollcall("run", "--once", "--forecast")
	const { out } = await rollcall("history", "--forecast")
	const [header, row, ...more] = out.trimEnd().split("\n")
	expect(header).toMatch(/^ROLLOUT +DAEMONSET +COMMIT +AGE +FORESEEN +TOOK +ERROR +DOWN +WERE DOWN +ERROR +END +ENDED$/)
	expect(row).toMatch(/^2 +kube-system\/fluentd .* +(\S+) +\1 +0 +1 +1 +0 +complete +complete$/)
	expect(more).toEqual([])
	const { items } = JSON.parse((await rollcall("history", "ds/fluentd", "--forecast", "-o", "json")).out)
	const { tookMs } = items[0].outcome
	const nodes = { desired: 4, updated: 4, available: 4, mostUnavailable: 1 }
	expect(items).toEqual([
		expect.objectContaining({
			rollout: 2,
			commit,
			forecast: { verdict: "complete", tookMs, nodes },
			outcome: { verdict: "complete", tookMs, nodes },
			error: { tookMs: 0, mostUnavailable: 0 },
		}),
	])
})
