import { describe, expect, it } from "vitest"
import { eventText, lifeOf, Stage, tellKilling, unhealthyCount } from "../../../src/cluster/kubelet/index.ts"
import type { PodSpec } from "../../../src/kube/index.ts"
import { agent, live, steady } from "./lives.ts"

// The texts are those of reference/kubectl/describe-pod.txt and of reference/scenarios, all-pods-broken-then-fixed,
// rollout-stalled-then-fixed; what was not recorded is as the kubelet's source has it.
describe("tellEvents", () => {
	it("[L15] tells of a pod whose image is there, as recorded", () => {
		const { story } = live(agent(), steady())
		expect(story.flatMap(({ at, events }) => events.map((event) => `${at} ${event}`))).toEqual([
			'0 Pulled: Container image "fluentd:1.0" already present on machine',
			"500 Created: Created container: agent",
			"500 Started: Started container agent",
		])
	})

	it("[L15] tells of a pull", () => {
		const { story } = live(agent(), steady(), { missing: 1 })
		expect(story.slice(0, 2).flatMap(({ events }) => events)).toEqual([
			'Pulling: Pulling image "fluentd:1.0"',
			'Pulled: Successfully pulled image "fluentd:1.0" in 2s (2s including waiting). Image size: 50000000 bytes.',
		])
	})

	it("[L15] tells of a pull that fails, as recorded, each time anew", () => {
		const spec = agent({ image: "imagepull:1" })
		const { story } = live(spec, steady({ kind: "ImagePull" }), { missing: 1 })
		const turn = [
			'Pulling: Pulling image "imagepull:1"',
			'Failed: Failed to pull image "imagepull:1": not found',
			"Failed: Error: ErrImagePull",
			'BackOff: Back-off pulling image "imagepull:1"',
			"Failed: Error: ImagePullBackOff",
		]
		expect(story.slice(0, 4).flatMap(({ events }) => events)).toEqual([...turn, ...turn])
	})

	it("[L15] tells of a crash loop from its second crash on, of the broken container alone", () => {
		const spec: PodSpec = { containers: [...agent().containers, { name: "other", image: "busybox:1" }] }
		const { story } = live(spec, steady({ kind: "CrashLoop", after: "100ms" }), {}, 7)
		expect(story.slice(2).map(({ stage, events }) => [stage, ...events])).toEqual([
			["CrashBackOff"],
			["Starting", 'Pulled: Container image "fluentd:1.0" already present on machine'],
			["Running", "Created: Created container: agent", "Started: Started container agent"],
			["CrashBackOff", "BackOff: Back-off restarting failed container agent"],
			["Starting", 'Pulled: Container image "fluentd:1.0" already present on machine'],
		])
	})

	it("[L15] says which probe killed a container", () => {
		const slow = { ...steady(), ready: { p0: 60_000, p50: 60_000, p90: 60_000, p99: 60_000 } }
		const spec: PodSpec = {
			containers: [
				...agent().containers,
				{
					name: "web",
					image: "web:1",
					livenessProbe: { periodSeconds: 1, failureThreshold: 2, httpGet: { port: 80 } },
				},
			],
		}
		expect(live(spec, slow).story[2]?.events).toEqual([
			"Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 503",
			"Unhealthy: Liveness probe failed: HTTP probe failed with statuscode: 503",
			"Killing: Container web failed liveness probe, will be restarted",
		])
	})

	it("[L15] says once of a pod that is never ready that its probe fails", () => {
		const probed = agent({ readinessProbe: { tcpSocket: { port: 80 } } })
		expect(
			live(probed, steady({ kind: "NeverReady" }))
				.story.at(-1)
				?.events.slice(2),
		).toEqual(["Unhealthy: Readiness probe failed: dial tcp :80: connect: connection refused"])
		expect(live(agent(), steady({ kind: "NeverReady" })).story.at(-1)?.events).toHaveLength(2)
	})

	it("[L15] says that an image is never pulled", () => {
		expect(live(agent({ imagePullPolicy: "Never" }), steady(), { missing: 1 }).story[0]?.events).toEqual([
			'ErrImageNeverPull: Container image "fluentd:1.0" is not present with pull policy of Never',
			"Failed: Error: ErrImageNeverPull",
		])
	})
})

describe("tellKilling", () => {
	it("[L15] tells of every container that runs, as recorded, and of none before that", () => {
		const life = lifeOf(agent({}, { initContainers: [{ name: "setup", image: "busybox:1" }] }), steady())
		const told: string[] = []
		const tell: Parameters<typeof tellKilling>[2] = (event, container, detail) => {
			const about = life.containers[container]
			if (about !== undefined) told.push(eventText(event, about, detail, life).message)
		}
		tellKilling(life, Stage.Pulling, tell)
		tellKilling(life, Stage.Ready, tell)
		expect(told).toEqual(["Stopping container agent"])
	})
})

describe("unhealthyCount", () => {
	it("[L15] counts a probe that never succeeds when it is asked for, 25 Events at once and then one in five minutes", () => {
		const life = lifeOf(agent({ readinessProbe: { initialDelaySeconds: 5, periodSeconds: 10 } }), steady())
		const counts = [0, 4_999, 5_000, 14_999, 15_000, 215_000, 290_000, 300_000, 900_000].map(
			(elapsed) => unhealthyCount(life, 0, elapsed)?.count,
		)
		expect(counts).toEqual([0, 0, 1, 1, 2, 22, 22, 23, 25])
		expect(unhealthyCount(life, 0, 15_000)?.lastMs).toBe(15_000)
		expect(unhealthyCount(lifeOf(agent(), steady()), 0, 1e9)).toBeUndefined()
	})
})
