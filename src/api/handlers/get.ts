import { withControlPlane } from "../../kube/index.ts"
import { type Answer, json } from "../ask.ts"
import { badRequest, noObject } from "../refused.ts"
import { shapeOf } from "../route/accept.ts"
import type { Call } from "./handler.ts"
import { readOne } from "./read.ts"
import { includedIn, metadataOf } from "./shapes.ts"
import { tableOf } from "./table.ts"

/** One object as it stands. */
export function get({ ask, target, cluster }: Call): Answer {
	const { resource, namespace, name } = target
	const found = readOne(cluster, resource, namespace, name)
	if (found === undefined) return noObject(resource, name)
	const object = withControlPlane(found)
	const shape = shapeOf(ask.accept)
	if (shape === "metadata") return json(metadataOf(object))
	if (shape !== "table") return json(object)
	const included = includedIn(ask.query)
	if (included === undefined) return badRequest(`includeObject: Unsupported value: "${ask.query.get("includeObject")}"`)
	const metadata = { resourceVersion: object.metadata.resourceVersion ?? "" }
	return json(tableOf(resource, [object], { now: cluster.now(), included, metadata }))
}
