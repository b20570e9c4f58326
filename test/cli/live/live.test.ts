import { describe, expect, it } from "vitest"
import { bar, liveLines } from "../../../src/cli/live/lines.ts"
import { createLog, logEvent } from "../../../src/cli/live/log.ts"
import type { LiveDaemonSet, LiveModel } from "../../../src/cli/live/model.ts"
import { plain } from "../../../src/cli/output/paint.ts"
import { escapeJson } from "../../../src/cli/output/visible.ts"
import { textWidth } from "../../../src/cli/output/width.ts"

const AT = Date.UTC(2026, 2, 2, 9)
const commit = { commit: "4f2c1e9a77b0", author: "Priya Nair", subject: "logging: fluentd 1.17.1" }

function daemonSet(changes: Partial<LiveDaemonSet> = {}): LiveDaemonSet {
	return { name: "logging/fluentd", desired: 63, fresh: 40, old: 16, unavailable: 7, commit, ...changes }
}

const model: LiveModel = {
	repository: "state/demo",
	branch: "main",
	source: { state: "ready" },
	clusterTime: AT,
	speed: 20,
	nodes: 63,
	notReady: 1,
	head: commit,
	daemonSets: [
		daemonSet(),
		daemonSet({ name: "storage/csi-rbdplugin", desired: 12, fresh: 12, old: 0, unavailable: 0 }),
	],
}
const frame = { width: 100, height: 20, paint: plain }

describe("liveLines", () => {
	it("shows the source, the clock, a bar for each DaemonSet and the last events", () => {
		const events = [{ at: AT, level: "info", event: "rollout-started", message: "fluentd: revision 2 → 3" }] as const
		expect(liveLines(model, events, frame).join("\n")).toMatchInlineSnapshot(`
			"rollcall  state/demo (main)
			2026-03-02T09:00:00Z  20×  63 nodes, 1 not ready
			4f2c1e9a logging: fluentd 1.17.1 — Priya Nair

			logging/fluentd        ██████████▒▒▒▒░░ 40/63    7 down  4f2c1e9a Priya Nair: logging: fluentd 1.17…
			storage/csi-rbdplugin  ████████████████ 12/12    4f2c1e9a Priya Nair: logging: fluentd 1.17.1

			09:00:00  fluentd: revision 2 → 3"
		`)
	})

	it.each([
		[40, 10],
		[20, 6],
		[120, 50],
		[1, 1],
	])("never leaves a terminal of %d × %d", (width, height) => {
		const many = Array.from({ length: 30 }, (_, index) =>
			daemonSet({ name: `team-${index}/agent-with-a-long-name-日本語` }),
		)
		const trouble = { state: "unreachable", message: "cannot reach the server", next: "check the network" }
		const events = Array.from(
			{ length: 90 },
			() => ({ at: AT, level: "warn", event: "x", message: "a\u001b[2Jlong message ".repeat(9) }) as const,
		)
		const lines = liveLines({ ...model, daemonSets: many, source: trouble }, events, { width, height, paint: plain })
		expect(lines.length).toBeLessThanOrEqual(height)
		for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width)
		expect(lines.join("")).not.toContain("\u001b")
	})

	it("shows what moves where not all fits", () => {
		const many = Array.from({ length: 30 }, (_, index) =>
			daemonSet({ name: `calm-${index}`, fresh: 63, old: 0, unavailable: 0 }),
		)
		const lines = liveLines(
			{ ...model, daemonSets: [...many, daemonSet({ name: "busy", kept: "failing: a-1 (CrashLoopBackOff)" })] },
			[],
			frame,
		)
		expect(lines.some((line) => line.startsWith("busy") && line.includes("failing: a-1 (CrashLoopBackOff)"))).toBe(true)
		expect(lines).toContain("… and 22 more")
	})
})

describe("bar", () => {
	it.each([
		["all new", { desired: 10, fresh: 10, old: 0, unavailable: 0 }, "██████████"],
		["one of many down still shows", { desired: 5000, fresh: 0, old: 4999, unavailable: 1 }, "▒▒▒▒▒▒▒▒▒░"],
		["half and half", { desired: 10, fresh: 5, old: 5, unavailable: 0 }, "█████▒▒▒▒▒"],
		["no nodes", { desired: 0, fresh: 0, old: 0, unavailable: 0 }, "··········"],
		["more than desired", { desired: 2, fresh: 2, old: 1, unavailable: 1 }, "██████▒▒░░"],
	])("%s", (_, counts, want) => {
		const text = bar(daemonSet(counts), 10, plain)
		expect([text.length, text]).toEqual([10, want])
	})
})

describe("log", () => {
	const written = (format: "json" | "pretty") => {
		const lines: string[] = []
		const log = createLog({ level: "info", format, paint: plain, write: (line) => lines.push(line) })
		logEvent(log, {
			at: AT,
			level: "warn",
			event: "commit-applied",
			message: "4f2c1e9a \u001b]0;x\u0007subject\u009b2J\nsecond",
			fields: { author: "Priya\u202e", changes: 2 },
		})
		log.debug("not shown")
		return lines
	}

	it("is one JSON line per fact, with cluster time as `at` (THREATS 57)", () => {
		const [line = "", ...others] = written("json")
		expect(others).toEqual([])
		expect(JSON.parse(line)).toMatchObject({
			level: 40,
			event: "commit-applied",
			at: "2026-03-02T09:00:00Z",
			author: "Priya\u202e",
			changes: 2,
		})
		expect(line).toBe(escapeJson(line))
		expect(line.indexOf("\n")).toBe(line.length - 1)
		expect(line).not.toContain("\u001b")
	})

	it("is one line for people", () => {
		expect(written("pretty")).toEqual([
			"2026-03-02T09:00:00Z  commit-applied      4f2c1e9a subject second  author=Priya\\u202e changes=2\n",
		])
	})
})
