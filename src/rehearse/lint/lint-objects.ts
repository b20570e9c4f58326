import { createCluster, type Write } from "../../cluster/index.ts"
import type { Finding, KubeObject, ObjectKey } from "../../kube/index.ts"
import { compareStates, type Described } from "../../plan/index.ts"
import { lint } from "./lint.ts"

/** Any moment will do: nothing that lint says depends on it. */
const START = 1_767_225_600_000
const HORIZON_MS = 30 * 86_400_000

/** Puts the objects into a cluster of these nodes, lets it settle, and says what is unwise about all its DaemonSets. */
export function lintObjects(
	described: ReadonlyMap<ObjectKey, Described>,
	fleet: Iterable<readonly [ObjectKey, KubeObject]>,
): Finding[] {
	const cluster = createCluster({ seed: "check", start: START, controlPlaneQps: 0 })
	const create = (key: ObjectKey, object: KubeObject): Write => ({ verb: "create", key, object })
	const nodes = [...fleet].map(([key, object]) => create(key, object))
	const changes = compareStates(new Map(), described)
	const writes = changes.flatMap(({ key, after }) => (after === undefined ? [] : [create(key, after)]))
	cluster.input({ source: { kind: "client", client: "rollcall check" }, writes: [...nodes, ...writes] })
	const end = START + HORIZON_MS
	while (!cluster.settled() && cluster.now() < end) cluster.advance(Math.min(cluster.nextAt() ?? end, end))
	return lint({ cluster, changes: [], placeOf: (key) => described.get(key) }, "all")
}
