import { expect, test } from "vitest"
import { dice } from "../../../src/base/index.ts"
import {
	cancel,
	createTimeline,
	nextInstant,
	schedule,
	takeDue,
	tidyTimeline,
} from "../../../src/cluster/timeline/timeline.ts"

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

test("far and near entries come, are cancelled and are numbered anew as in one sorted list", () => {
	const timeline = createTimeline()
	const wanted = new Map<number, { at: number; lane: 0 | 1; number: number }>()
	const entry = { at: 0, kind: 0, subject: 0, extra: 0 }
	let now = 1_700_000_000_000
	for (let turn = 0; turn < 4_000; turn++) {
		const thrown = (purpose: number, below: number) => dice(7, turn, purpose) % below
		if (turn % 400 === 399) tidyTimeline(timeline)
		if (thrown(0, 8) > 2) {
			const lane = thrown(1, 5) === 0 ? 0 : 1
			const at = now + thrown(2, [3, 5_000, 20_000, 200_000][thrown(3, 4)] as number)
			wanted.set(schedule(timeline, at, 1, turn, 0, lane), { at, lane, number: turn })
			continue
		}
		const rows = [...wanted.keys()]
		if (thrown(4, 3) === 0 && rows.length > 0) {
			const row = rows[thrown(5, rows.length)] as number
			cancel(timeline, row)
			wanted.delete(row)
			continue
		}
		const order = [...wanted].sort(([, a], [, b]) => a.at - b.at || a.lane - b.lane || a.number - b.number)
		const to = now + thrown(6, 30_000)
		const [row, first] = order[0] ?? [-1, undefined]
		expect(nextInstant(timeline)).toBe(first?.at)
		expect(takeDue(timeline, to, entry)).toBe(first !== undefined && first.at <= to)
		if (first === undefined || first.at > to) {
			now = to
			continue
		}
		expect([entry.at, entry.subject]).toEqual([first.at, first.number])
		now = first.at
		wanted.delete(row)
	}
})
