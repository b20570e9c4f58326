import { COMBINED, EventCode } from "../facts/event-words.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { addSubject, Subject } from "../state/event-subjects.ts"
import { addEvent, countEvent, findEvent, setEventVersion } from "../state/events.ts"
import { nodeName, PLAIN, podName } from "../state/names.ts"
import { half } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { type TextId, textId, textOf } from "../state/strings.ts"
import { newVersion } from "../state/uids.ts"
import type { Machine } from "./machine.ts"

/** N12: the tenth name within ten minutes and all after it are counted in one Event, which names the newest. */
const SIMILAR_NAMES = 10
const SIMILAR_MS = 600_000
const BURST = 25
const REFILL_MS = 300_000

export function podEvent(machine: Machine, row: number, code: number, argument: TextId = 0, detail = 0): void {
	const { events, pods } = machine.state
	let subject = pods.subject[row] as number
	if (subject === -1) {
		const namespace = pods.namespace[row] as number
		const base = pods.base[row] as number
		subject = addSubject(
			events,
			Subject.Pod,
			namespace,
			base,
			pods.number[row] as number,
			pods.uid[half(row)] as number,
		)
		pods.subject[row] = subject
	}
	record(machine, subject, code, argument, detail, 0)
}

export function nodeEvent(machine: Machine, row: number, code: number, argument: TextId = 0): void {
	const { events, nodes } = machine.state
	let subject = nodes.subject[row] as number
	if (subject === -1) {
		const base = nodes.base[row] as number
		const number = nodes.number[row] as number
		subject = addSubject(events, Subject.Node, 0, base, number, nodes.uid[row] as number)
		nodes.subject[row] = subject
	}
	record(machine, subject, code, argument, 0, 0)
}

export function daemonSetEvent(machine: Machine, owner: DaemonSetRow, code: number, argument: TextId = 0): void {
	if (mayWrite(owner, machine.state.now)) daemonSetRecord(machine, owner, code, argument, 0)
}

/** The Events of a DaemonSet that name a pod; the text is asked for where it is written. */
function daemonPodEvent(machine: Machine, owner: DaemonSetRow, code: number, text: () => TextId): void {
	const { now } = machine.state
	let similar = owner.recorder.similar.get(code)
	if (similar === undefined) {
		similar = { names: 0, at: now }
		owner.recorder.similar.set(code, similar)
	}
	const names = now - similar.at > SIMILAR_MS ? 1 : similar.names + 1
	similar.names = names
	similar.at = now
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
	if (owner.subject === -1)
		owner.subject = addSubject(machine.state.events, Subject.DaemonSet, namespace, name, PLAIN, uidNumber)
	record(machine, owner.subject, code, argument, 0, counted)
}

function nameText({ strings, pods }: State, row: number): TextId {
	return textId(strings, podName(strings, pods.base[row] as number, pods.number[row] as number))
}

/** `counted`: how often it has happened, where that is known better than by counting what was written. */
function record(
	machine: Machine,
	subject: number,
	code: number,
	argument: TextId,
	detail: number,
	counted: number,
): void {
	const { state } = machine
	const { events, now } = state
	// A combined Event stays the same one, whomever it names.
	const known = findEvent(events, subject, code, code >= COMBINED ? undefined : argument)
	let count = 1
	let number = known
	if (known !== -1) count = countEvent(events, now, known, argument, detail, counted)
	else number = addEvent(events, now, subject, code, argument, detail)
	setEventVersion(events, number, newVersion(state))
	machine.facts.event(subject, code, argument, detail, count)
}
