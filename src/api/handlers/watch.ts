import type { Json, JsonObject } from "../../base/index.ts"
import { type KubeObject, keyParts } from "../../kube/index.ts"
import type { Reply, Sink } from "../ask.ts"
import { badRequest } from "../refused.ts"
import { type Shape, shapeOf } from "../route/accept.ts"
import { type Selection, selectionOf } from "../route/selectors.ts"
import type { Change, KindLog } from "../watch/kind-log.ts"
import type { Watch } from "../watch/watcher.ts"
import type { Call } from "./handler.ts"
import { kindNameOf, readMany, shownAs } from "./read.ts"
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
	const version = query.get("resourceVersion") ?? ""
	const timeout = query.get("timeoutSeconds") ?? ""
	const included = includedIn(query)
	for (const [name, text] of [["resourceVersion", version] as const, ["timeoutSeconds", timeout] as const]) {
		if (!/^\d{0,16}$/.test(text)) return badRequest(`${name}: Invalid value: "${text}": must be a number`)
	}
	if (included === undefined) return badRequest(`includeObject: Unsupported value: "${query.get("includeObject")}"`)
	const asksForAll = query.get("sendInitialEvents")
	if (asksForAll === "true" && query.get("resourceVersionMatch") !== "NotOlderThan") {
		return badRequest("resourceVersionMatch: Forbidden: sendInitialEvents requires resourceVersionMatch=NotOlderThan")
	}
	const fresh = asksForAll === "true" || (asksForAll !== "false" && (version === "" || version === "0"))
	const log = changes.follow(kindNameOf(target.resource), cluster)
	const from = fresh || version === "" || version === "0" ? log.version : Number(version)
	const wished = { call, selection, included, shape: shapeOf(ask.accept) ?? "json", fresh, from, log } as const
	return {
		status: 200,
		headers: { "content-type": "application/json" },
		start: (sink) => call.watches.add(kindNameOf(target.resource), watchOf(wished, sink, Number(timeout) || LASTS_S)),
	}
}

type Wished = {
	readonly call: Call
	readonly selection: Selection
	readonly included: Included
	readonly shape: Shape
	readonly fresh: boolean
	readonly from: number
	readonly log: KindLog
}

function watchOf(wished: Wished, sink: Sink, seconds: number): Watch {
	const { call, selection, fresh, from, log } = wished
	const { ask, target, now } = call
	const write = eventWriter(wished)
	const wants = wantedBy(wished)
	// Whoever sees all objects of a place sees the same as all others there; a Table's first event is its reader's own.
	const shared = selection.all && target.name === "" && wished.shape !== "table"
	return {
		log,
		sink,
		from,
		now,
		until: now() + seconds * 1000,
		...(fresh ? { initial: initialOf(wished, wants.sees, write) } : {}),
		textOf: (change) => {
			const type = wants.typeFor(change)
			return type === undefined ? "" : write(type, change.object, change.texts)
		},
		...(shared ? { shared: `${wished.shape}/${target.resource.group}/${target.namespace}` } : {}),
		...(ask.query.get("allowWatchBookmarks") === "true" || ask.query.get("sendInitialEvents") === "true"
			? { bookmark: (version, isInitial) => bookmark(wished, version, isInitial) }
			: {}),
		gone: (version) => `${JSON.stringify({ type: "ERROR", object: tooOld(version, log.version) })}\n`,
	}
}

function* initialOf(
	{ call: { cluster, target }, selection }: Wished,
	sees: (object: KubeObject) => boolean,
	write: EventWriter,
): Generator<string> {
	for (const object of readMany(cluster, target.resource, target.namespace, selection)) {
		if (sees(object)) yield write("ADDED", object)
	}
}

/** Which changes a watch is told of, and as what: an object that begins to be selected is new to it. */
function wantedBy({ call: { target, cluster }, selection, fresh }: Wished) {
	const { namespace, name, resource } = target
	const isHere = (metadata: { readonly namespace?: string; readonly name: string }): boolean =>
		(namespace === "" || metadata.namespace === namespace) && (name === "" || metadata.name === name)
	const seen = new Set<string>()
	if (!selection.all && !fresh) {
		for (const { metadata } of readMany(cluster, resource, namespace, selection)) seen.add(metadata.uid ?? "")
	}
	return {
		sees: (object: KubeObject): boolean => {
			if (!isHere(object.metadata)) return false
			if (!selection.all) seen.add(object.metadata.uid ?? "")
			return true
		},
		typeFor: ({ type, key, object }: Change): Change["type"] | undefined => {
			if (!isHere(keyParts(key))) return undefined
			if (selection.all) return type
			const uid = object.metadata.uid ?? ""
			const selected = selection.matches(shownAs(object, resource))
			const known = seen.has(uid)
			if (type === "DELETED" || !selected) {
				seen.delete(uid)
				return known || (type === "DELETED" && selected) ? "DELETED" : undefined
			}
			seen.add(uid)
			return known && type !== "ADDED" ? "MODIFIED" : "ADDED"
		},
	}
}

type EventWriter = (type: string, object: KubeObject, texts?: Map<string, string>) => string

function eventWriter({ call: { target, cluster }, shape, included }: Wished): EventWriter {
	const { resource } = target
	let isFirst = true
	return (type, object, texts) => {
		const known = `${shape}/${resource.group}/${type}`
		const text = shape === "table" ? undefined : texts?.get(known)
		if (text !== undefined) return text
		const shown = shownAs(object, resource)
		let body: Json = shown
		if (shape === "metadata") body = metadataOf(shown)
		if (shape === "table") {
			const metadata = { resourceVersion: shown.metadata.resourceVersion ?? "" }
			body = tableOf(resource, [shown], { now: cluster.now(), included, metadata, withoutColumns: !isFirst })
			isFirst = false
		}
		const made = `${JSON.stringify({ type, object: body })}\n`
		if (shape !== "table") texts?.set(known, made)
		return made
	}
}

/** Says where the watch stands: what is resumed from there misses nothing. */
function bookmark({ call: { target }, shape }: Wished, version: number, isInitial: boolean): string {
	const { group, version: apiVersion, kind } = target.resource
	const metadata = {
		resourceVersion: String(version),
		creationTimestamp: null,
		...(isInitial ? { annotations: { "k8s.io/initial-events-end": "true" } } : {}),
	}
	const object: JsonObject = { kind, apiVersion: group === "" ? apiVersion : `${group}/${apiVersion}`, metadata }
	const table = { kind: "Table", apiVersion: "meta.k8s.io/v1", metadata, columnDefinitions: null, rows: [] }
	return `${JSON.stringify({ type: "BOOKMARK", object: shape === "table" ? table : object })}\n`
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
