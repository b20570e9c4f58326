import { deepFreeze, parseInstant } from "../../base/index.ts"
import {
	checkDelete,
	groupOf,
	type KubeObject,
	keyParts,
	type Node,
	type NodePool,
	type ObjectKey,
	type Pod,
	type Refusal,
	resourceName,
	type Scenario,
	SIMULATION_GROUP,
	warningsOf,
} from "../../kube/index.ts"
import type { Fault, Verdict, Write } from "../contract.ts"
import { readObject } from "../reads/read-object.ts"
import { newUid, newVersion, uidText } from "../state/uids.ts"
import type { Machine } from "../writes/machine.ts"
import { findNode } from "../writes/node-rows.ts"
import { removeNode } from "../writes/nodes.ts"
import { storeObject } from "../writes/objects.ts"
import { findPod } from "../writes/pods.ts"
import { deletePod } from "../writes/terminate.ts"
import { judgeWrite, missing, refuse, stamped } from "../writes/write.ts"
import { storePod } from "./bare-pods.ts"
import { beginRemoval, removeObject } from "./collector.ts"
import { classesOf } from "./daemonset-pods.ts"
import { behaviorsChanged } from "./lives.ts"
import { beginClosing, refusesToClose } from "./namespaces.ts"
import { breakNode, mendNode, pressNode } from "./node-lifecycle.ts"
import { resizePool, storeNode } from "./node-objects.ts"
import { planScenario } from "./scenarios.ts"

/** Judges a write, and with `act` performs it. */
export function answer(machine: Machine, write: Write, act: boolean): Verdict {
	if (write.verb === "fault") return answerFault(machine, write.fault, act)
	const live = readObject(machine, write.key)
	const kept = live && ownEvent(machine, write.key)
	if (kept !== undefined) return { accepted: false, refusal: kept }
	if (write.verb === "delete") return answerDelete(machine, write, live, act)
	const judged = judgeWrite(write, live, machine.state.now)
	if (judged.kind === "refused") return { accepted: false, refusal: judged.refusal }
	const closed = judged.before === undefined ? intoClosing(machine, judged.after) : undefined
	const refusal = closed ?? secondDefault(machine, judged.after)
	if (refusal !== undefined) return { accepted: false, refusal }
	const warnings = warningsOf(judged.after)
	if (!judged.changed || !act) return { accepted: true, changed: judged.changed, object: judged.after, warnings }
	const refused = store(machine, write.key, judged.before, judged.after)
	if (refused !== undefined) return refused
	// With its last finalizer an object is gone: the answer is what was written then.
	return { accepted: true, changed: true, object: readObject(machine, write.key) ?? judged.after, warnings }
}

/** What the cluster tells of itself is nobody's to change. */
function ownEvent({ state }: Machine, key: ObjectKey): Refusal | undefined {
	const { group, kind, name } = keyParts(key)
	if (group !== "" || kind !== "Event" || state.objects.has(key)) return undefined
	const why = "the cluster's own Events are a record; each goes an hour after it was last seen"
	return refuse("Forbidden", `events "${name}" is forbidden: ${why}`).refusal
}

/** G11: nothing new comes into a namespace that is being emptied. */
function intoClosing({ state }: Machine, object: KubeObject): Refusal | undefined {
	const { namespace = "", name } = object.metadata
	if (!state.closing.has(namespace)) return undefined
	const why = `unable to create new content in namespace ${namespace} because it is being terminated`
	return refuse("Forbidden", `${resourceName(object)} "${name}" is forbidden: ${why}`).refusal
}

/** N15: of all PriorityClasses one may be the global default. */
function secondDefault(
	machine: Machine,
	{ apiVersion, kind, metadata, globalDefault }: KubeObject,
): Refusal | undefined {
	if (globalDefault !== true || kind !== "PriorityClass" || groupOf(apiVersion) !== "scheduling.k8s.io")
		return undefined
	const other = classesOf(machine).find((rank) => rank.globalDefault === true && rank.name !== metadata.name)
	if (other === undefined) return undefined
	const why = `PriorityClass ${other.name} is already marked as default. Only one default can exist`
	return refuse("Forbidden", `priorityclasses.scheduling.k8s.io "${metadata.name}" is forbidden: ${why}`).refusal
}

