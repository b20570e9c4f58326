import type { Table } from "./columns.ts"

/** What an Event is about; the names are as in the subject's own rows. */
export const Subject = { Pod: 0, Node: 1, DaemonSet: 2 } as const

/** Kubernetes Events as rows: which words (`code`), about whom, how often, and when. The text is made when it is read. */
export type EventRows = Table & {
	/** Its number among all Events: the age order, and part of its name. */
	code: Uint8Array
	subject: Uint8Array
	namespace: Uint32Array
	base: Uint32Array
	number: Uint32Array
	uid: Float64Array
	/** A text and a number that the words need. */
	argument: Uint32Array
	detail: Uint32Array
	firstAt: Float64Array
	lastAt: Float64Array
	count: Uint32Array
	serial: Float64Array
	/** Neighbours in the order of `lastAt`, for the hour that Events live. */
	older: Int32Array
	newer: Int32Array
	oldest: number
	newest: number
	serials: number
	nextNamed: Int32Array
	named: { first: Int32Array }
}

export function createEvents(): EventRows {
	const size = 64
	return {
		rows: 0,
		free: -1,
		live: 0,
		link: new Int32Array(size),
		code: new Uint8Array(size),
		subject: new Uint8Array(size),
		namespace: new Uint32Array(size),
		base: new Uint32Array(size),
		number: new Uint32Array(size),
		uid: new Float64Array(size),
		argument: new Uint32Array(size),
		detail: new Uint32Array(size),
		firstAt: new Float64Array(size),
		lastAt: new Float64Array(size),
		count: new Uint32Array(size),
		serial: new Float64Array(size),
		older: new Int32Array(size),
		newer: new Int32Array(size),
		oldest: -1,
		newest: -1,
		serials: 0,
		nextNamed: new Int32Array(size),
		named: { first: new Int32Array(size).fill(-1) },
	}
}
