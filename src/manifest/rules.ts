import { decode, type KubeObject, prepareCreate, toCurrentVersion, validateCreate } from "../kube/index.ts"

/** A problem with an object, before its place in a file is known. */
export type Problem = {
	readonly code: string
	readonly severity: "error" | "warning" | "info"
	readonly message: string
	readonly field?: string
}

/** What the API server would say of an object as a file describes it: unknown and ill-typed fields, invalid values. */
export function apiProblems(object: KubeObject): readonly Problem[] {
	const { problems } = decode(object)
	// As on the server, values are looked at only where every field is what it should be.
	if (problems.length === 0) return validateCreate(prepareCreate(object)).map(invalid)
	return problems.map(({ kind, path, message, nearest }) => ({
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
	const converted = toCurrentVersion(object)
	const { warning: message } = converted
	const problems: Problem[] =
		message === undefined ? [] : [{ code: "removed-api", severity: "warning", message, field: "apiVersion" }]
	return { object: converted.object as KubeObject, problems }
}

function invalid({ field, message }: { readonly field: string; readonly message: string }): Problem {
	return { code: "invalid", severity: "error", message: `${field}: ${message}`, field }
}
