import {
	Flag,
	isVisible,
	oldSide,
	onSide,
	rolloutBudget,
	SidedFlag,
	type TakenCensus,
	targetNodeName,
} from "../../../src/cluster/daemonset/index.ts"
import type { Cluster, Fact, PodFact } from "../../../src/cluster/index.ts"
import { demandOf } from "../../../src/cluster/scheduler/index.ts"
import {
	allowsSurge,
	compileSelector,
	type DaemonSet,
	type DaemonSetStatus,
	type Node,
	objectKey,
	type Pod,
	tolerates,
} from "../../../src/kube/index.ts"
import { nodeKey } from "../../builders/cluster.ts"
import type { HardLimit } from "./hard-limit.ts"
import { censusFromScratch, isOwnedBy, living, numbersOf, stateOf } from "./scratch.ts"

/** Runs one entry of the timeline and holds what it did against what the rules allow. Returns what they do not. */
export function runOne(on: Cluster, to: number, hardLimit: HardLimit): string[] {
	const before = on.fork()
	const from = on.sequence()
	on.advance(to, 1)
	const facts = [...on.facts(from)]
	const wrong: string[] = []
	for (const fact of facts) {
		if (fact.kind === "status") wrong.push(...statusStands(before, on, fact))
		if (fact.kind === "pod" && fact.step === "scheduled") wrong.push(...mayRunThere(before, fact))
		if (fact.kind === "pod" && fact.step === "created") wrong.push(...isAlone(before, fact))
	}
	wrong.push(...keepsBudget(before, on, facts), ...hardLimit.hold(before, on, facts))
	return wrong
}

/** The objects as they were before the entry, the time and the current revision as they are in it. */
function scratchOf(before: Cluster, on: Cluster, key: string): TakenCensus | undefined {
	const state = stateOf(on)
	for (const { row } of living(state)) {
		if (row.key === key) return censusFromScratch(before, state, row, on.now())
	}
	return undefined
}

/** S1, S2: what a sync stores is what the rules say of the objects at that moment. */
function statusStands(before: Cluster, on: Cluster, fact: Extract<Fact, { kind: "status" }>): string[] {
	const scratch = scratchOf(before, on, fact.daemonSet)
	if (scratch === undefined) return []
	const stored = (on.read(fact.daemonSet) as DaemonSet).status
	const collided = (before.read(fact.daemonSet) as DaemonSet).status?.collisionCount !== stored?.collisionCount
	if (collided || isPaced(before)) return []
	const wanted = numbersOf(scratch)
	const members = Object.keys(wanted) as (keyof DaemonSetStatus)[]
	return members.flatMap((member) =>
		(stored?.[member] ?? 0) === (wanted[member] ?? 0)
			? []
			: [`[S1] ${fact.daemonSet} ${member}: stored ${stored?.[member]}, from scratch ${wanted[member]}`],
	)
}

/** K4, K5, checked apart from the scheduler's own functions where that is simple. */
function mayRunThere(before: Cluster, fact: PodFact): string[] {
	const pod = before.read(podKey(fact)) as Pod | undefined
	const node = before.read(nodeKey(fact.node)) as Node | undefined
	if (pod === undefined || node === undefined)
		return [`[K4] ${fact.pod} was bound to ${fact.node}: one of them is not there`]
	const wrong: string[] = []
	const tolerations = pod.spec.tolerations ?? []
	for (const taint of node.spec?.taints ?? []) {
		if (taint.effect === "PreferNoSchedule") continue
		if (!tolerations.some((toleration) => tolerates(toleration, taint)))
			wrong.push(`[K4] ${fact.pod} was bound to ${fact.node} in spite of ${taint.key}:${taint.effect}`)
	}
	const selector = compileSelector({ matchLabels: pod.spec.nodeSelector ?? {} })
	if (!("error" in selector) && !selector.matches(node.metadata.labels))
		wrong.push(`[K4] ${fact.pod} was bound to ${fact.node}, which its selector does not match`)
	const allocatable = demandOf({ containers: [{ resources: { requests: node.status?.allocatable ?? {} } }] } as never)
	const here = [...before.list({ group: "", kind: "Pod", nodeName: fact.node })] as Pod[]
	const running = here.filter(({ spec, status }) => spec.nodeName === fact.node && !hasEnded(status?.phase))
	const bound = [...running, pod].map(({ spec }) => demandOf(spec))
	const asks = demandOf(pod.spec)
	for (const what of ["cpuMilli", "memoryBytes"] as const) {
		const taken = bound.reduce((sum, demand) => sum + demand[what], 0)
		if (asks[what] > 0 && taken > allocatable[what])
			wrong.push(`[K5] ${fact.pod} was bound to ${fact.node}, which has not enough ${what}`)
	}
	const pin = targetNodeName({ ...pod.spec, nodeName: "" })
	if (pin !== undefined && pin !== fact.node) wrong.push(`[P6] ${fact.pod} was meant for ${pin}, not ${fact.node}`)
	const cordoned = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const
	if (node.spec?.unschedulable && !tolerations.some((toleration) => tolerates(toleration, cordoned)))
		wrong.push(`[K4] ${fact.pod} was bound to ${fact.node}, which is cordoned`)
	const ports = bound.flatMap((demand) => demand.ports.map(({ port, protocol }) => `${port}/${protocol}`))
	if (new Set(ports).size < ports.length) wrong.push(`[K7] ${fact.node} has one port twice: ${ports}`)
	if (bound.length > Number(node.status?.allocatable?.["pods"] ?? 110))
		wrong.push(`[K5] ${fact.node} has more pods than it takes`)
	return wrong
}

