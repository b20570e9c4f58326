import { isObject, type Json, type JsonObject, jsonEqual } from "../../../src/base/index.ts"
import type { Cluster } from "../../../src/cluster/index.ts"
import type { KubeObject } from "../../../src/kube/index.ts"
import { ownRevisions } from "./actions.ts"
import type { Recording } from "./recording.ts"

/** Freedoms `server-assigned`, `hashes` and `latency`: DaemonSets and revisions are the recorded ones, member by member. */
export function objectDifferences({ final }: Recording, cluster: Cluster): readonly string[] {
	const { daemonsetObjects = [], controllerrevisionObjects = [], examplePodObject } = final
	const sets = daemonsetObjects.flatMap((want) =>
		membersOf(
			`DaemonSet ${want.metadata.name}`,
			own(want),
			own(cluster.read(`apps/DaemonSet/default/${want.metadata.name}`)),
		),
	)
	const revisions = controllerrevisionObjects.flatMap((want) => {
		const owner = want.metadata.ownerReferences?.[0]?.name ?? ""
		const got = ownRevisions(cluster, owner).find(({ revision }) => revision === want["revision"])
		return membersOf(`revision ${want["revision"]}`, own(want), own(got))
	})
	return [...sets, ...revisions, ...podDifferences(examplePodObject, cluster)]
}

/** Freedoms `token-volume` and `fake-kubelet-status`. */
function podDifferences(want: KubeObject | undefined, cluster: Cluster): readonly string[] {
	const owner = want?.metadata.ownerReferences?.[0]?.name
	if (want === undefined || owner === undefined) return []
	const { nodeName } = want["spec"] as { nodeName?: string }
	if (nodeName === undefined) return []
	const image = imageOf(want)
	const got = [...cluster.list({ group: "", kind: "Pod", nodeName })].find(
		(pod) => pod.metadata.ownerReferences?.[0]?.name === owner && imageOf(pod) === image,
	)
	// That there is such a pod is compared elsewhere, with its time.
	return got === undefined ? [] : membersOf("the pod", tokenless(own(want)), tokenless(own(got)))
}

function imageOf(pod: KubeObject): string | undefined {
	return (pod["spec"] as { containers?: { image?: string }[] }).containers?.[0]?.image
}

function own(object: KubeObject | undefined): JsonObject {
	const { apiVersion: _version, kind: _kind, metadata = {}, status: _status, ...rest } = (object ?? {}) as JsonObject
	const {
		uid: _uid,
		resourceVersion: _rv,
		creationTimestamp: _at,
		managedFields: _fields,
		...meta
	} = metadata as JsonObject
	const { name: _name, labels = {}, ownerReferences = [], ...others } = meta
	const { "controller-revision-hash": _hash, ...marks } = labels as JsonObject
	const owners = (ownerReferences as JsonObject[]).map(({ uid: _, ...owner }) => owner)
	return { ...rest, metadata: { ...others, labels: marks, ownerReferences: owners } } as JsonObject
}

function tokenless(pod: JsonObject): JsonObject {
	const isToken = ({ name = "" }: { name?: string }) => name.startsWith("kube-api-access-")
	const spec = pod["spec"] as { volumes?: { name?: string }[]; containers?: { volumeMounts?: { name?: string }[] }[] }
	const without = (list: readonly { name?: string }[] | undefined) => (list ?? []).filter((one) => !isToken(one))
	const containers = (spec.containers ?? []).map((one) => ({ ...one, volumeMounts: without(one.volumeMounts) }))
	return { ...pod, spec: { ...spec, volumes: without(spec.volumes), containers } } as unknown as JsonObject
}

function membersOf(path: string, want: Json | undefined, got: Json | undefined): readonly string[] {
	if (jsonEqual(want, got)) return []
	if (!isObject(want) || !isObject(got)) return [`${path}: it had ${JSON.stringify(want)}, ours ${JSON.stringify(got)}`]
	const members = [...new Set([...Object.keys(want), ...Object.keys(got)])]
	return members.flatMap((member) => membersOf(`${path}.${member}`, want[member], got[member]))
}
