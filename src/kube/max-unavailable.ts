import type { KubeObject } from "./object.ts"

/** On a DaemonSet: `hard` makes its maxUnavailable hold where upstream's gives way. */
export const MAX_UNAVAILABLE_ANNOTATION = "rollcall.dev/max-unavailable"

const HARD = "hard"

/** True where the DaemonSet's maxUnavailable holds whatever happens. */
export function isMaxUnavailableHard(object: KubeObject | undefined): boolean {
	return object?.metadata.annotations?.[MAX_UNAVAILABLE_ANNOTATION] === HARD
}

/** What is wrong with the annotation; undefined where it is right, or not there. */
export function maxUnavailableProblem({ apiVersion, kind, metadata }: KubeObject): string | undefined {
	const annotations = metadata.annotations ?? {}
	if (!Object.hasOwn(annotations, MAX_UNAVAILABLE_ANNOTATION)) return undefined
	const value = annotations[MAX_UNAVAILABLE_ANNOTATION]
	if (apiVersion !== "apps/v1" || kind !== "DaemonSet") return `has no meaning on a ${kind}: put it on the DaemonSet`
	return value === HARD ? undefined : `"${value}" is not "${HARD}": maxUnavailable counts as on any cluster`
}