/** M4, M5: the controller creates no second live pod on a node; with surge, none beside two. */
function isAlone(before: Cluster, fact: PodFact): string[] {
	if (fact.daemonSet === undefined || !fact.pod.startsWith(`${nameIn(fact.daemonSet)}-`)) return []
	const daemonSet = before.read(fact.daemonSet) as DaemonSet | undefined
	if (daemonSet === undefined) return []
	const synced = syncedAs(before, fact.daemonSet)
	const surge = allowsSurge(daemonSet.spec.updateStrategy) || allowsSurge(synced?.spec.updateStrategy)
	const pods = [...before.list({ group: "", kind: "Pod", namespace: fact.namespace })] as Pod[]
	const here = pods.filter((pod) => isOwnedBy(pod, fact.daemonSetUid ?? "") && targetNodeName(pod.spec) === fact.node)
	const terminating = here.filter(({ metadata }) => metadata.deletionTimestamp !== undefined).filter(isVisible).length
	const others = here.filter(
		({ metadata, status }) => metadata.deletionTimestamp === undefined && !hasEnded(status?.phase),
	).length
	if (surge) return others > 1 ? [`[M6] ${fact.pod} was made on ${fact.node} beside ${others} others`] : []
	return others + terminating > 0
		? [`[M4] ${fact.pod} was made on ${fact.node} beside ${others} and ${terminating} others`]
		: []
}

/** R5: no pass deletes more available old pods than the budget left. */
function keepsBudget(before: Cluster, on: Cluster, facts: readonly Fact[]): string[] {
	const leaving = facts.filter((fact): fact is PodFact => fact.kind === "pod" && fact.step === "terminating")
	if (leaving.length === 0 || isPaced(before)) return []
	if (facts.some((fact) => fact.kind === "pod" && (fact.step === "evicted" || fact.step === "preempted"))) return []
	const wrong: string[] = []
	for (const key of new Set(leaving.flatMap(({ daemonSet }) => daemonSet ?? []))) {
		const daemonSet = before.read(key) as DaemonSet | undefined
		if (daemonSet === undefined || daemonSet.metadata.deletionTimestamp !== undefined) continue
		const strategy = (syncedAs(before, key) ?? daemonSet).spec.updateStrategy
		const census = scratchOf(before, on, key)
		if (census === undefined || allowsSurge(strategy) || strategy?.type !== "RollingUpdate") continue
		const budget = rolloutBudget(strategy, census.count(Flag.Desired))
		if ("error" in budget) continue
		const available = onSide(
			SidedFlag.LoneAvailable | SidedFlag.LeavingAvailable | SidedFlag.LostAvailable,
			oldSide(census.settings),
		)
		const taken = new Set(leaving.filter((fact) => fact.daemonSet === key).map(({ node }) => node))
		const spent = [...census.inOrder(available)].filter(
			(node) => taken.has(census.nodeName(node)) && (census.entry(node).shouldContinue || !census.entry(node).exists),
		).length
		const left = Math.max(0, budget.maxUnavailable - census.count(Flag.Unavailable))
		if (spent > left) wrong.push(`[R5] ${key} gave up ${spent} available old pods where ${left} were allowed`)
	}
	return wrong
}

/** A sync under way goes by the DaemonSet as it was when it began. */
function syncedAs(before: Cluster, key: string): DaemonSet | undefined {
	const found = [...living(stateOf(before))].find(({ row }) => row.key === key)
	return found?.row.work?.daemonSet as DaemonSet | undefined
}

function hasEnded(phase: string | undefined): boolean {
	return phase === "Failed" || phase === "Succeeded"
}

// What waits for the client limit is of the moment when it was decided, not of the one when it is written.
function isPaced({ seed }: Cluster): boolean {
	return seed.endsWith("paced")
}

function podKey({ namespace, pod }: PodFact): string {
	return objectKey({ group: "", kind: "Pod", namespace, name: pod })
}

function nameIn(key: string): string {
	return key.slice(key.lastIndexOf("/") + 1)
}
