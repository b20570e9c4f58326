import type { Json, JsonObject } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import type { KubeObject } from "../../kube/index.ts"
import type { Reply, Sink, Told } from "../ask.ts"
import { badRequest, refused } from "../refused.ts"
import type { Shape } from "../route/accept.ts"
import { type Selection, selectionOf } from "../route/selectors.ts"
import { editionOf } from "../watch/edition.ts"
import type { KindLog } from "../watch/kind-log.ts"
import { standing } from "../watch/span.ts"
import type { Wish } from "../watch/wish.ts"
import { isEvent } from "./event-forms.ts"
import type { Call } from "./handler.ts"
import { flagIn, kindNameOf, queryFor, readMany, shownAs } from "./read.ts"
import { type Included, includedIn, metadataOf } from "./shapes.ts"
import { tableOf } from "./table.ts"

/** How long a watch lasts that does not say. */
const LASTS_S = 1_800

/** What happens to the objects of a collection, or to one, from a version on or from now. */
export function watch(call: Call): Reply {
	const { ask, target, changes, cluster } = call
	const { query } = ask
	const selection = selectionOf(query, target.resource)
	if ("error" in selection) return badRequest(selection.error)
	const timeout = query.get("timeoutSeconds") ?? ""
	if (!/^\d{0,16}$/.test(timeout)) return badRequest(`timeoutSeconds: Invalid value: "${timeout}": must be a number`)
	const included = includedIn(query)
	if (included === undefined) return badRequest(`includeObject: Unsupported value: "${query.get("includeObject")}"`)
	const problem = matchProblem(query)
	if (problem !== undefined) return refused(422, "Invalid", `ListOptions.meta.k8s.io "" is invalid: ${problem}`)
	const version = query.get("resourceVersion") ?? ""
	if (!/^\d{0,16}$/.test(version)) {
		return badRequest(`resourceVersion: Invalid value: "${version}": must be a number`)
	}
	const log = changes.follow(kindNameOf(target.resource), cluster)
	const wished = {
		call,
		selection,
		included,
		version: Number(version),
		log,
	} as const
	return {
		status: 200,
		lasts: true,
		headers: { "content-type": "application/json" },
		start: (sink) => begin(wished, sink, Number(timeout) || LASTS_S),
	}
}

type Wished = {
	readonly call: Call
	readonly selection: Selection
	readonly included: Included
	/** That the client goes on from; 0 where it names none. */
	readonly version: number
	readonly log: KindLog
}

function begin(wished: Wished, sink: Sink, seconds: number): Told {
	const { call, version, log } = wished
	const { target, cluster, now, watches } = call
	const all = flagIn(call.ask.query, "sendInitialEvents")
	const wish = wishOf(wished)
	if (version > cluster.version()) {
		// Another cluster's: of what it follows nobody knows.
		sink.write(wish.expired(version, cluster.version()))
		sink.end()
		return { drained: () => {}, gone: () => {} }
	}
	let drop = (): void => {}
	const lines = (of: Cluster): Iterable<string> => openingLines(wished, wish, of)
	const opening = (all ?? version === 0) ? watches.openings.open(cluster, lines, log.floor, () => drop()) : undefined
	const goesOn = opening === undefined && version !== 0
	const from = goesOn ? log.positionAt(version) : standing(opening?.version ?? cluster.version())
	const until = now() + seconds * 1_000
	const watch = { wish, log, sink, from, asOf: cluster.version(), until, now, ...(opening && { opening }) }
	const added = watches.add(kindNameOf(target.resource), watch)
	drop = added.drop
	return added
}

/** The objects that there are, as new ones. */
function* openingLines(
	{ call: { target, accepted }, selection }: Wished,
	wish: Wish,
	cluster: Cluster,
): Generator<string> {
	const { resource, namespace, name } = target
	if (name === "" && accepted.shape === "json" && kindNameOf(resource) === "/Pod") {
		// There may be very many of these.
		const texts = cluster.texts(queryFor(resource, namespace, selection))
		for (const text of texts) yield lineOf("ADDED", `{"apiVersion":"v1","kind":"Pod",${text.slice(1)}`)
		return
	}
	for (const object of readMany(cluster, resource, namespace, selection))
		if (wish.sees(object)) yield wish.line("ADDED", editionOf(object))
}

