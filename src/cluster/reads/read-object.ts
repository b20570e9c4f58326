import { byCodeUnit } from "../../base/index.ts"
import { type KubeObject, keyParts, type ObjectKey } from "../../kube/index.ts"
import type { ListQuery } from "../contract.ts"
import { eventNumbers, eventOfSerial } from "../state/events.ts"
import { podName } from "../state/names.ts"
import { nodesInOrder } from "../state/node-order.ts"
import { POD_WORDS } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textOf } from "../state/strings.ts"
import type { Machine } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { findPod, GONE } from "../writes/pods.ts"
import { eventName, readEvent } from "./read-event.ts"
import { readNode } from "./read-node.ts"
import { readPod } from "./read-pod.ts"

export function readObject(machine: Machine, key: ObjectKey): KubeObject | undefined {
	const { state } = machine
	const { group, kind, namespace, name } = keyParts(key)
	if (group !== "") return state.objects.get(key)
	if (kind === "Node") {
		const row = findNode(state, name)
		return row === -1 || state.nodes.exists[row] !== 1 ? undefined : readNode(machine, row)
	}
	if (kind === "Pod") {
		const row = findPod(state, namespace, name)
		return row === -1 ? undefined : readPod(machine, row)
	}
	if (kind === "Event") {
		const row = findEventNamed(state, name)
		return row === -1 ? undefined : readEvent(machine, row)
	}
	return state.objects.get(key)
}

/** The name ends with the serial; only one that goes on for more than an hour has moved since. */
function findEventNamed(state: State, name: string): number {
	const serial = Number.parseInt(/\.([0-9a-f]{16})$/.exec(name)?.[1] ?? "0", 16)
	const likely = eventOfSerial(state.events, serial)
	if (likely !== -1 && eventName(state, likely) === name) return likely
	for (const row of eventNumbers(state.events)) if (eventName(state, row) === name) return row
	return -1
}

/** In order of namespace, then name. */
export function* listObjects(machine: Machine, query: ListQuery): Generator<KubeObject> {
	const { state } = machine
	const { group, kind, namespace } = query
	if (group === "" && kind === "Node") {
		for (const row of nodesInOrder(state.nodes)) if (state.nodes.exists[row] === 1) yield readNode(machine, row)
	} else if (group === "" && kind === "Pod") {
		for (const row of podRows(state, query)) yield readPod(machine, row)
	} else if (kind === "Event" && (group === "" || group === "events.k8s.io")) {
		yield* inOrder(
			Array.from(eventNumbers(state.events), (row) => readEvent(machine, row)),
			namespace,
		)
	} else {
		const prefix = `${group}/${kind}/`
		const found = [...state.objects].filter(([key]) => key.startsWith(prefix))
		yield* inOrder(
			found.map(([, object]) => object),
			namespace,
		)
	}
}

function inOrder(objects: readonly KubeObject[], namespace: string | undefined): readonly KubeObject[] {
	return objects.filter(({ metadata }) => namespace === undefined || metadata.namespace === namespace).sort(byPlace)
}

function podRows(state: State, { namespace, nodeName }: ListQuery): number[] {
	const { pods, strings } = state
	const rows: number[] = []
	if (nodeName !== undefined) {
		const node = findNode(state, nodeName)
		if (node === -1) return rows
		for (let row = state.nodes.firstPod[node] as number; row !== -1; row = pods.nextHere[row] as number) {
			if (pods.bound[row] === 1) rows.push(row)
		}
	} else {
		for (let row = 0; row < pods.end; row += POD_WORDS) if (pods.owner[row] !== GONE) rows.push(row)
	}
	const names = new Map<number, string>()
	const kept = rows.filter((row) => {
		const space = textOf(strings, pods.namespace[row] as number)
		// A space sorts before every letter that names may have.
		names.set(row, `${space} ${podName(strings, pods.base[row] as number, pods.number[row] as number)}`)
		return namespace === undefined || space === namespace
	})
	return kept.sort((a, b) => byCodeUnit(names.get(a) ?? "", names.get(b) ?? ""))
}

function byPlace(a: KubeObject, b: KubeObject): number {
	return (
		byCodeUnit(a.metadata.namespace ?? "", b.metadata.namespace ?? "") || byCodeUnit(a.metadata.name, b.metadata.name)
	)
}
