import { deepFreeze, formatInstant } from "../../base/index.ts"
import { type KubeObject, objectKey } from "../../kube/index.ts"
import { half, POD_WORDS } from "../state/pods.ts"
import { newVersion } from "../state/uids.ts"
import type { Machine } from "../writes/machine.ts"
import { storeObject } from "../writes/objects.ts"
import { GONE } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { namespaceWaits } from "../writes/waiting.ts"
import { beginRemoval, removeObject } from "./collector.ts"

/** Those that the API server needs itself. */
const IMMORTAL = new Set(["default", "kube-system", "kube-public"])

/** G11: why a namespace may not be deleted. */
export function refusesToClose(name: string): string | undefined {
	return IMMORTAL.has(name) ? `namespaces "${name}" is forbidden: this namespace may not be deleted` : undefined
}

/** G11: the namespace stays, terminating, until what is in it is gone. */
export function beginClosing(machine: Machine, live: KubeObject): void {
	const { state } = machine
	const { name } = live.metadata
	if (state.closing.has(name)) return
	const metadata = {
		...live.metadata,
		deletionTimestamp: formatInstant(state.now),
		resourceVersion: String(newVersion(state)),
	}
	storeObject(machine, live, deepFreeze({ ...live, metadata, status: { phase: "Terminating" } }) as KubeObject)
	state.closing.set(name, false)
	namespaceWaits(state, name)
}

/** G11: deletes what is in it; the last of it to go brings the look that ends the namespace. */
export function closeNamespace(machine: Machine, name: string): void {
	const { state } = machine
	if (!state.closing.has(name)) return
	state.closing.set(name, false)
	for (const object of [...state.objects.values()]) {
		if (object.metadata.namespace === name && object.metadata.deletionTimestamp === undefined)
			beginRemoval(machine, object, "Background")
	}
	for (const row of podsIn(machine, name)) if (state.pods.deletedAt[half(row)] === 0) deletePod(machine, row)
	if (podsIn(machine, name).length > 0) return
	for (const { metadata } of state.objects.values()) if (metadata.namespace === name) return
	state.closing.delete(name)
	const live = state.objects.get(objectKey({ group: "", kind: "Namespace", namespace: "", name }))
	if (live !== undefined) removeObject(machine, live)
}

function podsIn({ state }: Machine, namespace: string): number[] {
	const { pods, strings } = state
	const space = strings.ids.get(namespace)
	const rows: number[] = []
	for (let row = 0; row < pods.end; row += POD_WORDS) {
		if (pods.owner[row] !== GONE && pods.namespace[row] === space) rows.push(row)
	}
	return rows.sort((a, b) => (pods.uid[half(a)] as number) - (pods.uid[half(b)] as number))
}
