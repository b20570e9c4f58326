import type { KubeObject } from "../kube/index.ts"

/** A problem with an object, before its place in a file is known. */
export type Problem = {
	readonly code: string
	readonly severity: "error" | "warning" | "info"
	readonly message: string
	readonly field?: string
}

/** What the API server would say of an object as a file describes it: unknown and ill-typed fields, invalid values. */
export function apiProblems(_object: KubeObject): readonly Problem[] {
	return []
}

/** The object under the apiVersion that the cluster serves, with a warning where that is another one. */
export function currentVersion(object: KubeObject): {
	readonly object: KubeObject
	readonly problems: readonly Problem[]
} {
	return { object, problems: [] }
}
