import { expect, test } from "vitest"
import { createTimeline, schedule, takeDue } from "../../../src/cluster/timeline/timeline.ts"

test("the timeline's short way to an instant stays as large as it is, however many entries there are", () => {
	const timeline = createTimeline()
	schedule(timeline, 1, 0, 0)
	const size = timeline.near.lists.length
	for (let at = 1; at < 200_000; at++) schedule(timeline, at, 0, at)
	expect(timeline.link.length).toBeGreaterThan(size)
	expect(timeline.near.lists.length).toBe(size)
})

test("what is due comes by time, far and near alike, and at one time in the order in which it was put there", () => {
	const timeline = createTimeline()
	const times = [70_000, 5, 65_541, 5, 131_077, 70_000]
	for (const [subject, at] of times.entries()) schedule(timeline, at, 0, subject)
	const entry = { at: 0, kind: 0, subject: 0, extra: 0 }
	const taken: number[][] = []
	while (takeDue(timeline, 200_000, entry)) taken.push([entry.at, entry.subject])
	expect(taken).toEqual([
		[5, 1],
		[5, 3],
		[65_541, 2],
		[70_000, 0],
		[70_000, 5],
		[131_077, 4],
	])
})
