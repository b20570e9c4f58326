import type { Container, PodSpec } from "../../kube/index.ts"
import type { Behavior } from "./behavior.ts"
import { type ProbeTimes, probeTimes } from "./probes.ts"
import { type QosClass, qosOf } from "./qos.ts"

/** What is the same for all pods of one template under one behavior: interned, never changed. */
export type Life = {
	readonly behavior: Behavior
	/** Init containers in their order, then the others. */
	readonly containers: readonly ContainerLife[]
	/** L5: `groups[g]` is where group g begins: each init container is one, all others together are the last. */
	readonly groups: readonly number[]
	readonly restartPolicy: string
	readonly graceMs: number
	/** The sleep of the longest preStop hook; other hooks are part of the behavior's `stop`. */
	readonly preStopMs: number
	readonly qos: QosClass
}

export type ContainerLife = {
	readonly name: string
	readonly image: string
	readonly pullPolicy: string
	readonly kind: "init" | "sidecar" | "main"
	readonly startup?: ProbeTimes
	readonly liveness?: ProbeTimes
	readonly readiness?: ProbeTimes
}

export function lifeOf(spec: PodSpec, behavior: Behavior): Life {
	const inits = (spec.initContainers ?? []).map((container) =>
		containerLife(container, container.restartPolicy === "Always" ? "sidecar" : "init"),
	)
	return {
		behavior,
		containers: [...inits, ...spec.containers.map((container) => containerLife(container, "main"))],
		groups: [...inits.keys(), inits.length],
		restartPolicy: spec.restartPolicy ?? "Always",
		graceMs: (spec.terminationGracePeriodSeconds ?? 30) * 1000,
		preStopMs: Math.max(0, ...spec.containers.map(preStopMs)),
		qos: qosOf(spec),
	}
}

/** L6: the default pull policy is Always for `latest` or no tag, else IfNotPresent. */
export function pullPolicyOf({ image = "", imagePullPolicy }: Container): string {
	if (imagePullPolicy) return imagePullPolicy
	if (image.includes("@")) return "IfNotPresent"
	const tag = /:([^/:]+)$/.exec(image)?.[1]
	return tag === undefined || tag === "latest" ? "Always" : "IfNotPresent"
}

function containerLife(container: Container, kind: ContainerLife["kind"]): ContainerLife {
	const startup = probeTimes(container.startupProbe)
	const liveness = probeTimes(container.livenessProbe)
	const readiness = probeTimes(container.readinessProbe)
	return {
		name: container.name,
		image: container.image ?? "",
		pullPolicy: pullPolicyOf(container),
		kind,
		...(startup === undefined ? {} : { startup }),
		...(liveness === undefined ? {} : { liveness }),
		...(readiness === undefined ? {} : { readiness }),
	}
}

function preStopMs(container: Container): number {
	const hook = container["lifecycle"] as { preStop?: { sleep?: { seconds?: number } } } | undefined
	return (hook?.preStop?.sleep?.seconds ?? 0) * 1000
}
