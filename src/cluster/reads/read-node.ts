import { formatInstant, isObject, type Json, type JsonObject } from "../../base/index.ts"
import type { Node, StringMap } from "../../kube/index.ts"
import type { NodeKind } from "../contract.ts"
import { nodeConditions } from "../node-lifecycle/index.ts"
import type { State } from "../state/state.ts"
import { uidText } from "../state/uids.ts"
import { nodeLabels } from "../wiring.ts"
import { type Machine, nodeShapeOf } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { nameOfNode, nodeState } from "../writes/nodes.ts"
import { addressOf } from "./read-pod-status.ts"

/** The whole Node as the API shows it. */
export function readNode(machine: Machine, row: number): Node {
	const { state } = machine
	const { nodes } = state
	const shape = nodeShapeOf(machine, row)
	const name = nameOfNode(state, row)
	const rest = nodes.overlays.get(row)
	const spec = isObject(rest?.["spec"]) ? rest["spec"] : {}
	const status = isObject(rest?.["status"]) ? rest["status"] : {}
	const known = defaults(name, row, shape.labels)
	return {
		apiVersion: "v1",
		kind: "Node",
		metadata: {
			...rest?.metadata,
			name,
			uid: uidText(state, nodes.uid[row] as number),
			resourceVersion: String(nodes.version[row]),
			creationTimestamp: formatInstant(nodes.createdAt[row] as number),
			labels: nodeLabels(shape, name),
			...(Object.keys(shape.annotations).length === 0 ? {} : { annotations: shape.annotations }),
		},
		spec: {
			...spec,
			...(shape.taints.length === 0 ? {} : { taints: shape.taints }),
			...(shape.unschedulable ? { unschedulable: true } : {}),
		},
		status: {
			...known,
			...status,
			nodeInfo: { ...known.nodeInfo, ...said(status["nodeInfo"]) },
			capacity: shape.capacity,
			allocatable: shape.allocatable,
			conditions: nodeConditions(nodeState(state, row), state.now),
		},
	} as unknown as Node
}

/** The names of nodes that changed after that version. */
export function* changedNodes({ state }: Machine, after: number): Generator<string> {
	const { nodes } = state
	for (let row = 0; row < nodes.rows; row++) {
		if (nodes.exists[row] === 1 && (nodes.version[row] as number) > after) yield nameOfNode(state, row)
	}
}

/** The labels of the node of this name but for its host name; undefined where there is none. */
export function labelsOf(machine: Machine, name: string): StringMap | undefined {
	const row = findNode(machine.state, name)
	if (row === -1 || machine.state.nodes.exists[row] !== 1) return undefined
	return nodeShapeOf(machine, row).labels
}

/** By content; a kind that no node has any more is not among them. */
export function* nodeKinds({ nodeShapes }: State): Iterable<NodeKind> {
	for (const shape of nodeShapes.values) if (shape !== undefined) yield shape
}

/** What the object says of its machine: the server fills members in that nobody gave, and they are empty. */
function said(nodeInfo: Json | undefined): JsonObject {
	const members = isObject(nodeInfo) ? Object.entries(nodeInfo) : []
	return Object.fromEntries(members.filter(([, value]) => value !== ""))
}

function defaults(name: string, row: number, labels: StringMap) {
	return {
		addresses: [
			{ type: "InternalIP", address: addressOf(row) },
			{ type: "Hostname", address: name },
		],
		daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
		nodeInfo: {
			machineID: "",
			systemUUID: "",
			bootID: "",
			kubeProxyVersion: "",
			architecture: labels["kubernetes.io/arch"] ?? "amd64",
			containerRuntimeVersion: "containerd://2.1.4",
			kernelVersion: "6.12.0",
			kubeletVersion: "v1.34.9",
			operatingSystem: labels["kubernetes.io/os"] ?? "linux",
			osImage: "Rollcall simulated node",
		},
	}
}
