import { describe, expect, it } from "vitest"
import { globOf } from "../../../src/cluster/kubelet/behavior.ts"
import { behaviorFor, behaviorTable, DEFAULT_BEHAVIOR, spokenFor } from "../../../src/cluster/kubelet/index.ts"
import { podBehavior } from "./lives.ts"

const POD = { labels: { app: "log" }, images: ["registry.example/fluentd:1.0", "busybox"] }
const constant = (ms: number) => ({ p0: ms, p50: ms, p90: ms, p99: ms })

describe("behaviorFor", () => {
	it("[L2] falls back on the defaults", () => {
		expect(behaviorFor([], POD, {})).toEqual(DEFAULT_BEHAVIOR)
	})

	it("[L3] takes the highest priority, then the first by name, and fills up part by part", () => {
		const table = behaviorTable([
			podBehavior("b", { priority: 1, pull: "4s", start: "4s" }),
			podBehavior("z", { priority: 2, pull: "1s" }),
			podBehavior("a", { priority: 1, start: "3s" }),
			podBehavior("c", { stop: "9s" }),
		])
		const { pull, start, stop, ready } = behaviorFor(table, POD, {})
		expect({ pull, start, stop, ready }).toEqual({
			pull: constant(1_000),
			start: constant(3_000),
			stop: constant(9_000),
			ready: DEFAULT_BEHAVIOR.ready,
		})
	})

	const matches: readonly [string, Parameters<typeof podBehavior>[1]["match"], boolean][] = [
		["nothing is asked", undefined, true],
		["any image fits the glob", { image: "*/fluentd:1.?" }, true],
		["no image fits", { image: "fluentd*" }, false],
		["the labels fit", { labels: { matchLabels: { app: "log" } } }, true],
		["the labels do not", { labels: { matchLabels: { app: "web" } } }, false],
		["the node fits", { nodes: { matchLabels: { pool: "a" } } }, true],
		["one of several does not fit", { image: "*", nodes: { matchLabels: { pool: "b" } } }, false],
		["a selector that cannot be read", { labels: { matchExpressions: [{ key: "a", operator: "Is" }] } }, false],
	]
	for (const [when, match, want] of matches) {
		it(`[L3] ${want ? "matches" : "does not match"} where ${when}`, () => {
			const table = behaviorTable([podBehavior("b", { ...(match === undefined ? {} : { match }), pull: "1s" })])
			expect(behaviorFor(table, POD, { pool: "a" }).pull).toEqual(want ? constant(1_000) : DEFAULT_BEHAVIOR.pull)
		})
	}

	it("[L4] adds shares up, in percent or from 0 to 1", () => {
		const failures = [
			{ kind: "CrashLoop" as const, share: "25%", exitCode: 3 },
			{ kind: "OutOfMemory" as const, share: 0.25 },
			{ kind: "NeverReady" as const },
		]
		const behavior = behaviorFor(behaviorTable([podBehavior("b", { failures })]), POD, {})
		expect(behavior.failures.map(({ below, exitCode }) => [below, exitCode])).toEqual([
			[2 ** 30, 3],
			[2 ** 31, 137],
			[2 ** 32, 1],
		])
	})
})

describe("globOf", () => {
	const cases: readonly [string, string, boolean][] = [
		["*", "", true],
		["a*c", "abbc", true],
		["a*c", "abbcd", false],
		["a?c", "abc", true],
		["a.c", "abc", false],
		["*a*b*", "xxaxxbxx", true],
		["**", "anything", true],
	]
	for (const [pattern, text, want] of cases) {
		it(`[L3] ${pattern} ${want ? "fits" : "does not fit"} "${text}"`, () => {
			expect(globOf(pattern)(text)).toBe(want)
		})
	}

	it("[L3] is done with a hostile pattern in no time", () => {
		expect(globOf(`${"*a".repeat(50)}*b`)("a".repeat(5_000))).toBe(false)
	})
})

describe("spokenFor", () => {
	it("[L3] names those that speak for such pods, as they count, and what is left to the defaults", () => {
		const behaviors = [
			podBehavior("all", { stop: "9s" }),
			podBehavior("others", { match: { image: "nginx" }, ready: "1s" }),
			podBehavior("gpu", { priority: 1, match: { nodes: { matchLabels: { gpu: "yes" } } }, pull: "1s" }),
		]
		expect(spokenFor(behaviors, POD)).toEqual({ behaviors: ["gpu", "all"], defaults: ["start", "ready"] })
		expect(spokenFor([], POD)).toEqual({ behaviors: [], defaults: ["pull", "start", "ready", "stop"] })
	})
})
