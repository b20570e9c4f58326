import type { Cluster, ListQuery } from "../../cluster/index.ts"
import { type KubeObject, objectKey, withEstablished } from "../../kube/index.ts"
import type { Resource } from "../route/resources.ts"
import type { Selection } from "../route/selectors.ts"
import { withBudgetStatus } from "./budget-status.ts"
import { eventInGroup, isEvent } from "./event-forms.ts"
import type { Place } from "./list/continue.ts"
import { madeObject, withMade } from "./made.ts"

/** One object of a resource, in the version that was asked for; undefined where there is none. */
export function readOne(cluster: Cluster, resource: Resource, namespace: string, name: string): KubeObject | undefined {
	const { group, kind } = storedAs(resource)
	const key = objectKey({ group, kind, namespace: resource.namespaced ? namespace : "", name })
	const object = cluster.read(key) ?? madeObject(cluster, resource, namespace, name)
	// Events are found by their names alone.
	const isHere = !resource.namespaced || object?.metadata.namespace === namespace
	return object === undefined || !isHere ? undefined : shownAs(cluster, object, resource)
}

/** The objects of a collection that are selected, in order of namespace, then name; made as they are read. */
export function* readMany(
	cluster: Cluster,
	resource: Resource,
	namespace: string,
	selection: Selection,
): Generator<KubeObject> {
	for (const object of readAll(cluster, resource, queryFor(resource, namespace, selection))) {
		if (selection.all || selection.matches(object)) yield object
	}
}

/** What the cluster is asked for: no less than what is selected. */
export function queryFor(resource: Resource, namespace: string, { all, pods }: Selection, after?: Place): ListQuery {
	const isOfPods = kindNameOf(resource) === "/Pod"
	return {
		...storedAs(resource),
		...(resource.namespaced && namespace !== "" ? { namespace } : {}),
		...(isOfPods && !all ? { selector: pods } : {}),
		...(after === undefined ? {} : { after }),
	}
}

/** All of it, in order of namespace, then name; made as it is read. */
export function* readAll(cluster: Cluster, resource: Resource, query: ListQuery): Generator<KubeObject> {
	const stored = cluster.list(query)
	for (const object of withMade(cluster, resource, query, stored)) yield shownAs(cluster, object, resource)
}

/** A flag of a query as the server reads it: what is not false is true, also without a value. Undefined where it is not there. */
export function flagIn(query: URLSearchParams, name: string): boolean | undefined {
	const text = query.get(name)
	return text === null ? undefined : text.toLowerCase() !== "false" && text !== "0"
}

/** `group/Kind` that the objects are stored under. */
export function kindNameOf(resource: Resource): string {
	const { group, kind } = storedAs(resource)
	return `${group}/${kind}`
}

export function storedAs(resource: Resource): { readonly group: string; readonly kind: string } {
	const { group, kind } = resource
	return { group: isEvent(resource) ? "" : group, kind }
}

/** The object in the version that was asked for, with what controllers would say in its status. */
export function shownAs(cluster: Cluster, object: KubeObject, { group, version, kind }: Resource): KubeObject {
	if (kind === "Event" && group === "events.k8s.io") return eventInGroup(object)
	if (kind === "CustomResourceDefinition" && group === "apiextensions.k8s.io") return withEstablished(object)
	if (kind === "PodDisruptionBudget" && group === "policy") return withBudgetStatus(cluster, object)
	const apiVersion = group === "" ? version : `${group}/${version}`
	return object.apiVersion === apiVersion ? object : { ...object, apiVersion }
}