function answerDelete(
	machine: Machine,
	write: Extract<Write, { readonly verb: "delete" }>,
	live: KubeObject | undefined,
	act: boolean,
): Verdict {
	const { group, kind, namespace, name } = keyParts(write.key)
	const isNamespace = group === "" && kind === "Namespace"
	const immortal = isNamespace ? refusesToClose(name) : undefined
	if (immortal !== undefined) return { accepted: false, refusal: refuse("Forbidden", immortal).refusal }
	if (live === undefined) {
		const apiVersion = group === "" ? "v1" : `${group}/v1`
		return { accepted: false, refusal: missing({ apiVersion, kind, metadata: { name, namespace } }).refusal }
	}
	const conflict = checkDelete(live, write.preconditions)
	if (conflict !== undefined) return { accepted: false, refusal: conflict }
	if (!act) return { accepted: true, changed: true, object: live, warnings: [] }
	if (isNamespace) beginClosing(machine, live)
	else if (group === "" && kind === "Node") removeNode(machine, findNode(machine.state, name))
	else if (group === "" && kind === "Pod")
		deletePod(machine, findPod(machine.state, namespace, name), write.gracePeriodSeconds)
	else beginRemoval(machine, live, write.propagation ?? "Background")
	const left = readObject(machine, write.key)
	return { accepted: true, changed: true, ...(left === undefined ? {} : { object: left }), warnings: [] }
}

function answerFault(machine: Machine, fault: Fault, act: boolean): Verdict {
	const { state } = machine
	const node = findNode(state, fault.node)
	if (node === -1 || state.nodes.exists[node] !== 1) {
		return { accepted: false, refusal: refuse("NotFound", `nodes "${fault.node}" not found`).refusal }
	}
	const down = state.nodes.downAt.has(node)
	const bit = fault.kind === "pressure" ? { memory: 1, disk: 2, pid: 4 }[fault.resource] : 0
	const changed =
		fault.kind === "node-down"
			? !down
			: fault.kind === "node-up"
				? down
				: fault.kind === "pressure"
					? (((state.nodes.pressure[node] as number) & bit) !== 0) !== fault.on
					: (state.nodes.slowness.get(node) ?? 1) !== fault.factor
	if (act && changed) {
		if (fault.kind === "node-down") breakNode(machine, node)
		else if (fault.kind === "node-up") mendNode(machine, node)
		else if (fault.kind === "pressure") pressNode(machine, node, fault.resource, fault.on)
		else state.nodes.slowness.set(node, fault.factor)
	}
	return { accepted: true, changed, warnings: [] }
}

/** Stores what a write came to, by kind. Returns a refusal where only storing could tell. */
function store(
	machine: Machine,
	key: ObjectKey,
	before: KubeObject | undefined,
	after: KubeObject,
): Verdict | undefined {
	const { group, kind } = keyParts(key)
	if (group === "" && kind === "Node") return storeNode(machine, before as Node | undefined, after as Node)
	if (group === "" && kind === "Pod") return storePod(machine, before as Pod | undefined, after as Pod)
	const { state } = machine
	const object =
		before === undefined
			? stamped(after, uidText(state, newUid(state)), newVersion(state), state.now)
			: { ...after, metadata: { ...after.metadata, resourceVersion: String(newVersion(state)) } }
	storeObject(machine, before, deepFreeze(object) as KubeObject)
	if (group === "" && kind === "Event") dropOldEvents(machine)
	// G8: the last finalizer is gone.
	const { deletionTimestamp, finalizers = [] } = object.metadata
	if (deletionTimestamp !== undefined && finalizers.length === 0 && kind !== "Namespace") {
		removeObject(machine, object as KubeObject)
		return undefined
	}
	if (group === SIMULATION_GROUP) storeSimulation(machine, kind, before, object)
	return undefined
}

const EVENT_LIFETIME_MS = 3_600_000

/** As the server, which keeps an Event for an hour: with each that is written, those go that are older. */
function dropOldEvents(machine: Machine): void {
	const { state } = machine
	for (const [key, event] of state.objects) {
		if (!key.startsWith("/Event/")) continue
		const times = [event.metadata.creationTimestamp, event["lastTimestamp"]].map(
			(text) => parseInstant(String(text)) ?? 0,
		)
		if (Math.max(...times) + EVENT_LIFETIME_MS < state.now) storeObject(machine, event, undefined)
	}
}

function storeSimulation(machine: Machine, kind: string, before: KubeObject | undefined, after: KubeObject): void {
	if (kind === "NodePool") resizePool(machine, before as NodePool | undefined, after as NodePool)
	else if (kind === "PodBehavior") behaviorsChanged(machine)
	else if (kind === "Scenario" && before === undefined) planScenario(machine, after as Scenario)
}
