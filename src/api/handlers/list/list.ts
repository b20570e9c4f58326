import { setImmediate as pause } from "node:timers/promises"
import type { Cluster } from "../../../cluster/index.ts"
import { type Answer, json, type Reply } from "../../ask.ts"
import { expired, refused } from "../../refused.ts"
import type { Call } from "../handler.ts"
import { isMade } from "../made.ts"
import { kindNameOf, queryFor } from "../read.ts"
import type { ListMeta } from "../shapes.ts"
import { type Continue, continueText, type Place } from "./continue.ts"
import { listForm } from "./list-form.ts"
import { type ListOptions, listOptionsOf } from "./list-options.ts"
import { listStream } from "./list-stream.ts"
import { JSON_WRITER, YAML_WRITER } from "./list-writer.ts"

/** So many objects are read in one go; more are read from a copy of the cluster, a few at a time. */
const AT_ONCE = 500
/** YAML takes much longer to write. */
const AT_ONCE_IN_YAML = 20

/** The objects of a collection, whole or in pages. */
export async function list(call: Call): Promise<Reply> {
	const { ask, target, cluster, changes, pins, now } = call
	const options = listOptionsOf(ask.query, target.resource, target.namespace)
	if ("status" in options) return options
	// Who lists may watch from there.
	changes.follow(kindNameOf(target.resource), cluster)
	const kept = keptCopy(call, options)
	if (kept !== undefined && "status" in kept) return kept
	const { isYaml } = call.accepted
	const most = isYaml ? AT_ONCE_IN_YAML : AT_ONCE
	if (kept === undefined && mostListed(call, options) <= Math.min(options.limit || most, most)) {
		return atOnce(call, options)
	}
	const source = kept ?? pins.pin(cluster)
	if (source === undefined) return tooManyLists()
	// A copy takes as long as others should wait, and its objects are still to be put in order.
	if (kept === undefined) await pause()
	return listStream({
		form: listForm(call, source, options),
		writer: isYaml ? YAML_WRITER : JSON_WRITER,
		limit: options.limit === 0 ? Number.POSITIVE_INFINITY : options.limit,
		metadata: (next) => metadataOf(call, source, options, next),
		hold: () => pins.hold(source),
		now,
	})
}

/** The copy of the cluster that is asked for; undefined where the cluster is to be read as it is. */
function keptCopy(
	{ pins, cluster, target }: Call,
	{ from, version, exact }: ListOptions,
): Cluster | Answer | undefined {
	const now = cluster.version()
	if (version > now) return tooLarge(version, now)
	if (from !== undefined && from.version > 0) {
		return pins.find(from.version) ?? (from.version === now ? undefined : tooOld(from, target.namespace))
	}
	if (!exact || version === now) return undefined
	return pins.find(version) ?? expired("The resourceVersion for the provided list is too old.")
}

/** No list has more. Of kinds that are made there are some for each node or namespace. */
function mostListed({ cluster, target }: Call, { selection, from }: ListOptions): number {
	const { resource, namespace } = target
	const count = cluster.count(queryFor(resource, namespace, selection, from?.after))
	const made = ["Node", "Namespace"].reduce((sum, kind) => sum + cluster.count({ group: "", kind }), 4)
	return isMade(resource) ? count + made : count
}

function atOnce(call: Call, options: ListOptions): Answer {
	const { empty, items } = listForm(call, call.cluster, options)
	const texts: string[] = []
	for (const item of items()) if (item !== undefined) texts.push(item.text)
	const around = JSON.stringify(empty(metadataOf(call, call.cluster, options, undefined)))
	return { ...json({}), body: `${around.slice(0, -2)}${texts.join(",")}]}\n` }
}

/** `next`: what the next page comes after. */
function metadataOf({ target }: Call, of: Cluster, { selection }: ListOptions, next: Place | undefined): ListMeta {
	const { resource, namespace } = target
	const version = of.version()
	const resourceVersion = String(version)
	if (next === undefined) return { resourceVersion }
	const page = { resourceVersion, continue: continueText({ version, after: next }, namespace) }
	// As the server, which does not look through all that may be selected.
	if (!selection.all || isMade(resource)) return page
	return { ...page, remainingItemCount: of.count(queryFor(resource, namespace, selection, next)) }
}

/** The rest can still be had, of another version: the client may choose. */
function tooOld({ after }: Continue, namespace: string): Answer {
	const message =
		"The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list."
	return expired(message, { continue: continueText({ version: -1, after }, namespace) })
}

function tooLarge(version: number, now: number): Answer {
	const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }]
	const message = `Timeout: Too large resource version: ${version}, current: ${now}`
	return refused(504, "Timeout", message, { causes, retryAfterSeconds: 1 })
}

function tooManyLists(): Answer {
	const message = "Too many lists of other versions are being read, please try again later."
	return refused(429, "TooManyRequests", message, { retryAfterSeconds: 1 })
}
