import { deepFreeze, formatInstant } from "../../base/index.ts"
import { type DaemonSet, type DaemonSetStatus, type KubeObject, statusManaged } from "../../kube/index.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import type { State } from "../state/state.ts"
import { newVersion } from "../state/uids.ts"
import type { Machine } from "./machine.ts"

/**
 * Stores a DaemonSet's status: no generation, no sync follows. There is one for nearly every sync of a rollout, so the
 * object is made when somebody reads it: `writeStatuses`.
 */
export function storeStatus(machine: Machine, owner: DaemonSetRow, status: DaemonSetStatus): void {
	const { state } = machine
	if (!state.objects.has(owner.key)) return
	const changed = changedMembers(storedStatus(state, owner), status, owner.unwritten?.changed)
	owner.unwritten = { status, version: newVersion(state), at: state.now, changed }
	machine.facts.status(owner, {
		observedGeneration: status.observedGeneration ?? 0,
		desired: status.desiredNumberScheduled,
		updated: status.updatedNumberScheduled ?? 0,
		available: status.numberAvailable ?? 0,
		ready: status.numberReady,
		misscheduled: status.numberMisscheduled,
	})
}

/** Statuses that were stored go into their objects: before any of those is read, copied or changed. */
export function writeStatuses({ daemonSets, objects }: State): void {
	for (const owner of daemonSets) {
		if (owner?.unwritten === undefined) continue
		const { status, version, at, changed } = owner.unwritten
		const before = objects.get(owner.key)
		owner.unwritten = undefined
		if (before === undefined || before.metadata.uid !== owner.uid) continue
		const metadata = { ...before.metadata, resourceVersion: String(version) }
		const after = { ...before, metadata, status: withoutZeros(status) } as KubeObject
		const writer = { manager: CONTROLLERS, time: formatInstant(at) }
		objects.set(owner.key, deepFreeze(changed.length === 0 ? after : statusManaged(after, writer, changed)))
	}
}

/** Who the controllers are in `managedFields`. */
export const CONTROLLERS = "kube-controller-manager"

const COUNTS: readonly (keyof DaemonSetStatus)[] = [
	"collisionCount",
	"currentNumberScheduled",
	"desiredNumberScheduled",
	"numberAvailable",
	"numberMisscheduled",
	"numberReady",
	"numberUnavailable",
	"observedGeneration",
	"updatedNumberScheduled",
]

/** What the controller has changed of it since, so that it owns them. */
function changedMembers(
	before: DaemonSetStatus | undefined,
	after: DaemonSetStatus,
	known: readonly (keyof DaemonSetStatus)[] = [],
): readonly (keyof DaemonSetStatus)[] {
	const more = COUNTS.filter((name) => (before?.[name] ?? 0) !== (after[name] ?? 0) && !known.includes(name))
	return more.length === 0 ? known : [...known, ...more]
}

/** The status that was stored last, whether its object has it or not. */
export function storedStatus({ objects }: State, owner: DaemonSetRow): DaemonSetStatus | undefined {
	return owner.unwritten?.status ?? (objects.get(owner.key) as DaemonSet | undefined)?.status
}

/** The API leaves these members out where they are 0. */
function withoutZeros(status: DaemonSetStatus): DaemonSetStatus {
	const { observedGeneration, updatedNumberScheduled, numberAvailable, numberUnavailable, ...rest } = status
	return {
		...rest,
		...(observedGeneration ? { observedGeneration } : {}),
		...(updatedNumberScheduled ? { updatedNumberScheduled } : {}),
		...(numberAvailable ? { numberAvailable } : {}),
		...(numberUnavailable ? { numberUnavailable } : {}),
	}
}
