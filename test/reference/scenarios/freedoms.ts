/**
 * Where a comparison leaves room, and why. Every freedom is a rule about Kubernetes or about the recording; none names
 * a scenario. What is not listed here has to be equal.
 */
import type { Row } from "./recording.ts"

export const FREEDOMS = {
	"node-order":
		"R5, README: which node is first is the order of a Go map. The recording's nodes are renamed to ours by that order, once.",
	"names-and-uids": "Generated names and uids are drawn: pods are told apart by node, owner, image and hash.",
	hashes:
		"The hash of a revision is made of a dump of Go's structs; ours of the template. They are told apart by their order.",
	"server-assigned": "uid, resourceVersion, managedFields and times are the server's own.",
	"client-skew":
		"kubectl 1.32 writes a template's `creationTimestamp: null`, so it never finds it equal to a revision of 1.34 and never skips an undo.",
	"token-volume": "The volume of the service account's token is admission's, and not simulated.",
	"fake-kubelet-status":
		"A pod's status is the fake kubelet's, with addresses and ids that it made up; phase, readiness and waiting are compared.",
	latency:
		"The recorder, kubectl's own start and the work queues took milliseconds: a step may be 0.4 s and 6 % of the time off.",
	"status-between":
		"S2: which of a pass's own writes a status has seen is a race; statuses count where the recording was at rest.",
	"whole-seconds":
		"T1: with minReadySeconds a pod ripens by the whole second it turned ready in, which milliseconds decide: between, available is not compared.",
	"monitor-phase":
		"The node controller looks every 5 s, the kubelet renews its lease every 10 s, at phases of their own (N7: 48 to 50 s).",
	"collector-phase": "N6: pod garbage collection looks every 20 s, at a phase of its own.",
	"monitor-events":
		"RegisteredNode and RemovingNode come with the node controller's look: of nodes that left or came before, or after the end.",
	"fake-kubelet-nodes":
		"The fake kubelet writes no Events of Nodes (NodeReady, NodeSchedulable), and runs pods before it reports Ready.",
	"fake-kubelet-pulls":
		"README: good images have no Pulling Event, and are always present; of a failed pull `Error: ImagePullBackOff` is not written.",
	"fake-kubelet-killing": "README: Killing may be written twice, and is not for pods that stop before they run.",
	"fake-kubelet-stop":
		"The fake kubelet needs stopMs for pods that never ran too; a kubelet has nothing to stop there and lets go at once.",
	"fake-kubelet-broken":
		"README: pods with the images crash, failed or succeeded go there without Running, and without the kubelet's Events.",
	cycles: "A pod that ends and is made again for ever is somewhere in its cycle at the end; counts may be 15 % off.",
	retries:
		"How often the scheduler tries a pod that fits nowhere depends on what else happens: its Events count once, and that a victim is still terminating may be said or not.",
	"deleted-at-once":
		"What goes without grace, or with its node, is marked (deletionTimestamp, Failed, DisruptionTarget) milliseconds before it is gone.",
	"ended-pods":
		"C3: a pod that ended and is deleted counts no more, so its replacement may come just before it is gone, or after.",
	"event-burst":
		"N12: once the 25 Events of an object are spent, which reasons were among them is a race; their sum is not.",
} as const

/** Freedom `latency`, in seconds. */
export function slackSeconds(seconds: number): number {
	return 0.4 + seconds * 0.06
}
export const MONITOR_SECONDS = 5
export const LEASE_SECONDS = 10
export const COLLECTOR_SECONDS = 20
/** Freedom `status-between`: nothing was written for this long. */
export const REST_SECONDS = 0.3
/** Freedom `cycles`: a share of the count, and at least one turn: created, bound, ended, gone. */
export const CYCLE_SHARE = 0.15
export const CYCLE_STEPS = 4

/** Freedom `fake-kubelet-broken`. */
export function isBroken(image: string | undefined): boolean {
	return /^(?:crash|failed|succeeded)\b/.test(image ?? "")
}

/** Freedom `cycles`: this image ends its pod for ever. */
export function isCycling(image: string | undefined): boolean {
	return /^(?:failed|succeeded)\b/.test(image ?? "")
}

/** Freedom `retries`. */
export function isWaiting(message: string | undefined): boolean {
	return /not eligible due to a terminating pod on the nominated node\.$/.test(message ?? "")
}

/** Freedom `deleted-at-once`, in seconds. */
export const AT_ONCE_SECONDS = 0.1
/** Freedom `event-burst`. */
export const BURST = 25
export const BURST_RACE = 2

/** Events that chance, or the fake kubelet, writes or leaves out. */
export function isFreeEvent({ source, reason, object = "", message = "" }: Row): boolean {
	if (reason === "FailedScheduling" && isWaiting(message)) return true
	if (reason === "RegisteredNode" || reason === "RemovingNode") return true
	if (source === "kubelet" && object.startsWith("Node/")) return true
	return source === "kubelet" && message === "Error: ImagePullBackOff"
}

/** Events whose number is chance; that they happen is not. */
export function isFreeCount({ reason, source, message = "" }: Row): boolean {
	if (reason === "Killing" || reason === "FailedScheduling") return true
	return source === "kubelet" && (reason === "BackOff" || /pull/.test(message))
}
