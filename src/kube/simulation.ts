import type { KubeObject, StringMap } from "./object.ts"
import type { LabelSelector, ResourceList, Taint } from "./types.ts"

/** `simulation.rollcall.dev/v1alpha1 NodePool` (cluster-scoped): `replicas` nodes from one template, named POOL-INDEX from 0. */
export type NodePool = KubeObject & {
	readonly spec: {
		readonly replicas: number
		/** Zones that the nodes are dealt to in turn, as the label `topology.kubernetes.io/zone`. */
		readonly zones?: readonly string[]
		readonly template?: {
			readonly metadata?: { readonly labels?: StringMap; readonly annotations?: StringMap }
			readonly spec?: { readonly taints?: readonly Taint[]; readonly unschedulable?: boolean }
			readonly status?: { readonly capacity?: ResourceList; readonly allocatable?: ResourceList }
		}
		/** What other workloads take of each node. */
		readonly used?: ResourceList
	}
}

/** A Go duration (`3s`), or quantiles of one. Between quantiles the line is straight. */
export type DurationSpread = string | { readonly p50: string; readonly p90?: string; readonly p99?: string }

/**
 * `simulation.rollcall.dev/v1alpha1 PodBehavior` (cluster-scoped): how pods behave that match. Of several that match,
 * the highest `priority` wins, then the first by name; members it leaves out come from the next one, then the defaults.
 */
export type PodBehavior = KubeObject & {
	readonly spec: {
		readonly priority?: number
		/** All that are given must match; none matches every pod. */
		readonly match?: {
			/** A glob (`*` and `?`) over the images of the pod's containers. */
			readonly image?: string
			readonly labels?: LabelSelector
			readonly nodes?: LabelSelector
		}
		readonly pull?: DurationSpread
		readonly start?: DurationSpread
		readonly ready?: DurationSpread
		readonly stop?: DurationSpread
		/** The first whose share the pod's die falls into counts; shares add up. */
		readonly failures?: readonly PodFailure[]
	}
}

export type PodFailure = {
	/** `Failed` and `Succeeded` end the whole pod, whatever its restartPolicy, as an eviction by the kubelet does. */
	readonly kind: "ImagePull" | "CrashLoop" | "NeverReady" | "OutOfMemory" | "NodeDown" | "Failed" | "Succeeded"
	/** Of the pods that match: `3%`, or a number from 0 to 1. Default all. */
	readonly share?: string | number
	/** How long after its start the container fails. */
	readonly after?: string
	readonly exitCode?: number
	readonly message?: string
	/** It fails this often and then works; absent: for ever. */
	readonly times?: number
}

/** `simulation.rollcall.dev/v1alpha1 Scenario` (cluster-scoped): timed faults; time counts from when it was created. */
export type Scenario = KubeObject & {
	readonly spec: { readonly steps: readonly ScenarioStep[] }
}

export type ScenarioStep = {
	readonly at: string
	readonly fault:
		| "Down"
		| "Up"
		| "Cordon"
		| "Uncordon"
		| "MemoryPressure"
		| "DiskPressure"
		| "PidPressure"
		| "SlowPulls"
	/** By name, or by labels and then the first `count` by name. */
	readonly nodes: { readonly names?: readonly string[]; readonly selector?: LabelSelector; readonly count?: number }
	/** It ends by itself after this long. */
	readonly for?: string
	/** SlowPulls only: how many times slower. */
	readonly factor?: number
}
