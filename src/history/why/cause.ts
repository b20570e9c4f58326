import { formatDuration, formatInstant, type Instant } from "../../base/index.ts"
import type { NodeTrouble, NoRoom, PodTrouble } from "../../cluster/index.ts"
import { formatQuantity } from "../../kube/index.ts"

/** Why a node has no available pod. Words that the ledger's rows have as well mean the same there. */
export type CauseWord =
	| "node-gone"
	| "node-dead"
	| "node-killed"
	| "evicted"
	| "preempted"
	| "draining"
	| "terminating"
	| "no-pod"
	| "no-room"
	| "image-pull"
	| "out-of-memory"
	| "crash-loop"
	| "failed"
	| "starting"
	| "not-ready"

/** What is known beside the node and its pod as they stand. */
export type Beside = {
	readonly now: Instant
	/** The word of the pod's own story: who deleted it is not in its state. */
	readonly told: string
	/** The node died of this version (rule V3). */
	readonly killed: boolean
}

/** One node's cause. `blames`: it is the fault of the version that is rolled out. */
export type NodeCause = {
	readonly node: string
	readonly cause: CauseWord
	readonly blames: boolean
	/** True where it passes without anybody doing anything. */
	readonly passes: boolean
	readonly usesBudget: boolean
	readonly version?: "new" | "old"
	readonly pod?: string
	readonly since: Instant
	/** The cause in words: `NotReady for 4m12s`. */
	readonly detail: string
	/** What it takes to go on: `it goes on when a-1 returns or is deleted`. */
	readonly next: string
}

type Says = (trouble: NodeTrouble & { readonly pod: PodTrouble }, beside: Beside) => string

type Rule = {
	/** Of SPEC.md. */
	readonly id: string
	readonly cause: CauseWord
	readonly holds: (trouble: NodeTrouble, beside: Beside) => boolean
	readonly detail: Says
	readonly next: Says
	readonly passes?: true
	/** The version's fault, where the pod is of the new one. */
	readonly version?: true
}

/** SPEC.md, W1 to W14: the first that holds is the cause. */
export const CAUSE_RULES: readonly Rule[] = [
	{
		id: "W1",
		cause: "node-gone",
		holds: ({ state }) => state === "gone",
		detail: () => "the node is gone",
		next: () => "its pod is collected 60 to 80 seconds after the node went",
		passes: true,
	},
	{
		id: "W2",
		cause: "node-killed",
		holds: (trouble, { killed }) => isDead(trouble) && killed,
		detail: (trouble, beside) => `${dead(trouble, beside)}, soon after its new pod started`,
		next: ({ node }) => `take the version back, then see to ${node}`,
		version: true,
	},
	{
		id: "W2",
		cause: "node-dead",
		holds: isDead,
		detail: dead,
		next: ({ node }) => `DaemonSet pods are not evicted from dead nodes: it goes on when ${node} returns or is deleted`,
	},
	{
		id: "W3",
		cause: "evicted",
		holds: ({ pod }, { told }) => told === "evicted" && isLeaving(pod),
		detail: ({ taint }) => (taint === undefined ? "evicted" : `evicted by the taint ${taint}`),
		next: ({ node }) => `it goes on when the taint of ${node} is removed, or is tolerated`,
	},
	{
		id: "W3",
		cause: "preempted",
		holds: ({ pod }, { told }) => told === "preempted" && isLeaving(pod),
		detail: () => "preempted by a pod of higher priority",
		next: ({ node }) => `it goes on when there is room on ${node} again`,
	},
	{
		id: "W4",
		cause: "draining",
		holds: ({ pod, taint }) => isLeaving(pod) && taint !== undefined,
		detail: ({ taint }) => `leaves the taint ${taint}`,
		next: ({ node }) => `no other comes to ${node} while the taint is there`,
		passes: true,
	},
	{
		id: "W5",
		cause: "no-pod",
		holds: ({ pod }) => pod === undefined,
		detail: () => "no pod yet",
		next: () => "its pod is made next",
		passes: true,
	},
	{
		id: "W6",
		cause: "terminating",
		holds: ({ pod }) => isLeaving(pod),
		detail: ({ pod }, { now }) => `terminating for ${formatDuration(now - (pod.terminating?.since ?? now))}`,
		next: ({ pod }) => `gone by ${clock(pod.terminating?.until ?? 0)} at the latest, unless a finalizer keeps it`,
		passes: true,
	},
	{
		id: "W7",
		cause: "no-room",
		holds: ({ pod }) => pod?.noRoom !== undefined,
		detail: ({ pod }) => (pod.noRoom === undefined ? "" : sayShort(pod.noRoom)),
		next: ({ pod, node }) => `${PREEMPTION[pod.noRoom?.preemption ?? "impossible"]}; it goes on when ${node} has room`,
	},
	{
		id: "W8",
		cause: "image-pull",
		holds: ({ pod }) => pod?.stage === "pull-back-off",
		detail: ({ pod }, { now }) =>
			`${container(pod)}: ${pod.container?.reason ?? "ImagePullBackOff"} of ${pod.container?.image ?? "its image"} for ${formatDuration(now - pod.since)}`,
		next: () => "it goes on when the image can be pulled",
		version: true,
	},
	{
		id: "W9",
		cause: "out-of-memory",
		holds: ({ pod }) => pod?.container?.ended === "OOMKilled",
		detail: ({ pod }) => sayCrash(pod),
		next: () => "it goes on when the container stays within its memory limit",
		version: true,
	},
	{
		id: "W10",
		cause: "crash-loop",
		holds: ({ pod }) =>
			pod?.stage === "crash-back-off" || (pod?.stage !== "ready" && (pod?.container?.restarts ?? 0) > 0),
		detail: ({ pod }) => sayCrash(pod),
		next: () => "it goes on when the container stays up",
		version: true,
	},
	{
		id: "W11",
		cause: "failed",
		holds: ({ pod }) => pod?.stage === "failed" || pod?.stage === "succeeded",
		detail: ({ pod }) => (pod.container === undefined ? `pod ${pod.stage}` : sayCrash(pod)),
		next: () => "its pod is made anew, after a back-off of up to 15 minutes",
		version: true,
	},
	{
		id: "W12",
		cause: "starting",
		holds: ({ pod }, { now }) => pod?.expectedAt === undefined || now <= pod.expectedAt || pod.stage === "pending",
		detail: ({ pod }) =>
			pod.expectedAt === undefined
				? "waits for its node"
				: `${pod.stage === "ready" ? "ready, counts as available at" : `${pod.stage}, expected by`} ${clock(pod.expectedAt)}`,
		next: () => "it goes on by itself",
		passes: true,
	},
	{
		id: "W13",
		cause: "not-ready",
		holds: () => true,
		detail: ({ pod }, { now }) =>
			`${pod.stage} for ${formatDuration(now - pod.since)}, expected by ${clock(pod.expectedAt ?? 0)}`,
		next: () => "it goes on when the pod turns ready",
		version: true,
	},
]

