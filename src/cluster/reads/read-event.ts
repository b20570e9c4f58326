import { formatInstant, type Instant, type JsonObject } from "../../base/index.ts"
import { type KubeObject, keyParts } from "../../kube/index.ts"
import { eventWords } from "../facts/event-words.ts"
import { regardingKey } from "../facts/made-facts.ts"
import { type About, Subject } from "../state/event-subjects.ts"
import { type EventRow, eventAt, eventNumbers, eventsSince } from "../state/events.ts"
import type { State } from "../state/state.ts"
import { type Strings, textOf } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"
import type { Machine } from "../writes/machine.ts"
import { originOf } from "./event-origin.ts"
import { unhealthyNow } from "./unhealthy.ts"

/** A Kubernetes Event as the API shows it. */
export function readEvent(machine: Machine, number: number): KubeObject {
	const { state } = machine
	const { strings } = state
	const event = eventAt(state.events, number)
	const { kind, name, namespace } = keyParts(regardingKey(strings, event))
	const words = eventWords(event.code, {
		name,
		namespace: textOf(strings, event.namespace),
		argument: textOf(strings, event.argument),
		detail: event.detail,
	})
	const going = unhealthyNow(machine, event)
	const { source, instance, fieldPath } = originOf(machine, event, words.source, name)
	const uid = event.subject === Subject.Node ? name : uidOf(state, event)
	return {
		apiVersion: "v1",
		kind: "Event",
		metadata: {
			name: nameOf(name, event),
			namespace: eventSpace(strings, event),
			uid: uidText(state, -event.serial),
			resourceVersion: String(state.version - ((state.version - event.version) >>> 0)),
			creationTimestamp: formatInstant(event.firstAt),
		},
		involvedObject: {
			kind,
			name,
			...(namespace === "" ? {} : { namespace }),
			uid,
			apiVersion: kind === "DaemonSet" ? "apps/v1" : "v1",
			...(fieldPath === undefined ? {} : { fieldPath }),
		},
		reason: words.reason,
		// The kubelet dials the pod's own address.
		message: going === undefined ? words.message : words.message.replace("dial tcp :", `dial tcp ${going.address}:`),
		type: words.type,
		count: Math.max(event.count, going?.count ?? 0),
		firstTimestamp: formatInstant(event.firstAt),
		lastTimestamp: formatInstant(Math.max(event.lastAt, going?.lastAt ?? 0)),
		source,
		reportingComponent: words.source,
		reportingInstance: instance,
	} as JsonObject as KubeObject
}

/** A DaemonSet has its uid from whoever wrote it; its row has a number of its own. */
function uidOf(state: State, event: EventRow): string {
	const row = event.subject === Subject.DaemonSet && state.daemonSets.find((row) => row?.uidNumber === event.uid)
	return row ? row.uid : uidText(state, event.uid)
}

/** In the order in which they were written: only one that was counted up is younger than those after it. */
export function* eventsByAge(machine: Machine): Generator<KubeObject> {
	for (const number of eventNumbers(machine.state.events)) yield readEvent(machine, number)
}

/** Those that are new, or were counted up, at that moment or later. */
export function* changedEvents(machine: Machine, since: Instant): Generator<KubeObject> {
	for (const number of eventsSince(machine.state.events, since)) yield readEvent(machine, number)
}

/** NAME.HEX, as kubelets and controllers name them; the number is the Event's own. */
export function eventName({ events, strings }: State, number: number): string {
	const event = eventAt(events, number)
	return nameOf(keyParts(regardingKey(strings, event)).name, event)
}

/** Events of nodes are in `default`. */
export function eventSpace(strings: Strings, { subject, namespace }: About): string {
	return subject === Subject.Node ? "default" : textOf(strings, namespace)
}

function nameOf(regarding: string, { serial }: EventRow): string {
	return `${regarding}.${serial.toString(16).padStart(16, "0")}`
}
