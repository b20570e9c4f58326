import type { DaemonSet } from "../../kube/index.ts"

/** `kubectl rollout status`, to the letter. */
export type RolloutStatus =
	| {
			readonly state: "complete" | "updating" | "waiting-for-available" | "waiting-for-observation"
			readonly done: boolean
			readonly message: string
	  }
	| { readonly state: "error"; readonly message: string }

export function rolloutStatus({ metadata, spec, status }: DaemonSet): RolloutStatus {
	if (spec.updateStrategy?.type !== "RollingUpdate") {
		return { state: "error", message: "rollout status is only available for RollingUpdate strategy type" }
	}
	if ((metadata.generation ?? 0) > (status?.observedGeneration ?? 0)) {
		const message = "Waiting for daemon set spec update to be observed..."
		return { state: "waiting-for-observation", done: false, message }
	}
	const waiting = `Waiting for daemon set "${metadata.name}" rollout to finish:`
	const desired = status?.desiredNumberScheduled ?? 0
	const updated = status?.updatedNumberScheduled ?? 0
	if (updated < desired) {
		const message = `${waiting} ${updated} out of ${desired} new pods have been updated...`
		return { state: "updating", done: false, message }
	}
	const available = status?.numberAvailable ?? 0
	if (available < desired) {
		const message = `${waiting} ${available} of ${desired} updated pods are available...`
		return { state: "waiting-for-available", done: false, message }
	}
	return { state: "complete", done: true, message: `daemon set "${metadata.name}" successfully rolled out` }
}
