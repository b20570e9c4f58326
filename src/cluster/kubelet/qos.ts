import { type Container, milliCpu, type PodSpec, wholeNumber } from "../../kube/index.ts"

export type QosClass = "Guaranteed" | "Burstable" | "BestEffort"

/** L19: Guaranteed where every container's CPU and memory requests are its limits, BestEffort where there are none. */
export function qosOf(spec: PodSpec): QosClass {
	const containers = [...(spec.initContainers ?? []), ...spec.containers]
	if (!containers.some(asksForAnything)) return "BestEffort"
	return containers.every(isGuaranteed) ? "Guaranteed" : "Burstable"
}

function asksForAnything({ resources }: Container): boolean {
	return [resources?.requests, resources?.limits].some(
		(list) => milliCpu(list?.["cpu"]) > 0 || wholeNumber(list?.["memory"]) > 0,
	)
}

function isGuaranteed({ resources }: Container): boolean {
	const { requests, limits } = resources ?? {}
	const cpu = milliCpu(limits?.["cpu"])
	const memory = wholeNumber(limits?.["memory"])
	return (
		cpu > 0 &&
		memory > 0 &&
		milliCpu(requests?.["cpu"] ?? limits?.["cpu"]) === cpu &&
		wholeNumber(requests?.["memory"] ?? limits?.["memory"]) === memory
	)
}
