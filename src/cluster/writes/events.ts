import { COMBINED, EventCode } from "../facts/event-words.ts"
import { freeRow, takeRow } from "../state/columns.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { Subject } from "../state/events.ts"
import { addNamed, firstNamed, nameHash, removeNamed } from "../state/name-index.ts"
import { nodeName, PLAIN, podName } from "../state/names.ts"
import type { State } from "../state/state.ts"
import { type TextId, textId, textOf } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import type { Machine } from "./machine.ts"

/** How long the API server keeps an Event that is not counted up. */
const LIFETIME_MS = 3_600_000

/** N12: the tenth name within ten minutes and all after it are counted in one Event, which names the newest. */
const SIMILAR_NAMES = 10
const SIMILAR_MS = 600_000
const BURST = 25
const REFILL_MS = 300_000

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
	if (mayWrite(owner, machine.state.now)) daemonSetRecord(machine, owner, code, argument, 0)
}

/** The Events of a DaemonSet that name a pod; the text is asked for where it is written. */
function daemonPodEvent(machine: Machine, owner: DaemonSetRow, code: number, text: () => TextId): void {
	const { now } = machine.state
	const similar = owner.recorder.similar.get(code)
	const names = similar === undefined || now - similar.at > SIMILAR_MS ? 1 : similar.names + 1
	owner.recorder.similar.set(code, { names, at: now })
	if (!mayWrite(owner, now)) return
	const combined = names >= SIMILAR_NAMES
	const counted = combined ? names - SIMILAR_NAMES + 1 : 0
	daemonSetRecord(machine, owner, combined ? code + COMBINED : code, text(), counted)
}

export function podMadeEvent(machine: Machine, owner: DaemonSetRow, row: number, created: boolean): void {
	const code = created ? EventCode.SuccessfulCreate : EventCode.SuccessfulDelete
	daemonPodEvent(machine, owner, code, () => nameText(machine.state, row))
}

/** M2: a pod of its own that ended, and is to go. */
export function podEndedEvent(machine: Machine, owner: DaemonSetRow, row: number, failed: boolean): void {
	const { state } = machine
	const code = failed ? EventCode.FailedDaemonPod : EventCode.SucceededDaemonPod
	daemonPodEvent(machine, owner, code, () => {
		const { strings, pods, nodes } = state
		const pod = `${textOf(strings, pods.namespace[row] as number)}/${textOf(strings, nameText(state, row))}`
		const node = pods.node[row] as number
		const where = nodeName(strings, nodes.base[node] as number, nodes.number[node] as number)
		const words = failed ? ["failed", "kill"] : ["succeeded", "delete"]
		return textId(strings, `Found ${words[0]} daemon pod ${pod} on node ${where}, will try to ${words[1]} it`)
	})
}

/** N12: the recorder writes 25 Events about one object, and then one more every five minutes. */
function mayWrite({ recorder }: DaemonSetRow, now: number): boolean {
	const fullAt = Math.max(recorder.fullAt, now) + REFILL_MS
	if (fullAt - now > BURST * REFILL_MS) return false
	recorder.fullAt = fullAt
	return true
}

function daemonSetRecord(machine: Machine, owner: DaemonSetRow, code: number, argument: TextId, counted: number): void {
	const { namespace, name, uidNumber } = owner
	const about = { subject: Subject.DaemonSet, namespace, base: name, number: PLAIN, uid: uidNumber }
	record(machine, about, code, argument, 0, counted)
}

function nameText({ strings, pods }: State, row: number): TextId {
	return textId(strings, podName(strings, pods.base[row] as number, pods.number[row] as number))
}

/** `counted`: how often it has happened, where that is known better than by counting what was written. */
function record(machine: Machine, about: About, code: number, argument: TextId, detail: number, counted = 0): void {
	const { state } = machine
	const { events } = state
	const hash = nameHash(about.uid, code, identity(code, argument))
	let row = firstNamed(events, hash)
	while (row !== -1 && !isSame(state, row, about, code, argument)) row = events.nextNamed[row] as number
	if (row === -1) row = addEvent(state, about, code, argument, hash)
	else unlinkAge(state, row)
	events.count[row] = counted > 0 ? counted : (events.count[row] as number) + 1
	events.argument[row] = argument
	events.lastAt[row] = state.now
	events.detail[row] = detail
	newVersion(state)
	linkNewest(state, row)
	machine.facts.event(row)
}

function isSame({ events }: State, row: number, about: About, code: number, argument: TextId): boolean {
	if (events.uid[row] !== about.uid || events.code[row] !== code) return false
	return code >= COMBINED || events.argument[row] === argument
}

/** A combined Event stays the same one, whomever it names. */
function identity(code: number, argument: TextId): TextId {
	return code >= COMBINED ? 0 : argument
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
	const code = events.code[row] as number
	return nameHash(events.uid[row] as number, code, identity(code, events.argument[row] as number))
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
