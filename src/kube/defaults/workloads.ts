import type { JsonObject } from "../../base/index.ts"
import { podSpecDefaults, withMember, withMissing } from "./pod.ts"

/** A4: of workloads that are kept and not run. */
export const WORKLOAD_DEFAULTS: readonly (readonly [kind: string, defaults: (object: JsonObject) => JsonObject])[] = [
	["apps/Deployment", inSpec(deploymentSpec)],
	["apps/ReplicaSet", inSpec((spec) => templated(withMissing(spec, { replicas: 1 })))],
	["apps/StatefulSet", inSpec(statefulSetSpec)],
	["batch/Job", inSpec(jobSpec)],
	["batch/CronJob", inSpec(cronJobSpec)],
	["autoscaling/HorizontalPodAutoscaler", inSpec((spec) => withMissing(spec, { minReplicas: 1 }))],
]

function inSpec(change: (spec: JsonObject) => JsonObject): (object: JsonObject) => JsonObject {
	return (object) => withMember(object, "spec", change)
}

function templated(spec: JsonObject): JsonObject {
	return withMember(spec, "template", (template) => withMember(template, "spec", podSpecDefaults))
}

function deploymentSpec(spec: JsonObject): JsonObject {
	const kept = { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: {} }
	return withMember(templated(withMissing(spec, kept)), "strategy", (strategy) => {
		const typed = withMissing(strategy, { type: "RollingUpdate" })
		if (typed["type"] !== "RollingUpdate") return typed
		return withMember(withMissing(typed, { rollingUpdate: {} }), "rollingUpdate", (numbers) =>
			withMissing(numbers, { maxUnavailable: "25%", maxSurge: "25%" }),
		)
	})
}

function statefulSetSpec(spec: JsonObject): JsonObject {
	const filled = withMissing(spec, {
		replicas: 1,
		revisionHistoryLimit: 10,
		podManagementPolicy: "OrderedReady",
		updateStrategy: {},
		persistentVolumeClaimRetentionPolicy: {},
	})
	const retained = withMember(filled, "persistentVolumeClaimRetentionPolicy", (policy) =>
		withMissing(policy, { whenDeleted: "Retain", whenScaled: "Retain" }),
	)
	return withMember(templated(retained), "updateStrategy", (strategy) => {
		const typed = withMissing(strategy, { type: "RollingUpdate" })
		if (typed["type"] !== "RollingUpdate") return typed
		return withMember(withMissing(typed, { rollingUpdate: {} }), "rollingUpdate", (numbers) =>
			withMissing(numbers, { partition: 0 }),
		)
	})
}

function jobSpec(spec: JsonObject): JsonObject {
	const { completions, parallelism } = spec
	return templated(
		withMissing(spec, {
			...(completions === undefined && parallelism === undefined ? { completions: 1 } : {}),
			parallelism: 1,
			backoffLimit: 6,
			completionMode: "NonIndexed",
			suspend: false,
			podReplacementPolicy: "TerminatingOrFailed",
		}),
	)
}

function cronJobSpec(spec: JsonObject): JsonObject {
	const kept = { concurrencyPolicy: "Allow", suspend: false, successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 }
	return withMember(withMissing(spec, kept), "jobTemplate", (job) => withMember(job, "spec", templated))
}
