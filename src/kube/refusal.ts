import { groupOf, type KubeObject } from "./object.ts"

/** Why the API refuses a write, in Kubernetes' own words. Only `api/` knows the HTTP numbers. */
export type Refusal = {
	readonly reason:
		| "Invalid"
		| "NotFound"
		| "AlreadyExists"
		| "Conflict"
		| "Forbidden"
		| "BadRequest"
		| "Gone"
		/** For the store. */
		| "TooLarge"
	readonly message: string
	readonly causes: readonly FieldError[]
}

/** How a Status calls what is wrong with a field: `FieldValueRequired`, `FieldManagerConflict`. */
export function causeReason({ type }: FieldError): string {
	return type === "ManagerConflict" ? "FieldManagerConflict" : `FieldValue${type}`
}

/** One field that validation refuses, as the real API server names it. */
export type FieldError = {
	readonly type:
		| "Required"
		| "Invalid"
		| "NotSupported"
		| "Duplicate"
		| "NotFound"
		| "Forbidden"
		| "TooLong"
		| "TooMany"
		| "TypeInvalid"
		| "InternalError"
		/** Another manager owns the field: no value is at fault. */
		| "ManagerConflict"
	readonly field: string
	/** As the API server prints it, without the field: `Invalid value: "x": must be …`. */
	readonly message: string
}

/** What is wrong with an object's fields, as one refusal. */
export function invalidRefusal({ kind, metadata, apiVersion }: KubeObject, causes: readonly FieldError[]): Refusal {
	const group = groupOf(apiVersion)
	const texts = causes.map(({ field, message }) => `${field}: ${message}`)
	const list = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`
	const what = group === "" ? kind : `${kind}.${group}`
	return { reason: "Invalid", message: `${what} "${metadata.name ?? ""}" is invalid: ${list}`, causes }
}
