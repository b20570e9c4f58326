import type { JsonObject } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import type { KubeObject } from "../../kube/index.ts"
import { type Answer, json } from "../ask.ts"
import { badRequest, expired, refused } from "../refused.ts"
import { shapeOf } from "../route/accept.ts"
import { type Selection, selectionOf } from "../route/selectors.ts"
import type { Call } from "./handler.ts"
import { type Pin, placeIn, takePage, tokenOf } from "./pins.ts"
import { kindNameOf, readMany } from "./read.ts"
import { includedIn, type ListMeta, listOf, metadataList } from "./shapes.ts"
import { tableOf } from "./table.ts"

/** The objects of a collection, whole or in pages. */
export function list(call: Call): Answer {
	const { ask, target } = call
	const problem = versionProblem(ask.query, call.cluster)
	if (problem !== undefined) return problem
	const selection = selectionOf(ask.query, target.resource)
	if ("error" in selection) return badRequest(selection.error)
	const limit = limitOf(ask.query)
	if (limit === undefined)
		return badRequest(`limit: Invalid value: "${ask.query.get("limit")}": must be a number, 0 or more`)
	// Who lists may watch from there.
	call.changes.follow(kindNameOf(target.resource), call.cluster)
	const token = ask.query.get("continue") ?? ""
	if (token !== "") return nextPage(call, token, limit)
	if (limit === 0) return shown(call, call.cluster, { objects: [...begin(call, selection)(call.cluster)] })
	return firstPage(call, selection, limit)
}

type Page = { readonly objects: readonly KubeObject[]; readonly next?: Pin }

/** Most lists end on their first page: only one that does not is worth a copy of the cluster. */
function firstPage(call: Call, selection: Selection, limit: number): Answer {
	const { cluster, pins } = call
	const objects: KubeObject[] = []
	let isMore = false
	for (const object of begin(call, selection)(cluster)) {
		isMore = objects.length === limit
		if (isMore) break
		objects.push(object)
	}
	if (!isMore) return shown(call, cluster, { objects })
	const pin = pins.add(cluster, askedBy(call), begin(call, selection))
	takePage(pin, limit)
	return shown(call, cluster, { objects, next: pin })
}

function nextPage(call: Call, token: string, limit: number): Answer {
	const place = placeIn(token)
	if (place === undefined) return badRequest(`continue key is not valid: it was not given by this server`)
	const pin = call.pins.find(place)
	if (pin === undefined) {
		return expired(
			"The provided continue parameter is too old to display a consistent list result. Start a new list without the continue parameter.",
		)
	}
	if (pin.asked !== askedBy(call)) return badRequest("continue key is not valid: it was given for another list")
	const objects = takePage(pin, limit === 0 ? Number.POSITIVE_INFINITY : limit)
	const ended = objects.length < limit || limit === 0
	return shown(call, pin.copy, ended ? { objects } : { objects, next: pin })
}

function begin(
	{ target }: Call,
	selection: Selection,
): (cluster: Cluster) => Iterator<KubeObject> & Iterable<KubeObject> {
	return (cluster) => readMany(cluster, target.resource, target.namespace, selection)
}

/** What makes the pages of one list: where, and which objects. */
function askedBy({ target, ask }: Call): string {
	const { resource, namespace } = target
	const where = [resource.group, resource.version, resource.plural, namespace]
	return JSON.stringify([...where, ask.query.get("labelSelector"), ask.query.get("fieldSelector")])
}

function shown(call: Call, cluster: Cluster, { objects, next }: Page): Answer {
	const { ask, target } = call
	const metadata: ListMeta = {
		resourceVersion: String(cluster.version()),
		...(next === undefined ? {} : { continue: tokenOf(next) }),
	}
	const shape = shapeOf(ask.accept)
	if (shape === "table") {
		const included = includedIn(ask.query)
		if (included === undefined)
			return badRequest(`includeObject: Unsupported value: "${ask.query.get("includeObject")}"`)
		return json(tableOf(target.resource, objects, { now: cluster.now(), included, metadata }))
	}
	const body: JsonObject =
		shape === "metadata" ? metadataList(metadata, objects) : listOf(target.resource, metadata, objects)
	return json(body)
}

function limitOf(query: URLSearchParams): number | undefined {
	const text = query.get("limit") ?? ""
	if (text === "") return 0
	return /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

/** What the cluster was at another version than now is not kept; a version that is still to come is nobody's. */
function versionProblem(query: URLSearchParams, cluster: Cluster): Answer | undefined {
	const text = query.get("resourceVersion") ?? ""
	const match = query.get("resourceVersionMatch") ?? ""
	const invalid = (field: string, message: string) =>
		refused(400, "BadRequest", `${field}: Invalid value: "${query.get(field)}": ${message}`)
	if (match !== "" && match !== "Exact" && match !== "NotOlderThan") {
		return invalid("resourceVersionMatch", "must be Exact or NotOlderThan")
	}
	if (match !== "" && text === "") {
		return refused(400, "BadRequest", "resourceVersionMatch is forbidden unless resourceVersion is provided")
	}
	if (text === "" || query.has("continue")) return undefined
	if (!/^\d{1,16}$/.test(text)) return invalid("resourceVersion", "must be a number")
	const asked = Number(text)
	if (match === "Exact" && asked === 0) return invalid("resourceVersion", "must not be 0 for an exact match")
	const now = cluster.version()
	if (asked > now) return expired(`Too large resource version: ${asked}, current: ${now}`)
	if (match === "Exact" && asked !== now) return expired("The provided resource version is too old")
	return undefined
}
