import type { Cluster, Standing } from "../../cluster/index.ts"
import {
	type Container,
	type DaemonSet,
	type Finding,
	type KubeObject,
	keyOf,
	type ObjectKey,
} from "../../kube/index.ts"
import type { Change } from "../../plan/index.ts"

/** What the rules look at: the cluster as a plan leaves it. */
export type LintContext = {
	readonly cluster: Cluster
	/** What the plan changes. */
	readonly changes: readonly Change[]
	/** Where an object stands in the repository. */
	readonly placeOf: (key: ObjectKey) => { readonly path: string; readonly line: number } | undefined
}

/** One rule: what it has to say of one DaemonSet. */
export type LintRule = (daemonSet: DaemonSet, context: LintContext) => Iterable<Lint>

export type Lint = Pick<Finding, "code" | "severity" | "message"> & { readonly field?: string }

/** `logging/fluentd`. */
export function nameOf({ metadata }: KubeObject): string {
	return metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`
}

export function standingOf(daemonSet: DaemonSet, { cluster }: LintContext): Standing | undefined {
	return cluster.standing(keyOf(daemonSet))
}

export function warning(code: string, message: string, field?: string): Lint {
	return { code, severity: "warning", message, ...(field === undefined ? {} : { field }) }
}

/** The containers of its pods that ask for a port of the node, or for anything else. */
export function containersOf({ spec }: DaemonSet): readonly Container[] {
	const { initContainers = [], containers } = spec.template.spec
	return [...initContainers, ...containers]
}
