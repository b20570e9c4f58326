import { expect, test } from "vitest"
import { dice } from "../../../src/base/index.ts"
import { addSubject, dropSubject, Subject } from "../../../src/cluster/state/event-subjects.ts"
import {
	addEvent,
	countEvent,
	createEvents,
	eventAt,
	eventNumbers,
	eventsSince,
	findEvent,
} from "../../../src/cluster/state/events.ts"

const HOUR = 3_600_000
type Kept = { uid: number; code: number; argument: number; firstAt: number; lastAt: number; count: number }

test("Events are found, counted up and dropped as in a list that is searched from end to end", () => {
	for (const longestPause of [1_000, HOUR / 3, 100 * HOUR]) {
		const log = createEvents()
		let model: Kept[] = []
		const subjects = new Map<number, number>()
		let now = 0
		for (let turn = 0; turn < 12_000; turn++) {
			const thrown = (purpose: number, below: number) => dice(longestPause, turn, purpose) % below
			now += thrown(0, 50) === 0 ? thrown(1, longestPause) : thrown(1, 10)
			const uid = turn % 3 === 0 ? 2 ** 33 + turn : thrown(2, 5)
			const [code, argument] = [thrown(3, 64), thrown(4, 2)]
			const subject = subjects.get(uid) ?? addSubject(log, Subject.Pod, 1, 2, uid % 1_000, uid)
			subjects.set(uid, subject)
			const known = findEvent(log, subject, code, argument)
			const wanted = model.find((kept) => kept.uid === uid && kept.code === code && kept.argument === argument)
			expect(known === -1 ? undefined : eventAt(log, known).firstAt).toBe(wanted?.firstAt)
			if (known !== -1 && wanted !== undefined) {
				wanted.lastAt = now
				wanted.count++
				expect(countEvent(log, now, known, argument, 0, 0)).toBe(wanted.count)
			} else {
				model = model.filter(({ lastAt }) => lastAt + HOUR >= now)
				model.push({ uid, code, argument, firstAt: now, lastAt: now, count: 1 })
				addEvent(log, now, subject, code, argument, 0)
			}
			if (uid >= 2 ** 33) {
				dropSubject(log, subject)
				subjects.delete(uid)
			}
		}
		const kept = Array.from(eventNumbers(log), (number): Kept => {
			const { uid, code, argument, firstAt, lastAt, count } = eventAt(log, number)
			return { uid, code, argument, firstAt, lastAt, count }
		})
		const ordered = (rows: readonly Kept[]) => rows.map((row) => JSON.stringify(row)).sort()
		expect(ordered(kept)).toEqual(ordered(model))
		expect(log.subjects.rows).toBeLessThan(12_000)
	}
})

test.each([2, 24, 24 * 40])(
	"of thousands that are too old after %i hours none is found or told, and each new Event drops some",
	(hours) => {
		const log = createEvents()
		const subjects = Array.from({ length: 3_000 }, (_, uid) => addSubject(log, Subject.Pod, 1, 2, uid, uid))
		for (const subject of subjects) addEvent(log, 1_000, subject, 1, 0, 0)
		const [first = -1] = subjects
		const now = hours * HOUR
		countEvent(log, now - 1, findEvent(log, first, 1, 0), 0, 0, 0)
		addEvent(log, now, first, 2, 0, 0)

		const kept = Array.from(eventNumbers(log), (number) => eventAt(log, number))
		expect(kept.map(({ uid, code, firstAt, count }) => ({ uid, code, firstAt, count }))).toEqual([
			{ uid: 0, code: 1, firstAt: 1_000, count: 2 },
			{ uid: 0, code: 2, firstAt: now, count: 1 },
		])
		// The other one's row has just moved.
		expect(Array.from(eventsSince(log, 0), (number) => eventAt(log, number).code)).toEqual([2])
		expect(subjects.filter((subject) => findEvent(log, subject, 1, 0) !== -1)).toEqual([first])
		expect(log.oldest).toBeLessThan(3_000)

		for (let turn = 0; turn < 100; turn++) addEvent(log, now + turn, first, 3, turn, 0)
		expect(log.oldest).toBe(3_000)
		expect([...eventNumbers(log)]).toHaveLength(102)
	},
)
