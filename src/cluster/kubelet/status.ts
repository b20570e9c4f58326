import { formatInstant, type Instant, type Json, type JsonObject } from "../../base/index.ts"
import type { Condition, PodStatus } from "../../kube/index.ts"
import { containerStatuses } from "./container-status.ts"
import type { Life } from "./life.ts"
import { type Circumstances, type Moment, Stage } from "./moment.ts"

/** A bound pod as its row holds it. Instants; what has not happened yet is undefined. */
export type PodRow = {
	readonly uid: string
	readonly name: string
	readonly namespace: string
	readonly moment: Moment
	readonly given: Circumstances
	readonly now: Instant
	readonly scheduledAt: Instant
	/** When the present stage began. */
	readonly since: Instant
	/** When the containers last started. */
	readonly startedAt: Instant | undefined
	/** When the containers last ended. */
	readonly finishedAt: Instant | undefined
	/** When Ready last changed. */
	readonly readyChangedAt: Instant
	/** N7: its node was lost, so the node controller took its readiness. */
	readonly nodeLost: boolean
	readonly hostIP: string
	readonly podIP: string
	/** `metadata.generation`; 1 where it is left out. */
	readonly generation?: number
	/** Conditions that others wrote: DisruptionTarget. */
	readonly conditions?: readonly Condition[]
}

/** L17: the status as the kubelet reports it. */
export function podStatus(life: Life, row: PodRow): PodStatus {
	const main = containerStatuses(life, row, false)
	const init = containerStatuses(life, row, true)
	const observedGeneration = row.generation ?? 1
	const own = conditionsOf(life, row, main, init)
	for (const one of own) one["observedGeneration"] = observedGeneration
	return {
		observedGeneration,
		phase: phaseOf(row.moment),
		conditions: [...own, ...(row.conditions ?? [])],
		hostIP: row.hostIP,
		hostIPs: [{ ip: row.hostIP }],
		...(row.podIP === "" ? {} : { podIP: row.podIP, podIPs: [{ ip: row.podIP }] }),
		startTime: formatInstant(row.scheduledAt),
		...(init.length === 0 ? {} : { initContainerStatuses: init }),
		containerStatuses: main,
		qosClass: life.qos,
	}
}

/** The status of a pod that has no node yet. `message` says why, where the scheduler has tried. */
export function unscheduledStatus(
	life: Pick<Life, "qos">,
	message: string | undefined,
	at: Instant,
	nominatedNode?: string,
): PodStatus {
	if (message === undefined) return { phase: "Pending", qosClass: life.qos }
	return {
		phase: "Pending",
		conditions: [condition("PodScheduled", false, at, "Unschedulable", message)],
		...(nominatedNode === undefined ? {} : { nominatedNodeName: nominatedNode }),
		qosClass: life.qos,
	}
}

/** L12: a pod whose containers have run stays Running while one of them starts again. */
export function phaseOf({ stage, restarts }: Pick<Moment, "stage" | "restarts">): string {
	switch (stage) {
		case Stage.Running:
		case Stage.Ready:
		case Stage.CrashBackOff:
		case Stage.BreakingNode:
			return "Running"
		case Stage.Failed:
			return "Failed"
		case Stage.Succeeded:
			return "Succeeded"
		default:
			return restarts > 0 ? "Running" : "Pending"
	}
}

/** The conditions in the order in which the kubelet writes them. */
function conditionsOf(
	life: Life,
	row: PodRow,
	main: readonly JsonObject[],
	init: readonly JsonObject[],
): readonly NewCondition[] {
	const { stage, group } = row.moment
	const ended = stage === Stage.Failed || stage === Stage.Succeeded
	const initialized = group === life.groups.length - 1
	const unready = main.filter((status) => status["ready"] !== true).map((status) => status["name"])
	const incomplete = init.filter((status) => status["ready"] !== true).map((status) => status["name"])
	const ready = stage === Stage.Ready && !row.nodeLost
	const why = ended
		? (["PodCompleted", ""] as const)
		: (["ContainersNotReady", `containers with unready status: [${unready.join(" ")}]`] as const)
	const failed = stage === Stage.Failed ? (["PodFailed", ""] as const) : why
	const lost = row.nodeLost && stage === Stage.Ready
	return [
		condition("PodReadyToStartContainers", !ended, row.scheduledAt),
		initialized
			? condition("Initialized", true, group === 0 ? row.scheduledAt : (row.startedAt ?? row.since))
			: condition(
					"Initialized",
					false,
					row.scheduledAt,
					"ContainersNotInitialized",
					`containers with incomplete status: [${incomplete.join(" ")}]`,
				),
		ready || lost
			? condition("Ready", ready, row.readyChangedAt)
			: condition("Ready", false, row.readyChangedAt, ...failed),
		stage === Stage.Ready
			? condition("ContainersReady", true, row.readyChangedAt)
			: condition("ContainersReady", false, row.readyChangedAt, ...failed),
		condition("PodScheduled", true, row.scheduledAt),
	]
}

/** One that nobody has yet: a copy of each would cost far more than the member that it gets. */
type NewCondition = Condition & { [member: string]: Json }

function condition(type: string, status: boolean, at: Instant, reason?: string, message?: string): NewCondition {
	return {
		type,
		status: status ? "True" : "False",
		lastProbeTime: null as Json,
		lastTransitionTime: formatInstant(at),
		...(reason === undefined ? {} : { reason }),
		...(message === undefined || message === "" ? {} : { message }),
	} as NewCondition
}
