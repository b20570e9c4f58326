import { isObject, type JsonObject, parseInstant } from "../base/index.ts"
import type { Pod } from "./types.ts"

/** What kubectl's columns say of a pod. `restartedAt` is the newest end of an earlier container, where it is known. */
export type PodSummary = {
	readonly ready: number
	readonly containers: number
	readonly status: string
	readonly restarts: number
	readonly restartedAt?: number
}

type Reading = { ready: number; restarts: number; restartedAt: number; reason: string }

/** kubectl's own reading of a pod's status, init containers and sidecars included. */
export function summarizePod(pod: Pod): PodSummary {
	const status = pod.status ?? {}
	const reading: Reading = { ready: 0, restarts: 0, restartedAt: 0, reason: text(status.reason) || text(status.phase) }
	const sidecars = new Set(
		(pod.spec.initContainers ?? []).filter((container) => container.restartPolicy === "Always").map(({ name }) => name),
	)
	const initializing = readInitContainers(pod, sidecars, reading)
	if (!initializing || hasCondition(pod, "Initialized")) readContainers(pod, reading)
	if (pod.metadata.deletionTimestamp && status.reason === "NodeLost") reading.reason = "Unknown"
	else if (pod.metadata.deletionTimestamp && status.phase !== "Failed" && status.phase !== "Succeeded") {
		reading.reason = "Terminating"
	}
	return {
		ready: reading.ready,
		containers: pod.spec.containers.length + sidecars.size,
		status: reading.reason,
		restarts: reading.restarts,
		...(reading.restartedAt > 0 ? { restartedAt: reading.restartedAt } : {}),
	}
}

function readInitContainers(pod: Pod, sidecars: ReadonlySet<string>, reading: Reading): boolean {
	const statuses = containerStatuses(pod, "initContainerStatuses")
	for (const [index, container] of statuses.entries()) {
		countRestarts(container, reading)
		const { terminated, waiting } = states(container)
		if (terminated && terminated["exitCode"] === 0) continue
		if (sidecars.has(text(container["name"])) && container["started"] === true) {
			if (container["ready"] === true) reading.ready++
			continue
		}
		if (terminated) reading.reason = `Init:${endOf(terminated)}`
		else if (waiting && text(waiting["reason"]) && waiting["reason"] !== "PodInitializing") {
			reading.reason = `Init:${text(waiting["reason"])}`
		} else reading.reason = `Init:${index}/${pod.spec.initContainers?.length ?? statuses.length}`
		return true
	}
	return false
}

function readContainers(pod: Pod, reading: Reading): void {
	let running = false
	for (const container of containerStatuses(pod, "containerStatuses").toReversed()) {
		countRestarts(container, reading)
		const { terminated, waiting, running: runs } = states(container)
		if (waiting && text(waiting["reason"])) reading.reason = text(waiting["reason"])
		else if (terminated) reading.reason = endOf(terminated)
		else if (container["ready"] === true && runs) {
			running = true
			reading.ready++
		}
	}
	if (reading.reason === "Completed" && running) reading.reason = hasCondition(pod, "Ready") ? "Running" : "NotReady"
}

function endOf(terminated: JsonObject): string {
	if (text(terminated["reason"])) return text(terminated["reason"])
	const signal = terminated["signal"]
	return typeof signal === "number" && signal !== 0 ? `Signal:${signal}` : `ExitCode:${terminated["exitCode"] ?? 0}`
}

function countRestarts(container: JsonObject, reading: Reading): void {
	reading.restarts += typeof container["restartCount"] === "number" ? container["restartCount"] : 0
	const last = container["lastState"]
	const ended = isObject(last) && isObject(last["terminated"]) ? text(last["terminated"]["finishedAt"]) : ""
	reading.restartedAt = Math.max(reading.restartedAt, parseInstant(ended) ?? 0)
}

function states(container: JsonObject): { readonly [state in "running" | "waiting" | "terminated"]?: JsonObject } {
	return isObject(container["state"]) ? container["state"] : {}
}

function containerStatuses(pod: Pod, member: "initContainerStatuses" | "containerStatuses"): readonly JsonObject[] {
	const statuses = pod.status?.[member]
	return Array.isArray(statuses) ? statuses.filter(isObject) : []
}

function hasCondition(pod: Pod, type: string): boolean {
	return (pod.status?.conditions ?? []).some((condition) => condition.type === type && condition.status === "True")
}

function text(value: unknown): string {
	return typeof value === "string" ? value : ""
}
