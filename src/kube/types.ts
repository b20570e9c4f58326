import type { Json, JsonObject } from "../base/index.ts"
import type { KubeObject, StringMap } from "./object.ts"

/** The kinds that Rollcall acts on, as far as it reads them. Members it does not name are still there, as JSON. */
export type DaemonSet = KubeObject & { readonly spec: DaemonSetSpec; readonly status?: DaemonSetStatus }

export type DaemonSetSpec = {
	readonly selector: LabelSelector
	readonly template: PodTemplate
	readonly updateStrategy?: UpdateStrategy
	readonly minReadySeconds?: number
	readonly revisionHistoryLimit?: number
}

export type UpdateStrategy = {
	readonly type?: string
	readonly rollingUpdate?: { readonly maxUnavailable?: IntOrString; readonly maxSurge?: IntOrString }
}

export type DaemonSetStatus = {
	readonly currentNumberScheduled: number
	readonly numberMisscheduled: number
	readonly desiredNumberScheduled: number
	readonly numberReady: number
	readonly observedGeneration?: number
	readonly updatedNumberScheduled?: number
	readonly numberAvailable?: number
	readonly numberUnavailable?: number
	readonly collisionCount?: number
}

export type PodTemplate = { readonly metadata?: TemplateMeta; readonly spec: PodSpec }
export type TemplateMeta = {
	readonly labels?: StringMap
	readonly annotations?: StringMap
	readonly finalizers?: readonly string[]
}

export type PodSpec = {
	readonly containers: readonly Container[]
	readonly initContainers?: readonly Container[]
	readonly nodeName?: string
	readonly nodeSelector?: StringMap
	readonly affinity?: Affinity
	readonly tolerations?: readonly Toleration[]
	readonly hostNetwork?: boolean
	readonly priorityClassName?: string
	readonly priority?: number
	readonly preemptionPolicy?: string
	readonly terminationGracePeriodSeconds?: number
	readonly restartPolicy?: string
	readonly overhead?: StringMap
	readonly schedulerName?: string
	readonly [member: string]: Json
}

export type Container = {
	readonly name: string
	readonly image?: string
	readonly imagePullPolicy?: string
	readonly resources?: { readonly requests?: ResourceList; readonly limits?: ResourceList }
	readonly ports?: readonly ContainerPort[]
	readonly restartPolicy?: string
	readonly startupProbe?: Probe
	readonly livenessProbe?: Probe
	readonly readinessProbe?: Probe
	readonly [member: string]: Json
}

export type ContainerPort = {
	readonly containerPort: number
	readonly hostPort?: number
	readonly hostIP?: string
	readonly protocol?: string
	readonly name?: string
}

export type Probe = {
	readonly initialDelaySeconds?: number
	readonly periodSeconds?: number
	readonly timeoutSeconds?: number
	readonly successThreshold?: number
	readonly failureThreshold?: number
	readonly [member: string]: Json
}

/** Quantities as written: `100m`, `1Gi`, or a bare number. */
export type ResourceList = { readonly [resource: string]: string | number }

export type IntOrString = number | string

export type LabelSelector = {
	readonly matchLabels?: StringMap
	readonly matchExpressions?: readonly SelectorRequirement[]
}
export type SelectorRequirement = {
	readonly key: string
	readonly operator: string
	readonly values?: readonly string[]
}

export type Affinity = {
	readonly nodeAffinity?: NodeAffinity
	readonly [member: string]: Json
}
export type NodeAffinity = {
	readonly requiredDuringSchedulingIgnoredDuringExecution?: {
		readonly nodeSelectorTerms?: readonly NodeSelectorTerm[]
	}
	readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly JsonObject[]
}
export type NodeSelectorTerm = {
	readonly matchExpressions?: readonly SelectorRequirement[]
	readonly matchFields?: readonly SelectorRequirement[]
}

export type Taint = {
	readonly key: string
	readonly value?: string
	readonly effect: string
	readonly timeAdded?: string
}
export type Toleration = {
	readonly key?: string
	readonly operator?: string
	readonly value?: string
	readonly effect?: string
	readonly tolerationSeconds?: number
}

export type Node = KubeObject & {
	readonly spec?: {
		readonly taints?: readonly Taint[]
		readonly unschedulable?: boolean
		readonly [member: string]: Json
	}
	readonly status?: {
		readonly capacity?: ResourceList
		readonly allocatable?: ResourceList
		readonly conditions?: readonly Condition[]
		readonly [member: string]: Json
	}
}

export type Condition = {
	readonly type: string
	readonly status: string
	readonly reason?: string
	readonly message?: string
	readonly lastTransitionTime?: string
	readonly lastHeartbeatTime?: string
}

export type Pod = KubeObject & { readonly spec: PodSpec; readonly status?: PodStatus }

export type PodStatus = {
	readonly phase?: string
	readonly conditions?: readonly Condition[]
	readonly startTime?: string
	readonly reason?: string
	readonly message?: string
	readonly [member: string]: Json
}

export type ControllerRevision = KubeObject & { readonly revision: number; readonly data?: JsonObject }

export type PriorityClass = KubeObject & {
	readonly value: number
	readonly globalDefault?: boolean
	readonly preemptionPolicy?: string
}
