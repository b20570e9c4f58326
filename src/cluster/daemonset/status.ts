import type { DaemonSet, DaemonSetStatus } from "../../kube/index.ts"
import { type Census, Flag, onSide, SidedFlag } from "./census.ts"

/** S1: the status numbers; `raise`: the pass processed this generation (rule S2). */
export function daemonSetStatus(census: Census, daemonSet: DaemonSet, raise: boolean): DaemonSetStatus {
	const desired = census.count(Flag.Desired)
	const available = census.count(Flag.Available)
	const { observedGeneration, collisionCount } = daemonSet.status ?? {}
	return {
		currentNumberScheduled: census.count(Flag.Current),
		numberMisscheduled: census.count(Flag.Misscheduled),
		desiredNumberScheduled: desired,
		numberReady: census.count(Flag.Ready),
		observedGeneration: raise ? (daemonSet.metadata.generation ?? 0) : (observedGeneration ?? 0),
		updatedNumberScheduled: census.count(onSide(SidedFlag.Judged, census.settings.newSide)),
		numberAvailable: available,
		numberUnavailable: desired - available,
		...(collisionCount === undefined ? {} : { collisionCount }),
	}
}

/** A pass whose status is the stored one writes nothing. */
export function statusDiffers(before: DaemonSetStatus | undefined, after: DaemonSetStatus): boolean {
	return COMPARED.some((member) => (before?.[member] ?? 0) !== (after[member] ?? 0))
}

const COMPARED = [
	"currentNumberScheduled",
	"numberMisscheduled",
	"desiredNumberScheduled",
	"numberReady",
	"observedGeneration",
	"updatedNumberScheduled",
	"numberAvailable",
	"numberUnavailable",
	"collisionCount",
] as const satisfies readonly (keyof DaemonSetStatus)[]

/** The key comes back when ready pods may have become available, as a last line of defence. */
export function statusRetryMs(daemonSet: DaemonSet, status: DaemonSetStatus): number | undefined {
	const seconds = daemonSet.spec.minReadySeconds ?? 0
	return seconds > 0 && status.numberReady !== status.numberAvailable ? seconds * 1000 : undefined
}
