import { describe, expect, test } from "vitest"
import { openLedger, type RunRequest } from "../../src/cli/compose/index.ts"
import type { ForecastRow } from "../../src/history/index.ts"
import type { KubeObject } from "../../src/kube/index.ts"
import { behavior, daemonSet, pool } from "../builders/cluster.ts"
import { digestOf, planOn } from "../builders/forecast.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { type Rollcall, rollcallOn, rowsOf } from "../builders/rollcall.ts"

const NODES = pool({ replicas: 12, zones: ["a", "b", "c"] })

function fluentd(image: string, annotations: Record<string, string> = {}): KubeObject {
	const made = daemonSet({ image, spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } } })
	return { ...made, metadata: { ...made.metadata, annotations } }
}

/** Versions one after another, each at a moment of its own. */
function versions(images: readonly string[], annotations: Record<string, string> = {}, ready = "1s"): Repository {
	const made = repository()
	for (const image of images)
		made.commit(image, {
			"fleet.yaml": [NODES, behavior({ ready }), crashing()],
			"fluentd.yaml": [fluentd(image, annotations)],
		})
	return made
}

function crashing(): KubeObject {
	return behavior({ priority: 1, match: { image: "*:crash" }, failures: [{ kind: "CrashLoop", after: "1s" }] }, "crash")
}

function forecasts({ state }: Rollcall): readonly ForecastRow[] {
	const ledger = openLedger(state)
	try {
		return ledger.state.ledger.forecasts()
	} finally {
		ledger.close()
	}
}

async function replayed(from: Repository, settle: boolean, request: Partial<RunRequest> = {}): Promise<Rollcall> {
	const rollcall = rollcallOn(from, { forecast: true, ...request })
	await rollcall.replay({ settle })
	return rollcall
}

describe("with --forecast", () => {
	test("each commit is rehearsed before it acts, and what came of it is what was foretold", async () => {
		const told = forecasts(await replayed(versions(["fluentd:v1", "fluentd:v2", "fluentd:v3"]), true))
		expect(told.map(({ forecast }) => forecast.rollout)).toEqual([3, 2, 1])
		for (const { forecast, row } of told) {
			expect(forecast.verdict).toBe("complete")
			expect({ tookMs: forecast.tookMs, nodes: forecast.nodes }).toEqual({
				tookMs: (row?.endedAt ?? 0) - (row?.startedAt ?? 0),
				nodes: row?.nodes,
			})
		}
	})

	test("what a later commit overtakes was foretold without it", async () => {
		const made = versions(["fluentd:v1", "fluentd:v2", "fluentd:v3"], {}, "30s")
		const [newest, overtaken] = forecasts(await replayed(made, false))
		expect(newest?.row?.verdict).toBe("complete")
		expect(overtaken).toMatchObject({ forecast: { verdict: "complete" }, row: { verdict: "superseded" } })
	})

	test("nothing but the forecasts is added to the ledger, and two runs say the same", async () => {
		const made = versions(["fluentd:v1", "fluentd:v2"])
		const [one, other] = [await replayed(made, true), await replayed(made, true)]
		const plain = await replayed(made, true, { forecast: false })
		expect(one.exported()).toBe(other.exported())
		const known = rowsOf(one.entries, "forecast")
		expect(known).toHaveLength(2)
		expect(one.entries.filter((entry) => entry.kind !== "forecast")).toEqual(plain.entries)
		expect(digestOf(one)).toBe(digestOf(plain))
	})

	test("a restart makes no forecast anew", async () => {
		const made = versions(["fluentd:v1"])
		const rollcall = rollcallOn(made, { forecast: true })
		await rollcall.once()
		await rollcall.once()
		expect(rowsOf(rollcall.entries, "forecast")).toHaveLength(1)
	})
})

describe("what Rollcall decides by itself", () => {
	test.each(["pause", "rollback"])("is foreseen in a plan, digest for digest: on-failure: %s", async (onFailure) => {
		const annotations = { "rollcall.dev/failure-threshold": "2", "rollcall.dev/on-failure": onFailure }
		const made = versions(["fluentd:v1"], annotations)
		const rollcall = rollcallOn(made)
		await rollcall.once()
		const commit = made.commit("crash", { "fluentd.yaml": [fluentd("fluentd:crash", annotations)] })
		const { rehearsed } = await planOn(made.path, rollcall, commit)
		await rollcall.once()
		expect(rehearsed.decided).toEqual(
			rowsOf(rollcall.entries, "decision")
				.slice(0, 1)
				.map(({ message }) => message),
		)
		expect(rehearsed.decided).toEqual([expect.stringContaining("failure-threshold 2")])
		expect(rehearsed.rollouts.map(({ verdict }) => verdict)).toEqual(["stuck"])
		expect(rehearsed.digest).toBe(digestOf(rollcall))
	})

	test("a deadline is waited for, as the run does", async () => {
		const annotations = { "rollcall.dev/progress-deadline": "10m", "rollcall.dev/on-failure": "pause" }
		const made = versions(["fluentd:v1"], annotations)
		const rollcall = rollcallOn(made)
		await rollcall.once()
		const commit = made.commit("crash", { "fluentd.yaml": [fluentd("fluentd:crash", annotations)] })
		const { rehearsed } = await planOn(made.path, rollcall, commit)
		await rollcall.once()
		expect(rehearsed.decided).toEqual([expect.stringContaining("no progress for 10m")])
		expect(rehearsed.digest).toBe(digestOf(rollcall))
	})
})