/** W1 to W13: why a node has no available pod. */
export function causeOf(trouble: NodeTrouble, beside: Beside): NodeCause {
	const rule = CAUSE_RULES.find(({ holds }) => holds(trouble, beside)) as Rule
	const { node, pod, usesBudget } = trouble
	const known = { ...trouble, pod: pod ?? NO_POD }
	return {
		node,
		cause: rule.cause,
		blames: rule.version === true && (pod?.isNew === true || rule.cause === "node-killed"),
		passes: rule.passes === true,
		usesBudget,
		...(pod === undefined ? {} : { version: pod.isNew ? "new" : "old", pod: pod.name }),
		since: rule.id === "W2" ? trouble.since : (pod?.terminating?.since ?? pod?.since ?? beside.now),
		detail: rule.detail(known, beside),
		next: rule.next(known, beside),
	}
}

const NO_POD: PodTrouble = { name: "", isNew: true, stage: "pending", since: 0 }

function isDead({ state }: NodeTrouble): boolean {
	return state === "not-ready" || state === "unknown"
}

/** The status column of `kubectl get nodes` says NotReady of both. */
function dead({ since }: NodeTrouble, { now }: Beside): string {
	return `NotReady for ${formatDuration(now - since)}`
}

function isLeaving(pod: PodTrouble | undefined): boolean {
	return pod?.terminating !== undefined
}

function sayCrash(pod: PodTrouble): string {
	const { container: of } = pod
	const ended = of?.ended === undefined || of.ended === of.reason || of.ended === "Error" ? "" : `, ${of.ended}`
	const exit = of?.exitCode === undefined ? "" : `, exit code ${of.exitCode}`
	const restarts =
		of === undefined || of.restarts === 0 ? "" : `, ${of.restarts} restart${of.restarts === 1 ? "" : "s"}`
	return `${container(pod)}: ${of?.reason ?? "crashed"}${ended}${exit}${restarts}`
}

function container({ container: of }: PodTrouble): string {
	return `container ${of?.name ?? "unknown"}`
}

const PREEMPTION: Readonly<Record<NoRoom["preemption"], string>> = {
	"under-way": "pods of lower priority are making room",
	never: "its preemptionPolicy is Never",
	impossible: "preemption cannot help: the node never has so much",
	"nobody-lower": "preemption cannot help: nobody there has a lower priority",
	"not-enough": "preemption cannot help: those of lower priority hold too little",
}

function sayShort({ short, message }: NoRoom): string {
	if (short.length === 0) return message
	return short
		.map(({ resource, wanted, free, holders }) => {
			const held = holders.map(({ pod, amount }) => `${pod} (${quantity(resource, amount)})`).join(", ")
			const most = held === "" ? "" : `; most of it is held by ${held}`
			return `${quantity(resource, wanted - free)} of ${resource} is missing${most}`
		})
		.join("; ")
}

/** As manifests write it: `300m` of a core, `512Mi`. */
function quantity(resource: string, amount: number): string {
	if (resource === "cpu") return formatQuantity({ nano: BigInt(amount) * 1_000_000n, format: "DecimalSI" })
	const format = resource === "memory" || resource === "ephemeral-storage" ? "BinarySI" : "DecimalSI"
	return formatQuantity({ nano: BigInt(amount) * 1_000_000_000n, format })
}

/** `09:14:07Z`, cluster time. */
function clock(at: Instant): string {
	return formatInstant(at).slice(11)
}
