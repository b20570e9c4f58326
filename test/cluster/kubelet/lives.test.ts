import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { LONGEST_BACKOFF_MS } from "../../../src/cluster/kubelet/back-off.ts"
import { type PodRow, podStatus } from "../../../src/cluster/kubelet/index.ts"
import type { Container, PodFailure, Probe } from "../../../src/kube/index.ts"
import { agent, type Lived, live, steady } from "./lives.ts"

const probe: fc.Arbitrary<Probe> = fc.record({
	initialDelaySeconds: fc.nat(20),
	periodSeconds: fc.integer({ min: 1, max: 20 }),
	successThreshold: fc.integer({ min: 1, max: 3 }),
	failureThreshold: fc.integer({ min: 1, max: 5 }),
})
const container: fc.Arbitrary<Container> = fc
	.record(
		{
			image: fc.constantFrom("a:1", "b:1", "c"),
			imagePullPolicy: fc.constantFrom("Always", "IfNotPresent", "Never"),
			startupProbe: probe,
			livenessProbe: probe,
			readinessProbe: probe,
		},
		{ requiredKeys: [] },
	)
	.map((given) => ({ name: "c", ...given }))
const failure: fc.Arbitrary<PodFailure> = fc
	.record(
		{
			kind: fc.constantFrom("ImagePull", "CrashLoop", "NeverReady", "OutOfMemory", "NodeDown"),
			share: fc.double({ min: 0, max: 1, noNaN: true }),
			after: fc.constantFrom("0", "10ms", "3s", "11m"),
			exitCode: fc.nat(255),
			times: fc.nat(4),
		},
		{ requiredKeys: ["kind"] },
	)
	.map((given) => given as PodFailure)
const pod = fc.record({
	containers: fc.array(container, { minLength: 1, maxLength: 3 }),
	initContainers: fc.array(fc.tuple(container, fc.boolean()), { maxLength: 2 }),
	restartPolicy: fc.constantFrom("Always", "OnFailure", "Never"),
	failures: fc.array(failure, { maxLength: 3 }),
	missing: fc.nat(31),
	seed: fc.nat(),
})

function lifeOfAny(given: typeof pod extends fc.Arbitrary<infer Given> ? Given : never) {
	const initContainers = given.initContainers.map(([init, sidecar]) =>
		sidecar ? { ...init, restartPolicy: "Always" } : init,
	)
	const spec = agent({}, { containers: given.containers, initContainers, restartPolicy: given.restartPolicy })
	return live(spec, steady(...given.failures), { missing: given.missing, pod: given.seed }, 40)
}

describe("any life", () => {
	it("[L1] is the same when it is lived again", () => {
		fc.assert(
			fc.property(pod, (given) => {
				expect(lifeOfAny(given).story).toEqual(lifeOfAny(given).story)
			}),
		)
	})

	it("[L5] waits whole milliseconds, and rests only where nothing more comes by itself", () => {
		const resting = ["Ready", "Running", "PullBackOff", "CrashBackOff", "Failed", "Succeeded", "BreakingNode"]
		fc.assert(
			fc.property(pod, (given) => {
				const { story } = lifeOfAny(given)
				for (const { stage, waitMs } of story) {
					expect(Number.isInteger(waitMs) && waitMs >= -1).toBe(true)
					if (stage.endsWith("BackOff")) expect(waitMs).toBeLessThanOrEqual(LONGEST_BACKOFF_MS)
					if (waitMs === -1) expect(resting).toContain(stage)
				}
			}),
		)
	})

	it("[L15] starts what it creates, and pulls before it says that it pulled", () => {
		fc.assert(
			fc.property(pod, (given) => {
				const count = (story: readonly Lived[], start: string) =>
					story.flatMap(({ events }) => events).filter((event) => event.startsWith(start)).length
				const { story } = lifeOfAny(given)
				expect(count(story, "Created: ")).toBe(count(story, "Started: "))
				expect(count(story, "Pulling: ")).toBeGreaterThanOrEqual(count(story, "Pulled: Successfully"))
			}),
		)
	})

	it("[L17] has a status at every moment, ready exactly where the pod is", () => {
		fc.assert(
			fc.property(pod, fc.nat(1_000_000), (given, later) => {
				const { life, given: circumstances, moment, at, story } = lifeOfAny(given)
				const row: PodRow = {
					uid: "u",
					name: "p",
					namespace: "n",
					moment,
					given: circumstances,
					now: at + later,
					scheduledAt: 0,
					since: at,
					startedAt: at,
					finishedAt: at,
					readyChangedAt: at,
					nodeLost: false,
					hostIP: "10.0.0.1",
					podIP: "10.0.0.2",
				}
				const status = podStatus(life, row)
				const ready = status.conditions?.find(({ type }) => type === "Ready")?.status
				expect(ready).toBe(story.at(-1)?.stage === "Ready" ? "True" : "False")
				const all = status["containerStatuses"] as readonly { ready: boolean; restartCount: number }[]
				expect(all.every((one) => one.ready)).toBe(ready === "True")
				expect(Math.max(...all.map((one) => one.restartCount))).toBeGreaterThanOrEqual(moment.restarts)
			}),
		)
	})
})
