import { formatInstant } from "../../base/index.ts"
import type { Edited } from "../../engine/index.ts"
import { findKind, type KubeObject, type Refusal, updateManaged } from "../../kube/index.ts"
import type { Answer } from "../ask.ts"
import { badRequest } from "../refused.ts"
import type { Target } from "../route/target.ts"
import type { Call } from "./handler.ts"
import { answerWith, keyOfTarget, shapeIn } from "./perform.ts"
import { writtenObject } from "./written-object.ts"

/** Another state of an object, or of its status. */
export async function update(call: Call): Promise<Answer> {
	const { target, cluster } = call
	const { name } = target
	const read = writtenObject(call, "UpdateOptions", name)
	if ("refusal" in read) return read.refusal
	const { object } = read
	const wrongName = nameProblem(object, name)
	if (wrongName !== undefined) return badRequest(wrongName)
	const { manager, dryRun } = read.options
	return answerWith(
		call,
		{
			verb: "edit",
			key: keyOfTarget(target, name),
			as: "update",
			edit: (live) => {
				const refusal = live === undefined ? notFound(target) : unversioned(target, object)
				if (refusal !== undefined) return { refusal }
				return nextState(target, live, object, { manager, time: formatInstant(cluster.now()) })
			},
		},
		{ dryRun, by: manager },
		{ warnings: read.warnings },
	)
}

/** The write of an object's next state, or of its status alone. */
export function nextState(
	target: Target,
	live: KubeObject | undefined,
	object: KubeObject,
	writer: { readonly manager: string; readonly time: string },
): Edited {
	const part = target.subresource === "status" ? { subresource: "status" as const } : {}
	const managed = updateManaged(live, object, { ...writer, ...part, ...shapeIn(target.resource) })
	return { write: { verb: "update", key: keyOfTarget(target, target.name), object: managed, ...part } }
}

function nameProblem({ metadata }: KubeObject, name: string): string | undefined {
	const given = metadata.name ?? ""
	if (given === "") return `the name of the object (${name} based on URL) was undeterminable: name must be provided`
	return given === name ? undefined : `the name of the object (${given}) does not match the name on the URL (${name})`
}

export function notFound({ resource, name }: Target): Refusal {
	const { group, plural } = resource
	return {
		reason: "NotFound",
		message: `${group === "" ? plural : `${plural}.${group}`} "${name}" not found`,
		causes: [],
	}
}

/** Custom resources are replaced only by who says which version they read. */
function unversioned({ resource, name }: Target, { metadata }: KubeObject): Refusal | undefined {
	const { group, kind, plural } = resource
	if (findKind(group, kind) !== undefined || (metadata.resourceVersion ?? "") !== "") return undefined
	const message = "Invalid value: 0: must be specified for an update"
	const field = "metadata.resourceVersion"
	return {
		reason: "Invalid",
		message: `${plural}.${group} "${name}" is invalid: ${field}: ${message}`,
		causes: [{ type: "Invalid", field, message }],
	}
}