function wishOf(wished: Wished): Wish {
	const { call, selection, included } = wished
	const { ask, target, accepted } = call
	const { shape, metaVersion } = accepted
	const { resource, namespace, name } = target
	const isHere = ({ metadata }: KubeObject): boolean =>
		(namespace === "" || metadata.namespace === namespace) && (name === "" || metadata.name === name)
	const where = [resource.group, resource.version, resource.plural, namespace, name]
	const which = [ask.query.get("labelSelector"), ask.query.get("fieldSelector")]
	const wants = flagIn(ask.query, "allowWatchBookmarks") === true
	// Of Events the members are called otherwise in their other group.
	const selected = (object: KubeObject): boolean =>
		selection.matches(isEvent(resource) ? shownAs(call.cluster, object, resource) : object)
	return {
		key: JSON.stringify([shape, metaVersion, included, ...where, ...which]),
		sees: (object) => isHere(object) && (selection.all || selected(object)),
		line: lineWriter(wished),
		...(shape === "table" ? { first: (text) => withColumns(text, wished) } : {}),
		...(wants ? { bookmark: (version, isInitial) => bookmark(wished, version, isInitial) } : {}),
		expired: (asked, now) => `${JSON.stringify({ type: "ERROR", object: tooOld(asked, now) })}\n`,
	}
}

function lineWriter({ call: { target, cluster, accepted }, included }: Wished): Wish["line"] {
	const { shape, metaVersion } = accepted
	const { resource } = target
	const look = `${shape}/${metaVersion}/${included}/${resource.group}/${resource.version}`
	const bodyOf = (shown: KubeObject): Json => {
		if (shape === "json") return shown
		if (shape === "metadata") return metadataOf(shown, metaVersion)
		const metadata = { resourceVersion: shown.metadata.resourceVersion ?? "" }
		return tableOf(resource, [shown], { now: cluster.now(), included, metadata, metaVersion, withoutColumns: true })
	}
	return (type, { object, version, texts }) => {
		let text = texts.get(look)
		if (text === undefined) {
			text = JSON.stringify(bodyOf(shownAs(cluster, stamped(object, version), resource)))
			texts.set(look, text)
		}
		return lineOf(type, text)
	}
}

function lineOf(type: string, text: string): string {
	return `{"type":"${type}","object":${text}}\n`
}

function stamped(object: KubeObject, version: number): KubeObject {
	const resourceVersion = String(version)
	const { metadata } = object
	return metadata.resourceVersion === resourceVersion
		? object
		: { ...object, metadata: { ...metadata, resourceVersion } }
}

/** Columns are told once, with the first Table. */
function withColumns(text: string, { call: { target, cluster, accepted }, included }: Wished): string {
	const { columnDefinitions } = tableOf(target.resource, [], {
		now: cluster.now(),
		included,
		metadata: { resourceVersion: "" },
		metaVersion: accepted.metaVersion,
	})
	return text.replace(NO_COLUMNS, () => `"columnDefinitions":${JSON.stringify(columnDefinitions)}`)
}
const NO_COLUMNS = '"columnDefinitions":null'

/** What is wrong with how a version is to be taken, in the server's words. */
function matchProblem(query: URLSearchParams): string | undefined {
	const match = query.get("resourceVersionMatch") ?? ""
	const asksForAll = flagIn(query, "sendInitialEvents") !== undefined
	const problems: string[] = []
	if (asksForAll && match !== "NotOlderThan") {
		problems.push("Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")
	}
	if (match !== "" && !asksForAll) {
		problems.push("Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided")
	}
	if (match !== "" && match !== "NotOlderThan") {
		problems.push(`Unsupported value: "${match}": supported values: "NotOlderThan"`)
	}
	const texts = problems.map((problem) => `resourceVersionMatch: ${problem}`)
	return texts.length > 1 ? `[${texts.join(", ")}]` : texts[0]
}

/** Says where the watch stands: what is resumed from there misses nothing. */
function bookmark({ call: { target, accepted } }: Wished, version: number, isInitial: boolean): string {
	const { group, version: apiVersion, kind } = target.resource
	const metadata = {
		resourceVersion: String(version),
		creationTimestamp: null,
		...(isInitial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
	}
	const metaVersion = `meta.k8s.io/${accepted.metaVersion}`
	const objects: { readonly [shape in Shape]: JsonObject } = {
		json: { kind, apiVersion: group === "" ? apiVersion : `${group}/${apiVersion}`, metadata },
		metadata: { kind: "PartialObjectMetadata", apiVersion: metaVersion, metadata },
		table: { kind: "Table", apiVersion: metaVersion, metadata, columnDefinitions: null, rows: [] },
	}
	return `${JSON.stringify({ type: "BOOKMARK", object: objects[accepted.shape] })}\n`
}

function tooOld(asked: number, now: number): JsonObject {
	return {
		kind: "Status",
		apiVersion: "v1",
		metadata: {},
		status: "Failure",
		message: `too old resource version: ${asked} (${now})`,
		reason: "Expired",
		code: 410,
	}
}
