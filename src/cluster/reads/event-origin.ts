import type { JsonObject } from "../../base/index.ts"
import { EventCode } from "../facts/event-words.ts"
import { eventText, KubeletEvent } from "../kubelet/index.ts"
import { lifeFor } from "../run/lives.ts"
import { Subject } from "../state/event-subjects.ts"
import { type EventRow, eventAt, findEvent } from "../state/events.ts"
import { PLAIN, podName } from "../state/names.ts"
import { half } from "../state/pods.ts"
import { textOf } from "../state/strings.ts"
import type { Machine } from "../writes/machine.ts"
import { findPod } from "../writes/pods.ts"

/** What an Event says of who saw it and, where that was a kubelet, of which container it speaks. */
export type Origin = { readonly source: JsonObject; readonly instance: string; readonly fieldPath?: string }

/** `name`: of whom the Event is about. A pod's node is known from its Events, also when the pod is gone. */
export function originOf(machine: Machine, event: EventRow, component: string, name: string): Origin {
	if (component === "default-scheduler") return { source: { component }, instance: "default-scheduler-0" }
	if (component !== "kubelet") return { source: { component }, instance: "" }
	const host = event.subject === Subject.Node ? name : nodeOf(machine, event)
	if (host === undefined) return { source: { component }, instance: "" }
	const fieldPath = event.subject === Subject.Pod && event.code < EventCode.Scheduled && pathOf(machine, event)
	return { source: { component, host }, instance: host, ...(fieldPath ? { fieldPath } : {}) }
}

function nodeOf({ state: { events, strings } }: Machine, event: EventRow): string | undefined {
	const number = findEvent(events, event.whom, EventCode.Scheduled, undefined)
	if (number === -1) return undefined
	const { argument, detail } = eventAt(events, number)
	return `${textOf(strings, argument)}${detail === PLAIN ? "" : detail}`
}

/** By the pod where it is still there; of one that is gone, the container that was started last. */
function pathOf(machine: Machine, event: EventRow): string | undefined {
	const { state } = machine
	const { events, pods, strings } = state
	const said = textOf(strings, event.argument)
	const row = findPod(state, textOf(strings, event.namespace), podName(strings, event.base, event.number))
	if (row !== -1 && pods.uid[half(row)] === event.uid) {
		const life = lifeFor(machine, row)
		const code = event.code as KubeletEvent
		const found = life.containers.find((each) =>
			code === KubeletEvent.Pulled ? each.image === said : eventText(code, each, event.detail, life).message === said,
		)
		if (found === undefined) return undefined
		return `spec.${found.kind === "main" ? "containers" : "initContainers"}{${found.name}}`
	}
	const started = findEvent(events, event.whom, KubeletEvent.Started, undefined)
	if (started === -1) return undefined
	return `spec.containers{${textOf(strings, eventAt(events, started).argument).replace("Started container ", "")}}`
}
