import { describe, expect, it } from "vitest"
import { cycleMs, lifeOf, Stage, step, stopMs } from "../../../src/cluster/kubelet/index.ts"
import type { PodSpec } from "../../../src/kube/index.ts"
import { agent, circumstances, live, stages, steady } from "./lives.ts"

describe("step", () => {
	it("[L5] takes a pod from the pull to ready", () => {
		expect(stages(live(agent(), steady(), { missing: 1 }).story)).toEqual([
			"0 Pulling",
			"2000 Starting",
			"2500 Running",
			"3000 Ready",
		])
	})

	it("[L7] does not pull what is on the node", () => {
		expect(stages(live(agent(), steady()).story)).toEqual(["0 Starting", "500 Running", "1000 Ready"])
	})

	it("[L7] looks at the registry with Always, even for an image that is there", () => {
		const { story } = live(agent({ imagePullPolicy: "Always" }), steady())
		expect(story[0]?.stage).toBe("Pulling")
		expect(story[0]?.waitMs).toBeLessThan(500)
	})

	it("[L7] waits for ever with Never, where the image is missing", () => {
		const { story } = live(agent({ imagePullPolicy: "Never" }), steady(), { missing: 1 })
		expect(story).toHaveLength(1)
		expect(story[0]).toMatchObject({ stage: "PullBackOff", waitMs: -1 })
	})

	it("[L7] pulls the same image once for two containers, and slower on a slow node", () => {
		const spec: PodSpec = { containers: [agent().containers[0], { ...agent().containers[0], name: "b" }] as never }
		expect(live(spec, steady(), { missing: 3, pullFactor: 10 }).story[0]?.waitMs).toBe(20_000)
	})

	it("[L8] backs off from a pull that fails, and rests at five minutes", () => {
		const { story, moment } = live(agent(), steady({ kind: "ImagePull" }), { missing: 1 })
		const waits = story.filter((lived) => lived.stage === "PullBackOff").map((lived) => lived.waitMs)
		expect(waits).toEqual([10_000, 20_000, 40_000, 80_000, 160_000, -1])
		expect(moment.pullFailures).toBe(6)
	})

	it("[L8] goes on where a pull fails only some times", () => {
		const { story } = live(agent(), steady({ kind: "ImagePull", times: 2 }), { missing: 1 })
		expect(stages(story).slice(-5)).toEqual([
			"14000 PullBackOff",
			"34000 Pulling",
			"36000 Starting",
			"36500 Running",
			"37000 Ready",
		])
	})

	it("[L9] runs init containers one by one before the others, and leaves a sidecar running", () => {
		const initContainers = [
			{ name: "setup", image: "busybox:1" },
			{ name: "proxy", image: "envoy:1", restartPolicy: "Always" },
		]
		const { story } = live(agent({}, { initContainers }), steady(), { missing: 0b111 })
		expect(stages(story).slice(0, 6)).toEqual([
			"0 Pulling",
			"2000 Starting",
			"2500 Initializing",
			"3000 Starting",
			"3500 Starting",
			"4000 Running",
		])
		const pulls = live(agent({}, { initContainers }), steady(), { missing: 0b111 }).story[0]
		expect(pulls?.events).toEqual(['Pulling: Pulling image "busybox:1"'])
	})

	const probes: readonly [string, Parameters<typeof agent>[0], number][] = [
		["at the first readiness probe that finds it up", { readinessProbe: { periodSeconds: 5 } }, 5_000],
		["not before the initial delay", { readinessProbe: { initialDelaySeconds: 7, periodSeconds: 5 } }, 7_000],
		["after as many successes as asked for", { readinessProbe: { periodSeconds: 2, successThreshold: 3 } }, 6_000],
		[
			"after the startup probe first",
			{ startupProbe: { periodSeconds: 3 }, readinessProbe: { periodSeconds: 4 } },
			4_000,
		],
		["at once where it has no probe", {}, 500],
	]
	for (const [when, more, want] of probes) {
		it(`[L10] turns ready ${when}`, () => {
			expect(live(agent(more), steady()).at).toBe(500 + want)
		})
	}

	it("[L11] kills a container whose startup probe gives up before it is up, again and again", () => {
		const behavior = { ...steady(), ready: { p0: 60_000, p50: 60_000, p90: 60_000, p99: 60_000 } }
		const { story, moment } = live(agent({ startupProbe: { periodSeconds: 5, failureThreshold: 3 } }), behavior)
		expect(stages(story).slice(0, 3)).toEqual(["0 Starting", "500 Running", "10500 CrashBackOff"])
		expect(story.some((lived) => lived.stage === "Ready")).toBe(false)
		expect(moment.waitMs).toBe(-1)
	})

	it("[L11] lets a slow start live where the liveness probe has patience", () => {
		const behavior = { ...steady(), ready: { p0: 20_000, p50: 20_000, p90: 20_000, p99: 20_000 } }
		expect(live(agent({ livenessProbe: { periodSeconds: 10 } }), behavior).moment.stage).toBe(Stage.Ready)
		expect(live(agent({ livenessProbe: { periodSeconds: 9 } }), behavior).moment.stage).toBe(Stage.CrashBackOff)
	})

	it("[L12] restarts a crashed container at once, then after 10 s doubling to 5 min", () => {
		const { story, moment } = live(agent(), steady({ kind: "CrashLoop", after: "100ms" }))
		const waits = story.filter((lived) => lived.stage === "CrashBackOff").map((lived) => lived.waitMs)
		expect(waits).toEqual([0, 10_000, 20_000, 40_000, 80_000, 160_000, -1])
		expect(moment.restarts).toBe(6)
	})

	it("[L12] forgets the back-off of a container that ran for ten minutes", () => {
		const { story } = live(agent(), steady({ kind: "CrashLoop", after: "10m" }), {}, 20)
		expect(story.filter((lived) => lived.stage === "CrashBackOff").every((lived) => lived.waitMs === 0)).toBe(true)
	})

	it("[L13] keeps a loop on the timeline where the pod turns ready in between", () => {
		const { story } = live(agent(), steady({ kind: "CrashLoop", after: "1s" }), {}, 60)
		expect(story).toHaveLength(60)
		expect(Math.max(...story.map((lived) => lived.waitMs))).toBe(300_000)
	})

	it("[L13] knows how long one turn of a resting loop takes", () => {
		const { life, given, moment } = live(agent(), steady({ kind: "CrashLoop", after: "100ms" }))
		expect(cycleMs(life, given, moment)).toBe(300_000 + 500 + 100)
	})

	it("[L4] ends a failure after as many times as it says", () => {
		const { story, moment } = live(agent(), steady({ kind: "OutOfMemory", after: "100ms", times: 2 }))
		expect(story.filter((lived) => lived.stage === "CrashBackOff")).toHaveLength(2)
		expect(moment).toMatchObject({ stage: Stage.Ready, restarts: 2, waitMs: -1 })
	})

	it("[L4] leaves a pod unready for ever that is never ready", () => {
		const { story } = live(agent({ readinessProbe: {} }), steady({ kind: "NeverReady" }))
		expect(story.at(-1)).toMatchObject({ stage: "Running", waitMs: -1 })
	})

	it("[L4] gives each failure its share of the pods", () => {
		const behavior = steady({ kind: "NeverReady", share: "30%" }, { kind: "CrashLoop", share: 0.2, after: "100ms" })
		const ends = new Map<string, number>()
		for (let pod = 0; pod < 2000; pod++) {
			const end = live(agent(), behavior, { pod }).story.at(-1)?.stage ?? ""
			ends.set(end, (ends.get(end) ?? 0) + 1)
		}
		expect((ends.get("Running") ?? 0) / 2000).toBeCloseTo(0.3, 1)
		expect((ends.get("CrashBackOff") ?? 0) / 2000).toBeCloseTo(0.2, 1)
		expect((ends.get("Ready") ?? 0) / 2000).toBeCloseTo(0.5, 1)
	})

	it("[L16] takes its node down once, and starts again when the node is back", () => {
		const { story, life, given, moment } = live(agent(), steady({ kind: "NodeDown", after: "3s" }))
		expect(stages(story).slice(-2)).toEqual(["1000 Ready", "3500 BreakingNode"])
		expect(moment.waitMs).toBe(-1)
		expect(stopMs(life, given, moment.stage)).toBe(0)
		expect(step(life, given, moment)).toMatchObject({ stage: Stage.Starting, restarts: 1 })
		expect(step(life, given, step(life, given, moment))).toMatchObject({ stage: Stage.Ready, waitMs: -1 })
	})

	it("[L5] fails a pod that is never restarted", () => {
		const spec = agent({}, { restartPolicy: "Never" })
		expect(live(spec, steady({ kind: "CrashLoop" })).moment.stage).toBe(Stage.Failed)
		expect(live(spec, steady({ kind: "CrashLoop", exitCode: 0 })).moment.stage).toBe(Stage.Succeeded)
	})
})

describe("stopMs", () => {
	const cases: readonly [string, Partial<PodSpec>, number, number][] = [
		["takes the behavior's time", {}, Stage.Ready, 700],
		["is cut off by the grace period", { terminationGracePeriodSeconds: 0 }, Stage.Ready, 0],
		["is nothing for a pod that does not run", {}, Stage.Pulling, 0],
	]
	for (const [what, spec, stage, want] of cases) {
		it(`[L14] ${what}`, () => {
			expect(stopMs(lifeOf(agent({}, spec), steady()), circumstances(), stage as Stage)).toBe(want)
		})
	}

	it("[L14] waits for the preStop hook first", () => {
		const life = lifeOf(agent({ lifecycle: { preStop: { sleep: { seconds: 5 } } } }), steady())
		expect(stopMs(life, circumstances(), Stage.Ready)).toBe(5_700)
		expect(stopMs(life, circumstances(), Stage.Ready, 2_000)).toBe(2_000)
	})
})
