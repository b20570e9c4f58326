import { describe, expect, test } from "vitest"
import { claimVerdict, nodeQueues, nodeUpdateCounts, podReaction } from "../../../src/cluster/daemonset/index.ts"
import { node } from "../../builders/daemon-set.ts"

const RUN = { shouldRun: true, shouldContinue: true }
const CONTINUE = { shouldRun: false, shouldContinue: true }
const NEITHER = { shouldRun: false, shouldContinue: false }

describe("node handlers", () => {
	test.each([
		{ title: "a label", before: node("n1"), after: node("n1", { labels: { a: "b" } }), want: true },
		{
			title: "a taint",
			before: node("n1", { taints: [{ key: "k", effect: "NoSchedule" }] }),
			after: node("n1"),
			want: true,
		},
		{ title: "no list instead of an empty one", before: node("n1", { taints: [] }), after: node("n1"), want: false },
		{
			title: "a condition",
			before: node("n1"),
			after: { ...node("n1"), status: { conditions: [{ type: "Ready", status: "False" }] } },
			want: false,
		},
	])("[S6] a change of $title counts: $want", ({ before, after, want }) => {
		expect(nodeUpdateCounts(before, after)).toBe(want)
	})

	test.each([
		{ title: "a pod is missing", placement: RUN, hasPod: false, misscheduled: 0, want: true },
		{ title: "all is well", placement: RUN, hasPod: true, misscheduled: 0, want: false },
		{ title: "a pod must leave", placement: NEITHER, hasPod: true, misscheduled: 0, want: true },
		{ title: "a pod may stay", placement: CONTINUE, hasPod: true, misscheduled: 0, want: false },
		{ title: "the stored status has misscheduled pods", placement: RUN, hasPod: true, misscheduled: 1, want: true },
		{ title: "no pod is here and none belongs", placement: CONTINUE, hasPod: false, misscheduled: 1, want: false },
	])("[S6] where $title the DaemonSet is queued: $want", ({ want, title: _, ...change }) => {
		expect(nodeQueues(change)).toBe(want)
	})
})

describe("podReaction", () => {
	const base = { owner: "a", terminating: false } as const

	test.each([
		{ title: "a pod that came", change: { ...base, step: "added" }, want: { queue: ["a"], observed: "creation" } },
		{ title: "a pod that is gone", change: { ...base, step: "deleted" }, want: { queue: ["a"], observed: "deletion" } },
		{
			title: "a pod marked for deletion",
			change: { ...base, step: "updated", ownerBefore: "a", terminating: true },
			want: { queue: ["a"], observed: "deletion" },
		},
		{
			title: "a pod that turned ready",
			change: { ...base, step: "updated", ownerBefore: "a", becameReady: true },
			want: { queue: ["a"], ripens: true },
		},
		{
			title: "a pod that changed hands",
			change: { ...base, step: "updated", ownerBefore: "b" },
			want: { queue: ["b", "a"] },
		},
		{
			title: "an orphan that came",
			change: { owner: undefined, terminating: false, step: "added" },
			want: { queue: [], queueSelecting: true },
		},
		{
			title: "a pod that was let go",
			change: { owner: undefined, ownerBefore: "a", terminating: false, step: "updated" },
			want: { queue: ["a"], queueSelecting: true },
		},
		{
			title: "an orphan whose labels stayed",
			change: { owner: undefined, ownerBefore: undefined, terminating: false, step: "updated" },
			want: { queue: [] },
		},
		{
			title: "an orphan that is gone",
			change: { owner: undefined, terminating: false, step: "deleted" },
			want: { queue: [] },
		},
	] as const)("[S4] [S6] $title", ({ change, want }) => {
		expect(podReaction(change)).toEqual(want)
	})
})

describe("claimVerdict", () => {
	test.each([
		{ ownerUid: "a", matches: true, terminating: true, want: "owned" },
		{ ownerUid: "a", matches: false, terminating: false, want: "release" },
		{ ownerUid: "b", matches: true, terminating: false, want: "ignore" },
		{ ownerUid: undefined, matches: true, terminating: false, want: "adopt" },
		{ ownerUid: undefined, matches: true, terminating: true, want: "ignore" },
		{ ownerUid: undefined, matches: false, terminating: false, want: "ignore" },
	] as const)("[C2] owner $ownerUid, matching $matches, terminating $terminating: $want", ({ want, ...candidate }) => {
		expect(claimVerdict(candidate, "a")).toBe(want)
	})
})
