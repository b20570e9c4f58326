import { objectKey } from "../../src/kube/index.ts"
import type { Down, RolloutForecast } from "../../src/rehearse/index.ts"

export const FLUENTD = objectKey({ group: "apps", kind: "DaemonSet", namespace: "logging", name: "fluentd" })

/** So many nodes down at once, in all and by zone. */
export const down = (most: number, zones: Readonly<Record<string, number>> = {}): Down => ({
	atStart: 0,
	most,
	mostAt: 0,
	atEnd: 0,
	mostByZone: new Map(Object.entries(zones)),
	samples: [],
})

/** A rollout that restarts fluentd on 312 of 500 nodes and takes 250 seconds. */
export const rollout = (given: Partial<RolloutForecast> = {}): RolloutForecast => ({
	rollout: 1,
	daemonSet: FLUENTD,
	to: { revision: 2, hash: "b", images: [] },
	startedAt: 0,
	endedAt: 250_000,
	verdict: "complete",
	desired: 500,
	updated: 500,
	available: 500,
	mostUnavailable: 31,
	order: [],
	restarts: 312,
	gains: 0,
	losses: 0,
	places: [],
	leftOut: [],
	surge: { pods: 0, cpuMilli: 0, memoryBytes: 0 },
	restsOn: { behaviors: [], defaults: [], stopMs: 0, startMs: 0, availableMs: 0 },
	down: down(31),
	...given,
})
