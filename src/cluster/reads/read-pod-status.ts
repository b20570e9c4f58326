import { formatInstant } from "../../base/index.ts"
import type { Condition, PodStatus } from "../../kube/index.ts"
import { type PodRow, phaseOf, podStatus, qosOf, Stage, unscheduledStatus } from "../kubelet/index.ts"
import { momentOf } from "../run/kubelet.ts"
import { circumstancesOf, lifeFor } from "../run/lives.ts"
import { Readiness } from "../state/nodes.ts"
import { half, POD_WORDS } from "../state/pods.ts"
import type { State } from "../state/state.ts"
import { textOf } from "../state/strings.ts"
import { type Machine, podShapeOf } from "../writes/machine.ts"
import type { OwnWords } from "./read-pod.ts"

/** A pod's status, made now. */
export function readStatus(machine: Machine, row: number, own: OwnWords): PodStatus {
	const { state } = machine
	const { pods } = state
	const message = pods.message[row] as number
	if (!own.bound) {
		return unscheduledStatus(
			{ qos: qosOf(podShapeOf(machine, row).spec) },
			message === 0 ? undefined : textOf(state.strings, message),
			pods.stageAt[half(row)] as number,
		)
	}
	if (isRejected(state, row)) return rejected(textOf(state.strings, message), pods.stageAt[half(row)] as number)
	if (pods.stage[row] === 0)
		return {
			phase: "Pending",
			conditions: [scheduled(pods.boundAt[half(row)] as number)],
			qosClass: qosOf(podShapeOf(machine, row).spec),
		}
	return podStatus(lifeFor(machine, row), kubeletRow(machine, row, own))
}

/** The phase in a pod's status, without making that. */
export function readPhase({ state: { pods } }: Machine, row: number): string {
	if (pods.bound[row] !== 1 || pods.stage[row] === 0) return "Pending"
	return phaseOf({ stage: pods.stage[row] as Stage, restarts: pods.restarts[row] as number })
}

/** The address in a pod's status, without making that; empty where it has none. */
export function readAddress(machine: Machine, row: number): string {
	const { pods } = machine.state
	if (pods.bound[row] !== 1 || pods.stage[row] === 0 || isRejected(machine.state, row)) return ""
	return podAddress(machine, row)
}

/** What the kubelet makes its status of. */
export function kubeletRow(machine: Machine, row: number, own: OwnWords): PodRow {
	const { state } = machine
	const { pods, nodes } = state
	const node = pods.node[row] as number
	const containersAt = pods.containersAt[half(row)] as number
	const endedAt = pods.endedAt[half(row)] as number
	return {
		uid: own.uid,
		name: own.name,
		namespace: own.namespace,
		moment: momentOf(state, row),
		given: circumstancesOf(machine, row),
		now: state.now,
		scheduledAt: pods.boundAt[half(row)] as number,
		since: pods.stageAt[half(row)] as number,
		startedAt: containersAt === 0 ? undefined : containersAt,
		finishedAt: endedAt === 0 ? undefined : endedAt,
		readyChangedAt: pods.readySince[half(row)] as number,
		nodeLost: nodes.ready[node] === Readiness.Unknown,
		hostIP: addressOf(node),
		podIP: podAddress(machine, row),
	}
}

export function podAddress(machine: Machine, row: number): string {
	const { spec } = podShapeOf(machine, row)
	if (spec.hostNetwork === true) return addressOf(machine.state.pods.node[row] as number)
	return addressOf(row / POD_WORDS + 1_000_000)
}

function isRejected({ pods }: State, row: number): boolean {
	return pods.stage[row] === Stage.Failed && pods.containersAt[half(row)] === 0 && pods.message[row] !== 0
}

/** K19: what a kubelet says of a pod that it does not take. */
function rejected(text: string, at: number): PodStatus {
	const end = text.indexOf(": ")
	return { phase: "Failed", reason: text.slice(0, end), message: text.slice(end + 2), startTime: formatInstant(at) }
}

function scheduled(at: number): Condition {
	const probed = { lastProbeTime: null }
	return { type: "PodScheduled", status: "True", ...probed, lastTransitionTime: formatInstant(at) }
}

/** An address in 10.0.0.0/8 that tells rows apart. */
export function addressOf(number: number): string {
	const host = number + 257
	return `10.${(host >>> 16) & 255}.${(host >>> 8) & 255}.${host & 255}`
}
