import { type JsonObject, wholeSecond } from "../../base/index.ts"
import { untoleratedTaints } from "../../kube/index.ts"
import { type Census, type Entry, type Facet, Flag, livePods } from "../daemonset/index.ts"
import { expectedMs, Stage } from "../kubelet/index.ts"
import { momentOf } from "../run/kubelet.ts"
import { circumstancesOf, knownLife } from "../run/lives.ts"
import type { NodeTrouble, PodTrouble } from "../standing.ts"
import type { DaemonSetRow } from "../state/daemon-sets.ts"
import { podName } from "../state/names.ts"
import { Readiness } from "../state/nodes.ts"
import { half } from "../state/pods.ts"
import { type Machine, nodeShapeOf, podShapeOf } from "../writes/machine.ts"
import { nameOfNode } from "../writes/nodes.ts"
import { taintText } from "./left-out.ts"
import { noRoom } from "./no-room.ts"
import { readPod } from "./read-pod.ts"

/** Everything about one node that can tell why its DaemonSet pod is not available. */
export function troubleOn(machine: Machine, owner: DaemonSetRow, census: Census, node: number): NodeTrouble {
	const { nodes } = machine.state
	const entry = census.entry(node)
	const facet = speakerOf(entry, census)
	const exists = nodes.exists[node] === 1
	const surges = census.settings.surge
	const shape = exists ? nodeShapeOf(machine, node) : undefined
	const tolerations = facet === undefined ? [] : (podShapeOf(machine, facet.pod).spec.tolerations ?? [])
	const [taint] = untoleratedTaints(shape?.taints ?? [], tolerations, ["NoSchedule", "NoExecute"])
	const verdict = owner.census.verdicts[node] as number
	return {
		node: nameOfNode(machine.state, node),
		state: exists ? (STATES[nodes.ready[node] as number] ?? "none") : "gone",
		since: exists ? (nodes.readySince[node] as number) : 0,
		cordoned: shape?.unschedulable === true,
		...(taint === undefined || facet === undefined ? {} : { taint: taintText(taint) }),
		usesBudget: (verdict & (surges ? Flag.Surging : Flag.Unavailable)) !== 0,
		...(facet === undefined ? {} : { pod: podTrouble(machine, owner, census, facet) }),
	}
}

const STATES: Readonly<Record<number, NodeTrouble["state"]>> = {
	[Readiness.None]: "none",
	[Readiness.True]: "ready",
	[Readiness.False]: "not-ready",
	[Readiness.Unknown]: "unknown",
}

/** The new pod where there is one, else the old one; of a crowd the first by rule M5, and last one that is going. */
function speakerOf(entry: Entry, { settings }: Census): Facet | undefined {
	const live = livePods(entry, settings)
	const alone = live?.current ?? live?.old
	return alone ?? entry.pods.find(({ terminating }) => !terminating) ?? entry.pods[0]
}

function podTrouble(machine: Machine, owner: DaemonSetRow, census: Census, facet: Facet): PodTrouble {
	const { pods, strings } = machine.state
	const row = facet.pod
	const bound = pods.bound[row] === 1
	const deletedAt = pods.deletedAt[half(row)] as number
	const stage = pods.stage[row] as number
	const expectedAt = bound && deletedAt === 0 ? expected(machine, owner, row) : undefined
	const hasFailed = FAILING.has(stage) || (pods.restarts[row] as number) > 0
	const container = bound && hasFailed ? containerOf(machine, row) : undefined
	return {
		name: podName(strings, pods.base[row] as number, pods.number[row] as number),
		isNew: facet.side === census.settings.newSide,
		stage: bound ? (STAGES[stage] ?? "waiting") : "pending",
		since: (stage === 0 ? 0 : (pods.stageAt[half(row)] as number)) || (pods.createdAt[half(row)] as number),
		...(expectedAt === undefined ? {} : { expectedAt }),
		...(deletedAt === 0
			? {}
			: { terminating: { since: deletedAt, until: deletedAt + (pods.graceMs[half(row)] as number) } }),
		...(!bound && pods.message[row] !== 0 && deletedAt === 0 ? { noRoom: noRoom(machine, row) } : {}),
		...(container === undefined ? {} : { container }),
	}
}

const STAGES: Readonly<Record<number, PodTrouble["stage"]>> = {
	[Stage.Pulling]: "pulling",
	[Stage.PullBackOff]: "pull-back-off",
	[Stage.Starting]: "starting",
	[Stage.Initializing]: "initializing",
	[Stage.Running]: "running",
	[Stage.Ready]: "ready",
	[Stage.CrashBackOff]: "crash-back-off",
	[Stage.Failed]: "failed",
	[Stage.Succeeded]: "succeeded",
	[Stage.BreakingNode]: "running",
}
/** Where a container's state has more to say than the stage. */
const FAILING = new Set<number>([Stage.PullBackOff, Stage.CrashBackOff, Stage.Failed])

/** R4: ready is not available yet where minReadySeconds are to pass. */
function expected(machine: Machine, { census }: DaemonSetRow, row: number): number | undefined {
	const { pods } = machine.state
	const minReadyMs = census.minReadySeconds * 1000
	if (pods.ready[row] === 1) return wholeSecond(pods.readySince[half(row)] as number) + minReadyMs
	const known = knownLife(machine, row)
	const left = expectedMs(known.life, circumstancesOf(machine, row, known), momentOf(machine.state, row))
	const since = pods.stage[row] === 0 ? pods.boundAt[half(row)] : pods.stageAt[half(row)]
	return left === undefined ? undefined : (since as number) + left + minReadyMs
}

/** The first container that waits for something bad, ended badly, or did so the last time. */
function containerOf(machine: Machine, row: number): PodTrouble["container"] {
	const status = readPod(machine, row).status as JsonObject | undefined
	const all = [...list(status?.["initContainerStatuses"]), ...list(status?.["containerStatuses"])]
	const seen = all.map((one) => ({ one, bad: badState(one) })).find(({ bad }) => bad !== undefined)
	if (seen?.bad === undefined) return undefined
	const { one, bad } = seen
	const last = member(member(one, "lastState"), "terminated")
	const exitCode = bad["exitCode"] ?? last?.["exitCode"]
	const ended = bad["exitCode"] === undefined ? last?.["reason"] : bad["reason"]
	const message = bad["message"]
	return {
		name: String(one["name"]),
		image: String(one["image"]),
		reason: String(bad["reason"]),
		...(typeof message === "string" ? { message } : {}),
		...(typeof exitCode === "number" ? { exitCode } : {}),
		...(typeof ended === "string" ? { ended } : {}),
		restarts: Number(one["restartCount"] ?? 0),
	}
}

const NORMAL = new Set(["PodInitializing", "ContainerCreating", "Completed"])

function badState(status: JsonObject): JsonObject | undefined {
	const state = member(status, "state")
	const now = member(state, "waiting") ?? member(state, "terminated")
	if (now !== undefined && !NORMAL.has(String(now["reason"]))) return now
	const last = member(member(status, "lastState"), "terminated")
	return last !== undefined && status["ready"] !== true ? last : undefined
}

function list(value: unknown): readonly JsonObject[] {
	return Array.isArray(value) ? value : []
}

function member(of: JsonObject | undefined, name: string): JsonObject | undefined {
	return of?.[name] as JsonObject | undefined
}
