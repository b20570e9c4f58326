import { describe, expect, it } from "vitest"
import {
	lifeOf,
	type PodRow,
	podStatus,
	qosOf,
	restartsAt,
	unscheduledStatus,
} from "../../../src/cluster/kubelet/index.ts"
import type { PodSpec } from "../../../src/kube/index.ts"
import { agent, live, steady } from "./lives.ts"

type Lived = ReturnType<typeof live>

function row({ moment, given, at }: Lived, more: Partial<PodRow> = {}): PodRow {
	return {
		uid: "u-1",
		name: "log-x",
		namespace: "default",
		moment,
		given,
		now: at,
		scheduledAt: 0,
		since: at,
		startedAt: undefined,
		finishedAt: undefined,
		readyChangedAt: at,
		nodeLost: false,
		hostIP: "192.168.0.2",
		podIP: "10.244.0.50",
		...more,
	}
}

function conditions(status: ReturnType<typeof podStatus>): string[] {
	return (status.conditions ?? []).map(({ type, status, reason, message }) =>
		[type, status, reason, message].filter((part) => part !== undefined).join(" "),
	)
}

function container(status: ReturnType<typeof podStatus>, index = 0): Record<string, unknown> {
	return (status["containerStatuses"] as readonly Record<string, unknown>[])[index] ?? {}
}

