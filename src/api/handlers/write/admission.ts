import { jsonEqual } from "../../../base/index.ts"
import type { Cluster } from "../../../cluster/index.ts"
import type { Edit, Edited } from "../../../engine/index.ts"
import {
	definedKinds,
	invalidRefusal,
	type KubeObject,
	prune,
	type Refusal,
	validateCreate,
	validateCustom,
	validateWorkload,
	withControlPlane,
} from "../../../kube/index.ts"
import type { Resource } from "../../route/resources.ts"
import type { Target } from "../../route/target.ts"
import { coreEvent, eventInGroup, isEvent } from "../event-forms.ts"
import type { Call } from "../handler.ts"
import { hasNamespace, madeFor } from "../made.ts"
import { readPattern } from "./patterns.ts"
import { tooLarge } from "./size.ts"

/** The edit with what the server does around it: kinds in several versions, namespaces that must be, schemas. */
export function admitted({ target, cluster }: Call, edit: Edit, warnings: string[]): Edit {
	const { resource } = target
	return {
		...edit,
		edit: (live) => {
			const found = live ?? madeFor(cluster, edit.key)
			if (live === undefined && found !== undefined && edit.as === "create") return { refusal: exists(resource, found) }
			const before = found && readAs(found, resource)
			const edited = edit.edit(before)
			if ("refusal" in edited || edited.write.verb === "delete") return edited
			const { object } = edited.write
			const refusal =
				(before === undefined && inNowhere(cluster, object)) || refusalOf(target, object, before) || tooLarge(object)
			if (refusal) return { refusal }
			warnings.push(...warningsAbout(resource, object))
			const whole = resource.defined?.hasStatus === false ? { whole: true } : {}
			const kept = found && before ? ownManagers(object, found, before) : object
			const write = { ...edited.write, ...whole, object: stored(resource, kept, found) }
			// What was only made so far becomes an object like others.
			return live === undefined
				? { write: { verb: "create", key: edit.key, object: write.object } }
				: ({ write } as Edited)
		},
	}
}

/** What the control plane owns follows from the object: kept beside it is what is known once another hand wrote it. */
function ownManagers(object: KubeObject, found: KubeObject, before: KubeObject): KubeObject {
	const { managedFields, ...metadata } = object.metadata
	if (found === before || !jsonEqual(managedFields ?? [], before.metadata.managedFields ?? [])) return object
	const kept = found.metadata.managedFields
	return { ...object, metadata: kept === undefined ? metadata : { ...metadata, managedFields: kept } }
}

/** An object in the version of the request; a custom resource without what its schema does not know. */
function readAs(live: KubeObject, { group, version, kind, defined }: Resource): KubeObject {
	if (kind === "Event" && group === "events.k8s.io") return eventInGroup(live)
	if (defined === undefined) return withControlPlane(live)
	const asked = { ...live, apiVersion: `${group}/${version}` }
	return defined.schema === undefined ? asked : (prune(asked, defined.schema).object as KubeObject)
}

function inNowhere(cluster: Cluster, { metadata }: KubeObject): Refusal | undefined {
	const { namespace = "" } = metadata
	if (namespace === "" || hasNamespace(cluster, namespace)) return undefined
	return { reason: "NotFound", message: `namespaces "${namespace}" not found`, causes: [] }
}

function exists({ group, plural }: Resource, { metadata }: KubeObject): Refusal {
	const message = `${group === "" ? plural : `${plural}.${group}`} "${metadata.name}" already exists`
	return { reason: "AlreadyExists", message, causes: [] }
}

function refusalOf(
	{ resource, subresource }: Target,
	object: KubeObject,
	before: KubeObject | undefined,
): Refusal | undefined {
	const { defined } = resource
	if (defined === undefined && subresource === "status") return undefined
	// Of a Secret the cluster judges what is kept, which are digests.
	const causes =
		defined?.schema !== undefined
			? validateCustom(object, defined.schema, readPattern, before)
			: resource.kind === "Secret" && resource.group === ""
				? validateCreate(object)
				: validateWorkload(object, before)
	return causes.length === 0 ? undefined : invalidRefusal(object, causes)
}

/** In the version that it has been stored in. A new object has no status where that is for others to write. */
function stored(resource: Resource, object: KubeObject, live: KubeObject | undefined): KubeObject {
	if (isEvent(resource)) return coreEvent(object)
	if (live !== undefined && object.apiVersion !== live.apiVersion) return { ...object, apiVersion: live.apiVersion }
	if (live !== undefined || (resource.defined?.hasStatus !== true && !isDefinition(resource))) return object
	const { status: _, ...rest } = object
	return rest as KubeObject
}

function isDefinition({ group, kind }: Resource): boolean {
	return kind === "CustomResourceDefinition" && group === "apiextensions.k8s.io"
}

/** What of the object Rollcall keeps and does not act on. */
function warningsAbout(resource: Resource, object: KubeObject): readonly string[] {
	const { group, kind, plural, defined } = resource
	if (NOT_RUN.has(`${group}/${kind}`))
		return [`${plural} are kept, not simulated: no pods come of ${kind} ${object.metadata.name}`]
	const defines = isDefinition(resource)
	const hasRules = defines ? definedKinds(object).some(({ hasRules }) => hasRules) : defined?.hasRules === true
	const whose = defines ? object.metadata.name : `${plural}.${group}`
	return hasRules ? [`the rules of ${whose} in CEL (x-kubernetes-validations) are not evaluated`] : []
}

const NOT_RUN = new Set([
	"/ReplicationController",
	"apps/Deployment",
	"apps/ReplicaSet",
	"apps/StatefulSet",
	"batch/CronJob",
	"batch/Job",
])
