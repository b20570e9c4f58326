import { EventCode } from "../facts/event-words.ts"
import { freeRow, takeRow } from "../state/columns.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { Subject } from "../state/events.ts"
import { addNamed, firstNamed, nameHash, removeNamed } from "../state/name-index.ts"
import { PLAIN, podName } from "../state/names.ts"
import type { State } from "../state/state.ts"
import { type TextId, textId } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import type { Machine } from "./machine.ts"

/** How long the API server keeps an Event that is not counted up. */
const LIFETIME_MS = 3_600_000

type About = { subject: number; namespace: TextId; base: TextId; number: number; uid: number }

export function podEvent(machine: Machine, row: number, code: number, argument: TextId = 0, detail = 0): void {
	const { pods } = machine.state
	record(
		machine,
		{
			subject: Subject.Pod,
			namespace: pods.namespace[row] as number,
			base: pods.base[row] as number,
			number: pods.number[row] as number,
			uid: pods.uid[row] as number,
		},
		code,
		argument,
		detail,
	)
}

export function nodeEvent(machine: Machine, row: number, code: number, argument: TextId = 0): void {
	const { nodes } = machine.state
	const about = { base: nodes.base[row] as number, number: nodes.number[row] as number, uid: nodes.uid[row] as number }
	record(machine, { subject: Subject.Node, namespace: 0, ...about }, code, argument, 0)
}

export function daemonSetEvent(machine: Machine, owner: DaemonSetRow, code: number, argument: TextId = 0): void {
	const { namespace, name, uidNumber } = owner
	record(
		machine,
		{ subject: Subject.DaemonSet, namespace, base: name, number: PLAIN, uid: uidNumber },
		code,
		argument,
		0,
	)
}

/** N12: from the eleventh similar Event within ten minutes on they are counted in one, which names the newest pod. */
export function podMadeEvent(machine: Machine, owner: DaemonSetRow, row: number, created: boolean): void {
	const { state } = machine
	const { similar } = owner
	if (state.now - similar.since > 600_000) {
		similar.since = state.now
		similar.count = 0
	}
	similar.count++
	const combined = similar.count > 10
	const code = combined
		? created
			? EventCode.CombinedCreate
			: EventCode.CombinedDelete
		: created
			? EventCode.SuccessfulCreate
			: EventCode.SuccessfulDelete
	// The newest name of a combined Event is of no use to anyone: texts of pods are not kept for it.
	daemonSetEvent(machine, owner, code, combined ? 0 : nameText(state, row))
}

function nameText({ strings, pods }: State, row: number): TextId {
	return textId(strings, podName(strings, pods.base[row] as number, pods.number[row] as number))
}

function record(machine: Machine, about: About, code: number, argument: TextId, detail: number): void {
	const { state } = machine
	const { events } = state
	const hash = nameHash(about.uid, code, argument)
	let row = firstNamed(events, hash)
	while (row !== -1 && !isSame(state, row, about, code, argument)) row = events.nextNamed[row] as number
	if (row === -1) row = addEvent(state, about, code, argument, hash)
	else unlinkAge(state, row)
	events.count[row] = (events.count[row] as number) + 1
	events.lastAt[row] = state.now
	events.detail[row] = detail
	newVersion(state)
	linkNewest(state, row)
	machine.facts.event(row)
}

function isSame({ events }: State, row: number, about: About, code: number, argument: TextId): boolean {
	return events.uid[row] === about.uid && events.code[row] === code && events.argument[row] === argument
}

function addEvent(state: State, about: About, code: number, argument: TextId, hash: number): number {
	const { events } = state
	dropExpired(state)
	const row = takeRow(events)
	events.code[row] = code
	events.subject[row] = about.subject
	events.namespace[row] = about.namespace
	events.base[row] = about.base
	events.number[row] = about.number
	events.uid[row] = about.uid
	events.argument[row] = argument
	events.firstAt[row] = state.now
	events.count[row] = 0
	events.serial[row] = ++events.serials
	addNamed(events, row, hash, (other) => hashOf(state, other))
	return row
}

function dropExpired(state: State): void {
	const { events } = state
	while (events.oldest !== -1 && (events.lastAt[events.oldest] as number) + LIFETIME_MS < state.now) {
		const row = events.oldest
		unlinkAge(state, row)
		removeNamed(events, row, hashOf(state, row))
		freeRow(events, row)
	}
}

function hashOf({ events }: State, row: number): number {
	return nameHash(events.uid[row] as number, events.code[row] as number, events.argument[row] as number)
}

function linkNewest({ events }: State, row: number): void {
	events.older[row] = events.newest
	events.newer[row] = -1
	if (events.newest === -1) events.oldest = row
	else events.newer[events.newest] = row
	events.newest = row
}

function unlinkAge({ events }: State, row: number): void {
	const older = events.older[row] as number
	const newer = events.newer[row] as number
	if (older === -1) events.oldest = newer
	else events.newer[older] = newer
	if (newer === -1) events.newest = older
	else events.older[newer] = older
}
