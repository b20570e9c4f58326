import type { Answer } from "../../ask.ts"
import { badRequest, refused } from "../../refused.ts"
import type { Resource } from "../../route/resources.ts"
import { type Selection, selectionOf } from "../../route/selectors.ts"
import { type Included, includedIn } from "../shapes.ts"
import { type Continue, readContinue } from "./continue.ts"

export type ListOptions = {
	/** 0 for all. */
	readonly limit: number
	readonly selection: Selection
	readonly included: Included
	/** Of which version the list has to be, or must not be older than; 0 for the newest. */
	readonly version: number
	readonly exact: boolean
	readonly from?: Continue
}

/** What a list is asked for; or the refusal of what cannot be given. */
export function listOptionsOf(query: URLSearchParams, resource: Resource, namespace: string): ListOptions | Answer {
	const said = (name: string): string => query.get(name) ?? ""
	const problem = matchProblem(said("resourceVersion"), said("resourceVersionMatch"), said("continue"))
	if (problem !== undefined) return notListed(...problem)
	if (query.has("sendInitialEvents")) {
		return notListed("sendInitialEvents", "FieldValueForbidden", "Forbidden: sendInitialEvents is forbidden for list")
	}
	for (const [name, most] of [["limit", 9] as const, ["resourceVersion", 16] as const]) {
		if (!/^\d*$/.test(said(name)) || said(name).length > most) {
			return badRequest(`${name}: Invalid value: "${said(name)}": must be a number, 0 or more`)
		}
	}
	const selection = selectionOf(query, resource)
	if ("error" in selection) return badRequest(selection.error)
	const included = includedIn(query)
	if (included === undefined) return badRequest(`includeObject: Unsupported value: "${said("includeObject")}"`)
	const limit = Number(said("limit"))
	const version = Number(said("resourceVersion"))
	if (said("continue") === "") {
		// Who names a version and wishes for pages has always got that very version.
		const exact = said("resourceVersionMatch") === "Exact" || (said("resourceVersionMatch") === "" && limit > 0)
		return { limit, selection, included, version, exact: exact && version > 0 }
	}
	const from = readContinue(said("continue"), namespace, resource.namespaced)
	if (typeof from === "string") return badRequest(`invalid continue token: ${from}`)
	if (version > 0) return badRequest("specifying resource version is not allowed when using continue")
	return { limit, selection, included, version: 0, exact: false, from }
}

type Problem = readonly [field: string, reason: string, message: string]

function matchProblem(version: string, match: string, token: string): Problem | undefined {
	const field = "resourceVersionMatch"
	const forbidden = (why: string): Problem => [field, "FieldValueForbidden", `Forbidden: ${why}`]
	if (match === "") return undefined
	if (version === "") return forbidden("resourceVersionMatch is forbidden unless resourceVersion is provided")
	if (token !== "") return forbidden("resourceVersionMatch is forbidden when continue is provided")
	if (match !== "Exact" && match !== "NotOlderThan") {
		const message = `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`
		return [field, "FieldValueNotSupported", message]
	}
	if (match === "NotOlderThan" || version !== "0") return undefined
	return forbidden('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
}

function notListed(field: string, reason: string, message: string): Answer {
	const details = { group: "meta.k8s.io", kind: "ListOptions", causes: [{ reason, message, field }] }
	return refused(422, "Invalid", `ListOptions.meta.k8s.io "" is invalid: ${field}: ${message}`, details)
}
