import { objectKey, withControlPlane } from "../../kube/index.ts"
import { type Answer, json } from "../ask.ts"
import { badRequest, noObject } from "../refused.ts"
import type { Call } from "./handler.ts"
import { readOne } from "./read.ts"
import { includedIn, metadataOf } from "./shapes.ts"
import { tableOf } from "./table.ts"

/** One object as it stands. */
export function get({ ask, target, cluster, accepted }: Call): Answer {
	const { resource, namespace, name } = target
	const { shape, metaVersion } = accepted
	// Pods are many, and so are those who ask for one: it is not made to be told.
	if (shape === "json" && resource.group === "" && resource.kind === "Pod") {
		const text = cluster.text(objectKey({ group: "", kind: "Pod", namespace, name }))
		return text === undefined ? noObject(resource, name) : { ...json({}), body: `${text}\n` }
	}
	const found = readOne(cluster, resource, namespace, name)
	if (found === undefined) return noObject(resource, name)
	const object = withControlPlane(found)
	if (shape === "metadata") return json(metadataOf(object, metaVersion))
	if (shape !== "table") return json(object)
	const included = includedIn(ask.query)
	if (included === undefined) return badRequest(`includeObject: Unsupported value: "${ask.query.get("includeObject")}"`)
	const metadata = { resourceVersion: object.metadata.resourceVersion ?? "" }
	return json(tableOf(resource, [object], { now: cluster.now(), included, metadata, metaVersion }))
}
