import { byCodeUnit } from "../../base/index.ts"
import { type KubeObject, keyParts, type ObjectKey, withControlPlane } from "../../kube/index.ts"
import type { ListQuery } from "../contract.ts"
import { eventOfSerial } from "../state/events.ts"
import { nodesInOrder, rankFrom } from "../state/node-order.ts"
import type { State } from "../state/state.ts"
import type { Machine } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { findPod } from "../writes/pods.ts"
import { countEvents, eventRows } from "./event-order.ts"
import { countPods, podRows } from "./pod-order.ts"
import { podText } from "./pod-text.ts"
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
	if (kind === "Event" && !state.objects.has(key)) {
		const row = findEventNamed(state, name)
		return row === -1 ? undefined : readEvent(machine, row)
	}
	return state.objects.get(key)
}

/** The object with what the control plane owns of it, as JSON.stringify gives it. */
export function readText(machine: Machine, key: ObjectKey): string | undefined {
	const { group, kind, namespace, name } = keyParts(key)
	if (group === "" && kind === "Pod") {
		const row = findPod(machine.state, namespace, name)
		return row === -1 ? undefined : podText(machine, row, "alone")
	}
	const object = readObject(machine, key)
	return object === undefined ? undefined : JSON.stringify(withControlPlane(object))
}

/** The name ends with the serial. */
function findEventNamed(state: State, name: string): number {
	const serial = Number.parseInt(/\.([0-9a-f]{16})$/.exec(name)?.[1] ?? "0", 16)
	const number = serial === 0 ? -1 : eventOfSerial(state.events, serial)
	return number === -1 || eventName(state, number) !== name ? -1 : number
}

/** In order of namespace, then name. */
export function* listObjects(machine: Machine, query: ListQuery): Generator<KubeObject> {
	const { state } = machine
	const { group, kind } = query
	if (group === "" && kind === "Node") {
		for (const row of nodeRows(state, query)) yield readNode(machine, row)
	} else if (group === "" && kind === "Pod") {
		for (const row of podRows(machine, query)) yield readPod(machine, row)
	} else if (isEvent(query)) {
		yield* merged(ownEvents(machine, query), inOrder(writtenEvents(state), query))
	} else {
		yield* inOrder(storedObjects(state, query), query)
	}
}

/** The same objects in the same order, as text. */
export function* listTexts(machine: Machine, query: ListQuery): Generator<string> {
	if (query.group === "" && query.kind === "Pod") {
		for (const row of podRows(machine, query)) yield podText(machine, row, "listed")
	} else {
		for (const { apiVersion: _version, kind: _kind, ...object } of listObjects(machine, query))
			yield JSON.stringify(object)
	}
}

export function countObjects(machine: Machine, query: ListQuery): number {
	const { state } = machine
	const { group, kind } = query
	if (group === "" && kind === "Pod") return countPods(machine, query)
	if (isEvent(query)) return countEvents(machine, query) + inOrder(writtenEvents(state), query).length
	if (group !== "" || kind !== "Node") return inOrder(storedObjects(state, query), query).length
	let count = 0
	for (const _ of nodeRows(state, query)) count++
	return count
}

function isEvent({ group, kind }: ListQuery): boolean {
	return kind === "Event" && (group === "" || group === "events.k8s.io")
}

function* ownEvents(machine: Machine, query: ListQuery): Generator<KubeObject> {
	const { events } = machine.state
	for (const number of eventRows(machine, query)) if (number >= events.oldest) yield readEvent(machine, number)
}

/** Events that clients wrote are objects like others. */
function writtenEvents(state: State): readonly KubeObject[] {
	return storedObjects(state, { group: "", kind: "Event" })
}

/** Both in order, in order. */
function* merged(one: Iterable<KubeObject>, other: readonly KubeObject[]): Generator<KubeObject> {
	let next = 0
	for (const object of one) {
		for (
			let before = other[next];
			before && comparePlaces(before.metadata, object.metadata) < 0;
			before = other[next]
		) {
			yield before
			next++
		}
		yield object
	}
	yield* other.slice(next)
}

function* nodeRows({ nodes, strings }: State, { after }: ListQuery): Generator<number> {
	const from = after === undefined ? 0 : rankFrom(nodes, strings, `${after.name}\0`)
	for (const row of nodesInOrder(nodes, from)) if (nodes.exists[row] === 1) yield row
}

function storedObjects(state: State, { group, kind }: ListQuery): readonly KubeObject[] {
	const prefix = `${group}/${kind}/`
	const found: KubeObject[] = []
	for (const [key, object] of state.objects) if (key.startsWith(prefix)) found.push(object)
	return found
}

function inOrder(objects: readonly KubeObject[], { namespace, after }: ListQuery): readonly KubeObject[] {
	const isListed = ({ metadata }: KubeObject): boolean =>
		(namespace === undefined || metadata.namespace === namespace) &&
		(after === undefined || comparePlaces(metadata, after) > 0)
	return objects.filter(isListed).sort((a, b) => comparePlaces(a.metadata, b.metadata))
}

type Place = { readonly namespace?: string; readonly name: string }

function comparePlaces(a: Place, b: Place): number {
	return byCodeUnit(a.namespace ?? "", b.namespace ?? "") || byCodeUnit(a.name, b.name)
}
