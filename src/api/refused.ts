import type { JsonObject } from "../base/index.ts"
import { causeReason, type Refusal } from "../kube/index.ts"
import { type Answer, json } from "./ask.ts"
import type { Resource } from "./route/resources.ts"

type Details = {
	readonly name?: string
	readonly group?: string
	readonly kind?: string
	readonly causes?: readonly JsonObject[]
	readonly retryAfterSeconds?: number
}

/** A failure as the API server words it. */
export function refused(
	code: number,
	reason: string,
	message: string,
	details?: Details,
	metadata: JsonObject = {},
): Answer {
	const body = {
		kind: "Status",
		apiVersion: "v1",
		metadata,
		status: "Failure",
		message,
		...(reason === "" ? {} : { reason }),
		...(details === undefined ? {} : { details }),
		code,
	}
	const after = details?.retryAfterSeconds
	return json(body, code, after === undefined ? {} : { "retry-after": String(after) })
}

export function badRequest(message: string): Answer {
	return refused(400, "BadRequest", message)
}

/** There is no such path. */
export function noPath(): Answer {
	return refused(404, "NotFound", "the server could not find the requested resource", {})
}

export function noMethod(): Answer {
	return refused(405, "MethodNotAllowed", "the server does not allow this method on the requested resource", {})
}

export function noObject(resource: Resource, name: string): Answer {
	const what = resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`
	return refused(404, "NotFound", `${what} "${name}" not found`, detailsOf(resource, name))
}

/** What happened since is no longer known: the client lists anew. `metadata`: how it may go on. */
export function expired(message: string, metadata: JsonObject = {}): Answer {
	return refused(410, "Expired", message, undefined, metadata)
}

const CODES: { readonly [reason in Refusal["reason"]]: number } = {
	BadRequest: 400,
	Forbidden: 403,
	NotFound: 404,
	AlreadyExists: 409,
	Conflict: 409,
	Gone: 410,
	Invalid: 422,
	TooLarge: 500,
}

/** The cluster's own refusal of a write. */
export function refusedBy(refusal: Refusal, resource: Resource, name: string): Answer {
	const { reason, message } = refusal
	if (reason === "BadRequest") return badRequest(message)
	// The server hands on what its store says, and no word of its own.
	if (reason === "TooLarge") return refused(CODES.TooLarge, "", message)
	const causes = refusal.causes.map((cause) => ({
		reason: causeReason(cause),
		message: cause.message,
		field: cause.field,
	}))
	// Of what is invalid the server names the kind, of all else the resource.
	const kind = reason === "Invalid" ? { kind: resource.kind } : {}
	// A conflict of managers is told of before the server knows about which object.
	const isManagers = refusal.causes.some(({ type }) => type === "ManagerConflict")
	const about = isManagers ? {} : { ...detailsOf(resource, name), ...kind }
	const details = { ...about, ...(causes.length === 0 ? {} : { causes }) }
	return refused(CODES[reason], reason, message, details)
}

function detailsOf({ group, plural }: Resource, name: string): Details {
	return { ...(name === "" ? {} : { name }), ...(group === "" ? {} : { group }), kind: plural }
}