describe("podStatus", () => {
	it("[L17] is Running and ready once the pod is", () => {
		const lived = live(agent(), steady())
		const status = podStatus(lived.life, row(lived, { startedAt: 500 }))
		expect(status).toMatchObject({ phase: "Running", podIP: "10.244.0.50", qosClass: "BestEffort" })
		expect(conditions(status)).toEqual([
			"PodReadyToStartContainers True",
			"Initialized True",
			"Ready True",
			"ContainersReady True",
			"PodScheduled True",
		])
		expect(container(status)).toMatchObject({
			name: "agent",
			ready: true,
			started: true,
			restartCount: 0,
			lastState: {},
			state: { running: { startedAt: "1970-01-01T00:00:00Z" } },
		})
	})

	it("[L17] says which generation it has seen, in every condition", () => {
		const lived = live(agent(), steady())
		const { observedGeneration, conditions: all } = podStatus(lived.life, row(lived, { generation: 2 }))
		const seen = (all ?? []).map((one) => (one as { observedGeneration?: number }).observedGeneration)
		expect([observedGeneration, ...seen]).toEqual([2, 2, 2, 2, 2, 2])
	})

	it("[L17] names the containers that are not ready", () => {
		const lived = live(agent({}, { restartPolicy: "Always" }), steady({ kind: "NeverReady" }))
		expect(conditions(podStatus(lived.life, row(lived)))[2]).toBe(
			"Ready False ContainersNotReady containers with unready status: [agent]",
		)
	})

	it("[L17] is Pending while init containers run, and names them", () => {
		const spec: PodSpec = agent({}, { initContainers: [{ name: "setup", image: "busybox:1" }] })
		const lived = live(spec, steady(), {}, 2)
		const status = podStatus(lived.life, row(lived))
		expect(status.phase).toBe("Pending")
		expect(conditions(status)[1]).toBe(
			"Initialized False ContainersNotInitialized containers with incomplete status: [setup]",
		)
		expect(container(status)).toMatchObject({ state: { waiting: { reason: "PodInitializing" } } })
		const done = live(spec, steady())
		expect(podStatus(done.life, row(done))["initContainerStatuses"]).toMatchObject([
			{ name: "setup", ready: true, state: { terminated: { exitCode: 0, reason: "Completed" } } },
		])
	})

	it("[L17] creates containers before they start", () => {
		const lived = live(agent(), steady(), { missing: 1 }, 1)
		expect(container(podStatus(lived.life, row(lived)))).toMatchObject({
			state: { waiting: { reason: "ContainerCreating" } },
			started: false,
		})
	})

	it("[L17] shows the error of a pull first, then its back-off", () => {
		const lived = live(agent(), steady({ kind: "ImagePull" }), { missing: 1 }, 2)
		const early = container(podStatus(lived.life, row(lived)))
		expect(early["state"]).toEqual({ waiting: { reason: "ErrImagePull", message: "not found" } })
		const late = container(podStatus(lived.life, row(lived, { now: lived.at + 5_000 })))
		expect(late["state"]).toEqual({
			waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "fluentd:1.0"' },
		})
	})

	it("[L17] says how a container ended and how long it waits", () => {
		const failure = { kind: "CrashLoop", exitCode: 3, after: "100ms", message: "bad flag" } as const
		const lived = live(agent(), steady(failure), {}, 6)
		const status = podStatus(lived.life, row(lived, { finishedAt: lived.at }))
		expect(status.phase).toBe("Running")
		expect(container(status)).toMatchObject({
			ready: false,
			restartCount: 1,
			lastState: { terminated: { exitCode: 3, reason: "Error", message: "bad flag" } },
			state: {
				waiting: {
					reason: "CrashLoopBackOff",
					message: "back-off 10s restarting failed container=agent pod=log-x_default(u-1)",
				},
			},
		})
	})

	it("[L17] calls out of memory by its name", () => {
		const lived = live(agent(), steady({ kind: "OutOfMemory", after: "100ms" }), {}, 6)
		expect(container(podStatus(lived.life, row(lived, { finishedAt: lived.at })))["lastState"]).toMatchObject({
			terminated: { exitCode: 137, reason: "OOMKilled" },
		})
	})

	it("[L11] says of a container that its probe killed that it was killed", () => {
		const slow = { ...steady({ kind: "NeverReady" }), ready: { p0: 60_000, p50: 60_000, p90: 60_000, p99: 60_000 } }
		const lived = live(agent({ livenessProbe: { periodSeconds: 1 } }), slow, {}, 6)
		expect(container(podStatus(lived.life, row(lived, { finishedAt: lived.at })))["lastState"]).toMatchObject({
			terminated: { exitCode: 137, reason: "Error" },
		})
	})

	it("[L12] stays Running in every turn of a crash loop", () => {
		const phases = [3, 4, 5, 6, 7].map((steps) => {
			const lived = live(agent(), steady({ kind: "CrashLoop", after: "100ms" }), {}, steps)
			return podStatus(lived.life, row(lived, { finishedAt: lived.at })).phase
		})
		expect(phases).toEqual(["Running", "Running", "Running", "Running", "Running"])
	})

	it("[L13] counts the restarts of a resting loop when it is read", () => {
		const lived = live(agent(), steady({ kind: "CrashLoop", after: "100ms" }))
		const turned = (cycles: number) => row(lived, { now: lived.at + cycles * 300_600, finishedAt: lived.at })
		expect([0, 0.9, 1, 10].map((cycles) => restartsAt(lived.life, turned(cycles)))).toEqual([6, 6, 7, 16])
		expect(container(podStatus(lived.life, turned(10)))).toMatchObject({
			restartCount: 16,
			state: { waiting: { message: "back-off 5m0s restarting failed container=agent pod=log-x_default(u-1)" } },
		})
	})

	it("[N7] is not ready on a lost node, without a reason, while its containers are", () => {
		const lived = live(agent(), steady())
		expect(conditions(podStatus(lived.life, row(lived, { nodeLost: true }))).slice(2, 4)).toEqual([
			"Ready False",
			"ContainersReady True",
		])
	})

	it("[L17] ends as Failed or Succeeded where it is not restarted", () => {
		for (const [exitCode, phase] of [
			[1, "Failed"],
			[0, "Succeeded"],
		] as const) {
			const lived = live(agent({}, { restartPolicy: "Never" }), steady({ kind: "CrashLoop", exitCode }))
			const status = podStatus(lived.life, row(lived, { finishedAt: lived.at }))
			expect(status.phase).toBe(phase)
			expect(container(status)["state"]).toMatchObject({ terminated: { exitCode } })
		}
	})
})

describe("unscheduledStatus", () => {
	it("[K9] carries the scheduler's message, once it has tried", () => {
		const life = lifeOf(agent(), steady())
		expect(unscheduledStatus(life, undefined, 0)).toEqual({ phase: "Pending", qosClass: "BestEffort" })
		expect(unscheduledStatus(life, "0/1 nodes are available.", 0, "n1")).toMatchObject({
			nominatedNodeName: "n1",
			conditions: [
				{ type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes are available." },
			],
		})
	})
})

describe("qosOf", () => {
	const both = { cpu: "1", memory: "1Gi" }
	const cases: readonly [string, PodSpec][] = [
		["BestEffort", agent()],
		["Burstable", agent({ resources: { requests: { cpu: "1" } } })],
		["Guaranteed", agent({ resources: { limits: both } })],
		["Burstable", agent({ resources: { limits: both, requests: { cpu: "500m" } } })],
		["Burstable", agent({ resources: { limits: both } }, { initContainers: [{ name: "i" }] })],
	]
	for (const [want, spec] of cases) {
		it(`[L19] is ${want} for ${JSON.stringify(spec.containers[0]?.resources ?? {})}`, () => {
			expect(qosOf(spec)).toBe(want)
		})
	}
})
