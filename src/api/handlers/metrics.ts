import { formatInstant, type JsonObject } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import {
	addQuantities,
	formatQuantity,
	type KubeObject,
	type Pod,
	quantityOf,
	type ResourceList,
} from "../../kube/index.ts"
import { type Answer, json } from "../ask.ts"
import { badRequest, noObject } from "../refused.ts"
import { findResource, type Resource } from "../route/resources.ts"
import { selectionOf } from "../route/selectors.ts"
import type { Call } from "./handler.ts"
import { readMany, readOne } from "./read.ts"

/** metrics.k8s.io: nothing is measured in a simulated cluster, so everybody uses what they request. */
export function metrics({ ask, target, cluster }: Call): Answer {
	const { resource, namespace, name } = target
	const of = findResource(cluster, "", "v1", resource.plural)
	if (of === undefined) return noObject(resource, name)
	const measure = (object: KubeObject): JsonObject =>
		resource.kind === "NodeMetrics" ? nodeMetrics(cluster, object) : podMetrics(cluster, object as Pod)
	if (name !== "") {
		const object = readOne(cluster, of, namespace, name)
		return object === undefined ? noObject(resource, name) : json(measured(resource, measure(object)))
	}
	const selection = selectionOf(ask.query, of)
	if ("error" in selection) return badRequest(selection.error)
	const objects = [...readMany(cluster, of, namespace, selection)]
	const running = objects.filter((object) => resource.kind === "NodeMetrics" || isRunning(object as Pod))
	return json({
		kind: `${resource.kind}List`,
		apiVersion: "metrics.k8s.io/v1beta1",
		metadata: { resourceVersion: String(cluster.version()) },
		items: running.map(measure),
	})
}

function measured({ kind }: Resource, metrics: JsonObject): JsonObject {
	return { kind, apiVersion: "metrics.k8s.io/v1beta1", ...metrics }
}

function nodeMetrics(cluster: Cluster, node: KubeObject): JsonObject {
	const here = cluster.list({ group: "", kind: "Pod", nodeName: node.metadata.name })
	const requests = [...here].filter((pod) => isRunning(pod as Pod)).flatMap((pod) => requestsOf(pod as Pod))
	return { metadata: metadataOf(node), ...window(cluster), usage: sum(requests) }
}

function podMetrics(cluster: Cluster, pod: Pod): JsonObject {
	const containers = pod.spec.containers.map(({ name, resources }) => ({
		name,
		usage: sum([resources?.requests ?? {}]),
	}))
	return { metadata: metadataOf(pod), ...window(cluster), containers }
}

function metadataOf({ metadata }: KubeObject): JsonObject {
	const { name, namespace, labels, creationTimestamp } = metadata
	return {
		name,
		...(namespace === undefined ? {} : { namespace }),
		...(labels === undefined ? {} : { labels }),
		...(creationTimestamp === undefined ? {} : { creationTimestamp }),
	}
}

function window(cluster: Cluster): JsonObject {
	return { timestamp: formatInstant(cluster.now()), window: "15s" }
}

function isRunning({ status }: Pod): boolean {
	return status?.phase === "Running"
}

function requestsOf({ spec }: Pod): readonly ResourceList[] {
	return spec.containers.map(({ resources }) => resources?.requests ?? {})
}

function sum(lists: readonly ResourceList[]): JsonObject {
	const total = (resource: string): string => {
		const amounts = lists.flatMap((list) => quantityOf(list[resource]) ?? [])
		return amounts.length === 0 ? "0" : formatQuantity(amounts.reduce(addQuantities))
	}
	return { cpu: total("cpu"), memory: total("memory") }
}
