import { type KubeObject, keyOf, objectKey } from "../../kube/index.ts"
import { FOREGROUND } from "../garbage/index.ts"
import type { State } from "../state/state.ts"
import type { Machine } from "./machine.ts"
import { planTask } from "./objects.ts"

/** Who waits for something to be gone: owners in foreground deletion (G10), and namespaces (G11). */
export function toldGone(machine: Machine, gone: KubeObject["metadata"]): void {
	for (const { apiVersion, kind, name, uid } of gone.ownerReferences ?? []) {
		const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : ""
		for (const namespace of new Set([gone.namespace ?? "", ""])) {
			const owner = machine.state.objects.get(objectKey({ group, kind, namespace, name }))
			if (owner?.metadata.uid === uid) ownerWaits(machine, owner)
		}
	}
	namespaceWaits(machine.state, gone.namespace ?? "")
}

/** The collector looks at the owner again, where it waits. */
export function ownerWaits({ state }: Machine, owner: KubeObject | undefined): void {
	if (owner !== undefined && isWaiting(owner)) lookLater(state, owner)
}

export function namespaceWaits(state: State, namespace: string): void {
	if (state.closing.get(namespace) !== false) return
	state.closing.set(namespace, true)
	planTask(state, state.now + state.settings.ownerGcMs, { kind: "close", namespace })
}

export function lookLater(state: State, owner: KubeObject): void {
	const { uid } = owner.metadata
	if (uid !== undefined)
		planTask(state, state.now + state.settings.ownerGcMs, { kind: "collect", uid, key: keyOf(owner) })
}

export function isWaiting({ metadata }: KubeObject): boolean {
	return metadata.deletionTimestamp !== undefined && metadata.finalizers?.includes(FOREGROUND) === true
}
