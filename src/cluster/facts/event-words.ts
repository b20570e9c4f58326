import { type ContainerLife, eventText, KubeletEvent, type Life } from "../kubelet/index.ts"
import { PLAIN } from "../state/names.ts"

/** Codes of Events that are not the kubelet's own; those below 32 are `KubeletEvent`. */
export const EventCode = {
	Scheduled: 32,
	FailedScheduling: 33,
	Preempted: 34,
	Evicting: 35,
	SuccessfulCreate: 36,
	SuccessfulDelete: 37,
	FailedDaemonPod: 40,
	SucceededDaemonPod: 41,
	SelectingAll: 42,
	FailedCreate: 43,
	NodeNotReady: 44,
	NodeReady: 45,
	NodeNotSchedulable: 46,
	NodeSchedulable: 47,
	PodNodeNotReady: 48,
	RegisteredNode: 49,
	RemovingNode: 50,
	NodePressure: 51,
	EvictionCancelled: 52,
	Rejected: 53,
} as const

/** N12: added to the code of an Event that stands for several similar ones. */
export const COMBINED = 64

export type EventWords = {
	readonly type: "Normal" | "Warning"
	readonly reason: string
	readonly message: string
	readonly source: string
}

/** Who it is about and what the row keeps for its words. */
export type WordsOf = {
	readonly name: string
	readonly namespace: string
	/** A text, most often the whole message, and a number that belongs to it. */
	readonly argument: string
	readonly detail: number
}

type Words = readonly [type: "Normal" | "Warning", reason: string, source: string, message: (of: WordsOf) => string]

const whole = ({ argument }: WordsOf) => argument
const status =
	(reason: string) =>
	({ name }: WordsOf) =>
		`Node ${name} status is now: ${reason}`

const TABLE: { readonly [code: number]: Words } = {
	[EventCode.Scheduled]: [
		"Normal",
		"Scheduled",
		"default-scheduler",
		// The node in two numbers, as its row has it.
		({ namespace, name, argument, detail }) =>
			`Successfully assigned ${namespace}/${name} to ${argument}${detail === PLAIN ? "" : detail}`,
	],
	[EventCode.FailedScheduling]: ["Warning", "FailedScheduling", "default-scheduler", whole],
	[EventCode.Preempted]: ["Normal", "Preempted", "default-scheduler", whole],
	[EventCode.Evicting]: [
		"Normal",
		"TaintManagerEviction",
		"taint-eviction-controller",
		({ namespace, name }) => `Marking for deletion Pod ${namespace}/${name}`,
	],
	[EventCode.EvictionCancelled]: [
		"Normal",
		"TaintManagerEviction",
		"taint-eviction-controller",
		({ namespace, name }) => `Cancelling deletion of Pod ${namespace}/${name}`,
	],
	[EventCode.SuccessfulCreate]: [
		"Normal",
		"SuccessfulCreate",
		"daemonset-controller",
		(of) => `Created pod: ${of.argument}`,
	],
	[EventCode.SuccessfulDelete]: [
		"Normal",
		"SuccessfulDelete",
		"daemonset-controller",
		(of) => `Deleted pod: ${of.argument}`,
	],
	[EventCode.FailedDaemonPod]: ["Warning", "FailedDaemonPod", "daemonset-controller", whole],
	[EventCode.SucceededDaemonPod]: ["Normal", "SucceededDaemonPod", "daemonset-controller", whole],
	[EventCode.SelectingAll]: [
		"Warning",
		"SelectingAll",
		"daemonset-controller",
		() => "This daemon set is selecting all pods. A non-empty selector is required.",
	],
	[EventCode.FailedCreate]: ["Warning", "FailedCreate", "daemonset-controller", whole],
	[EventCode.NodeNotReady]: ["Normal", "NodeNotReady", "node-controller", status("NodeNotReady")],
	[EventCode.NodeReady]: ["Normal", "NodeReady", "kubelet", status("NodeReady")],
	[EventCode.NodeNotSchedulable]: ["Normal", "NodeNotSchedulable", "kubelet", status("NodeNotSchedulable")],
	[EventCode.NodeSchedulable]: ["Normal", "NodeSchedulable", "kubelet", status("NodeSchedulable")],
	[EventCode.PodNodeNotReady]: ["Warning", "NodeNotReady", "node-controller", () => "Node is not ready"],
	[EventCode.RegisteredNode]: [
		"Normal",
		"RegisteredNode",
		"node-controller",
		({ name }) => `Node ${name} event: Registered Node ${name} in Controller`,
	],
	[EventCode.RemovingNode]: [
		"Normal",
		"RemovingNode",
		"node-controller",
		({ name }) => `Node ${name} event: Removing Node ${name} from Controller`,
	],
	[EventCode.NodePressure]: ["Normal", "NodeStatus", "kubelet", whole],
}

/** The text of an Event, from its code and what its row keeps. */
export function eventWords(code: number, of: WordsOf): EventWords {
	if (code >= COMBINED) {
		const newest = eventWords(code - COMBINED, of)
		return { ...newest, message: `(combined from similar events): ${newest.message}` }
	}
	if (code === EventCode.Rejected) return rejectionWords(of.argument)
	const words = TABLE[code]
	if (words !== undefined) {
		const [type, reason, source, message] = words
		return { type, reason, source, message: message(of) }
	}
	const kubelet = eventText(code as KubeletEvent, imageOnly(of.argument), of.detail, NO_LIFE)
	return { ...kubelet, message: code === KubeletEvent.Pulled ? kubelet.message : of.argument, source: "kubelet" }
}

// All kubelet Events but Pulled keep their whole message; Pulled differs by its time, so it keeps the image.
function imageOnly(image: string): ContainerLife {
	return { name: "", image, pullPolicy: "", kind: "main" }
}
const NO_LIFE = { behavior: { failures: [] } } as unknown as Life

/** K19: `REASON: message`, as the row keeps it. */
function rejectionWords(text: string): EventWords {
	const end = text.indexOf(": ")
	return { type: "Warning", reason: text.slice(0, end), message: text.slice(end + 2), source: "kubelet" }
}
