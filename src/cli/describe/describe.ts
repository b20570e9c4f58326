import { type KubeObject, keyParts, type ObjectKey } from "../../kube/index.ts"
import type { ClusterReader } from "../reader.ts"
import { describeDaemonSet } from "./daemonset.ts"
import { describeNode } from "./node.ts"
import { describeObject } from "./object.ts"
import { describePod } from "./pod.ts"

/** An object in full, as `kubectl describe` lays out its kind; ends with a line break. */
export function describe(reader: ClusterReader, key: ObjectKey, object: KubeObject): string {
	const { group, kind } = keyParts(key)
	if (group === "apps" && kind === "DaemonSet") return describeDaemonSet(reader, key, object)
	if (group === "" && kind === "Node") return describeNode(reader, key, object)
	if (group === "" && kind === "Pod") return describePod(reader, key, object)
	return describeObject(reader, key, object)
}
