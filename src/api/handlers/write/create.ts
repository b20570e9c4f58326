import { randomInt } from "node:crypto"
import { formatInstant } from "../../../base/index.ts"
import { type KubeObject, updateManaged } from "../../../kube/index.ts"
import type { Answer } from "../../ask.ts"
import { badRequest, noMethod } from "../../refused.ts"
import type { Call } from "../handler.ts"
import { answerWith, keyOfTarget, shapeIn } from "./perform.ts"
import { writtenObject } from "./written-object.ts"

/** A new object. */
export async function create(call: Call): Promise<Answer> {
	const { target, cluster } = call
	const { resource, namespace } = target
	if (resource.namespaced && namespace === "") return noMethod()
	const read = writtenObject(call, "CreateOptions", "")
	if ("refusal" in read) return read.refusal
	if ((read.object.metadata.resourceVersion ?? "") !== "") {
		return badRequest("resourceVersion should not be set on objects to be created")
	}
	const named = withName(read.object)
	const key = keyOfTarget(target, named.metadata.name)
	const { manager, dryRun } = read.options
	return answerWith(
		{ ...call, target: { ...target, name: named.metadata.name } },
		{
			verb: "edit",
			key,
			as: "create",
			edit: (live) => {
				const writer = { manager, time: formatInstant(cluster.now()), ...shapeIn(resource) }
				const object = live === undefined ? updateManaged(undefined, named, writer) : named
				return { write: { verb: "create", key, object } }
			},
		},
		{ dryRun, by: manager },
		{ status: 201, warnings: read.warnings },
	)
}

const LETTERS = "bcdfghjklmnpqrstvwxz2456789"
const LONGEST_BASE = 63 - 5

/** A generated name is the client's prefix and five letters that form no word. */
function withName(object: KubeObject): KubeObject {
	const { name, generateName } = object.metadata
	if ((name ?? "") !== "" || (generateName ?? "") === "") return object
	const letters = Array.from({ length: 5 }, () => LETTERS[randomInt(LETTERS.length)])
	const given = `${generateName?.slice(0, LONGEST_BASE)}${letters.join("")}`
	return { ...object, metadata: { ...object.metadata, name: given } }
}
