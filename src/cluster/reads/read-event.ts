import { formatInstant, type JsonObject } from "../../base/index.ts"
import { type KubeObject, keyParts } from "../../kube/index.ts"
import { eventWords } from "../facts/event-words.ts"
import { regardingKey } from "../facts/made-facts.ts"
import { Subject } from "../state/events.ts"
import type { State } from "../state/state.ts"
import { textOf } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"

/** A Kubernetes Event as the API shows it; those of nodes are in the namespace `default`. */
export function readEvent(state: State, row: number): KubeObject {
	const { events, strings } = state
	const about = {
		subject: events.subject[row] as number,
		namespace: events.namespace[row] as number,
		base: events.base[row] as number,
		number: events.number[row] as number,
	}
	const { kind, name, namespace } = keyParts(regardingKey(strings, about))
	const words = eventWords(events.code[row] as number, {
		name,
		namespace: textOf(strings, about.namespace),
		argument: textOf(strings, events.argument[row] as number),
		detail: events.detail[row] as number,
	})
	const uid = events.subject[row] === Subject.Node ? name : uidText(state, events.uid[row] as number)
	return {
		apiVersion: "v1",
		kind: "Event",
		metadata: {
			name: eventName(state, row),
			namespace: namespace === "" ? "default" : namespace,
			uid: uidText(state, -(events.serial[row] as number)),
			creationTimestamp: formatInstant(events.firstAt[row] as number),
		},
		involvedObject: {
			kind,
			name,
			...(namespace === "" ? {} : { namespace }),
			uid,
			apiVersion: kind === "DaemonSet" ? "apps/v1" : "v1",
		},
		reason: words.reason,
		message: words.message,
		type: words.type,
		count: events.count[row] as number,
		firstTimestamp: formatInstant(events.firstAt[row] as number),
		lastTimestamp: formatInstant(events.lastAt[row] as number),
		source: { component: words.source },
		reportingComponent: words.source,
		reportingInstance: "",
	} as JsonObject as KubeObject
}

/** NAME.HEX, as kubelets and controllers name them; the number is the Event's own. */
export function eventName(state: State, row: number): string {
	const { events, strings } = state
	const { name } = keyParts(
		regardingKey(strings, {
			subject: events.subject[row] as number,
			namespace: 0,
			base: events.base[row] as number,
			number: events.number[row] as number,
		}),
	)
	return `${name}.${(events.serial[row] as number).toString(16).padStart(16, "0")}`
}
