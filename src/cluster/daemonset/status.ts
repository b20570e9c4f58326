import type { DaemonSet, DaemonSetStatus } from "../../kube/index.ts"
import { type Census, Flag, onSide, SidedFlag } from "./census.ts"

/** S1: the status numbers; `raise`: the pass processed this generation (rule S2). */
export function daemonSetStatus(census: Census, daemonSet: DaemonSet, raise: boolean): DaemonSetStatus {
	const desired = census.count(Flag.Desired)
	const available = census.count(Flag.Available)
	const { observedGeneration, collisionCount } = daemonSet.status ?? {}
	const status: DaemonSetStatus = {
		currentNumberScheduled: census.count(Flag.Current),
		numberMisscheduled: census.count(Flag.Misscheduled),
		desiredNumberScheduled: desired,
		numberReady: census.count(Flag.Ready),
		observedGeneration: raise ? (daemonSet.metadata.generation ?? 0) : (observedGeneration ?? 0),
		updatedNumberScheduled: census.count(onSide(SidedFlag.Judged, census.settings.newSide)),
		numberAvailable: available,
		numberUnavailable: desired - available,
	}
	return collisionCount === undefined ? status : { ...status, collisionCount }
}

/** A pass whose status is the stored one writes nothing. Member by member, for nearly every sync asks. */
export function statusDiffers(before: DaemonSetStatus | undefined, after: DaemonSetStatus): boolean {
	return !(
		same(before?.currentNumberScheduled, after.currentNumberScheduled) &&
		same(before?.numberMisscheduled, after.numberMisscheduled) &&
		same(before?.desiredNumberScheduled, after.desiredNumberScheduled) &&
		same(before?.numberReady, after.numberReady) &&
		same(before?.observedGeneration, after.observedGeneration) &&
		same(before?.updatedNumberScheduled, after.updatedNumberScheduled) &&
		same(before?.numberAvailable, after.numberAvailable) &&
		same(before?.numberUnavailable, after.numberUnavailable) &&
		same(before?.collisionCount, after.collisionCount)
	)
}

function same(a: number | undefined, b: number | undefined): boolean {
	return (a ?? 0) === (b ?? 0)
}

/** The key comes back when ready pods may have become available, as a last line of defence. */
export function statusRetryMs(daemonSet: DaemonSet, status: DaemonSetStatus): number | undefined {
	const seconds = daemonSet.spec.minReadySeconds ?? 0
	return seconds > 0 && status.numberReady !== status.numberAvailable ? seconds * 1000 : undefined
}
