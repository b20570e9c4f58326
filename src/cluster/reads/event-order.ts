import { keyParts } from "../../kube/index.ts"
import type { ListQuery } from "../contract.ts"
import { regardingKey } from "../facts/made-facts.ts"
import { aboutOf, Subject } from "../state/event-subjects.ts"
import { type EventLog, eventAt, eventNumbers, serialOf, subjectOf } from "../state/events.ts"
import { PLAIN } from "../state/names.ts"
import type { State } from "../state/state.ts"
import type { Machine } from "../writes/machine.ts"
import { inNameOrder, listed, type Named } from "./name-order.ts"
import { eventName, eventSpace } from "./read-event.ts"

/** The numbers of the Events that a list gives, in order of namespace, then name. */
export function eventRows(machine: Machine, query: ListQuery): Float64Array {
	const { state } = machine
	const { events, strings } = state
	return listed(allEvents(machine), query, {
		space: (number) => eventSpace(strings, eventAt(events, number)),
		text: (number) => eventName(state, number),
	})
}

/** All that there are, and those of a namespace, are counted without putting them in order. */
export function countEvents(machine: Machine, query: ListQuery): number {
	const { events, strings } = machine.state
	const { namespace, after } = query
	if (after !== undefined) return eventRows(machine, query).length
	let count = 0
	for (const number of eventNumbers(events)) {
		if (namespace === undefined || eventSpace(strings, eventAt(events, number)) === namespace) count++
	}
	return count
}

/** In order until one comes or goes. */
function allEvents({ state, memo }: Machine): Float64Array {
	const { next, oldest, sweptAt } = state.events
	const known = memo.eventOrder
	if (known?.next === next && known.oldest === oldest && known.sweptAt === sweptAt) return known.rows
	const rows = inOrder(state)
	memo.eventOrder = { next, oldest, sweptAt, rows }
	return rows
}

/** An Event is called as its subject, a dot, and its serial in hex, always as long: so the subjects are put in order. */
function inOrder(state: State): Float64Array {
	const { events } = state
	const counts = new Int32Array(events.subjects.rows)
	let total = 0
	for (const number of eventNumbers(events)) {
		const subject = subjectOf(events, number)
		counts[subject] = (counts[subject] as number) + 1
		total++
	}
	const named = subjectNames(state)
	const subjects = inNameOrder(
		[...counts.keys()].filter((subject) => counts[subject] !== 0),
		named,
	)
	const ends = new Int32Array(counts.length)
	let end = 0
	for (const subject of subjects) {
		ends[subject] = end
		end += counts[subject] as number
	}
	const rows = new Float64Array(total)
	for (const number of eventNumbers(events)) {
		const subject = subjectOf(events, number)
		rows[ends[subject] as number] = number
		ends[subject] = (ends[subject] as number) + 1
	}
	for (const alike of sameNames(subjects, named)) {
		const first = alike[0] as number
		const from = (ends[first] as number) - (counts[first] as number)
		bySerial(events, rows.subarray(from, ends[alike.at(-1) as number]))
	}
	return rows
}

/** Subjects of one name, as a pod and the one that came after it may have. */
function* sameNames(subjects: Int32Array, { space, text }: Named): Generator<Int32Array> {
	for (let from = 0; from < subjects.length; ) {
		const [place, name] = [space(subjects[from] as number), text(subjects[from] as number)]
		let to = from + 1
		while (to < subjects.length && text(subjects[to] as number) === name && space(subjects[to] as number) === place)
			to++
		yield subjects.subarray(from, to)
		from = to
	}
}

function bySerial(events: EventLog, rows: Float64Array): void {
	for (let place = 1; place < rows.length; place++) {
		if (serialOf(events, rows[place] as number) > serialOf(events, rows[place - 1] as number)) continue
		rows.sort((a, b) => serialOf(events, a) - serialOf(events, b))
		return
	}
}

function subjectNames({ events, strings }: State): Named {
	const about = (row: number) => aboutOf(events, row)
	return {
		space: (row) => eventSpace(strings, about(row)),
		base: (row) => {
			const { subject, base, number } = about(row)
			return subject === Subject.Pod && number !== PLAIN ? base : -1
		},
		suffix: (row) => about(row).number,
		text: (row) => `${keyParts(regardingKey(strings, about(row))).name}.`,
	}
}
