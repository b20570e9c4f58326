import { formatInstant } from "../../../base/index.ts"
import type { Edited } from "../../../engine/index.ts"
import { findKind, type KubeObject, type Refusal, updateManaged } from "../../../kube/index.ts"
import type { Answer } from "../../ask.ts"
import { badRequest } from "../../refused.ts"
import type { Target } from "../../route/target.ts"
import type { Call } from "../handler.ts"
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
	const key = keyOfTarget(target, name)
	let isNew = false
	const edit = (live: KubeObject | undefined): Edited => {
		const writer = { manager, time: formatInstant(cluster.now()) }
		isNew = live === undefined && isMadeByUpdate(target)
		if (isNew) return { write: { verb: "create", key, object: updateManaged(undefined, object, writer) } }
		const refusal = live === undefined ? notFound(target) : unversioned(target, object)
		return refusal === undefined ? nextState(target, live, object, writer) : { refusal }
	}
	const status = (): number => (isNew ? 201 : 200)
	const doing = { dryRun, by: manager }
	return answerWith(call, { verb: "edit", key, as: "update", edit }, doing, { status, warnings: read.warnings })
}

/** Kinds of which an update makes what is not there yet. */
const MADE_BY_UPDATE = new Set([
	"/Endpoints",
	"/Event",
	"/LimitRange",
	"/Service",
	"coordination.k8s.io/Lease",
	"events.k8s.io/Event",
	"rbac.authorization.k8s.io/ClusterRole",
	"rbac.authorization.k8s.io/ClusterRoleBinding",
	"rbac.authorization.k8s.io/Role",
	"rbac.authorization.k8s.io/RoleBinding",
])

function isMadeByUpdate({ resource: { group, kind }, subresource }: Target): boolean {
	return subresource === "" && MADE_BY_UPDATE.has(`${group}/${kind}`)
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
