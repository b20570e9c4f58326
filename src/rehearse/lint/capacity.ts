import { formatDuration, parseDuration } from "../../base/index.ts"
import type { NoRoom } from "../../cluster/index.ts"
import { type DaemonSet, failurePolicyOf, thresholdPods } from "../../kube/index.ts"
import { type Lint, type LintContext, standingOf, warning } from "./context.ts"

const NAMED = 3

const HELP: Readonly<Record<NoRoom["preemption"], string>> = {
	"under-way": "pods of lower priority are leaving",
	never: "it may preempt nobody (preemptionPolicy)",
	impossible: "no other pod's leaving would help",
	"nobody-lower":
		"nobody there has a lower priority: it stays Pending until somebody leaves; a higher priority would make room",
	"not-enough": "the pods of lower priority are not enough",
}

/** Nodes on which it finds no place, by what is missing and what would help. */
export function* noRoom(daemonSet: DaemonSet, context: LintContext): Iterable<Lint> {
	const groups = new Map<string, { nodes: string[]; room: NoRoom }>()
	for (const { node, pod } of standingOf(daemonSet, context)?.trouble ?? []) {
		const room = pod?.noRoom
		if (room === undefined) continue
		const what = `${sayShort(room)}/${room.preemption}`
		const group = groups.get(what) ?? { nodes: [], room }
		groups.set(what, group)
		group.nodes.push(node)
	}
	for (const { nodes, room } of groups.values()) {
		const where =
			nodes.length > NAMED ? `${nodes.slice(0, NAMED).join(", ")} and ${nodes.length - NAMED} more` : nodes.join(", ")
		yield warning("no-room", `no room on ${where}: ${sayShort(room)}; ${HELP[room.preemption]}`)
	}
}

function sayShort({ short, message }: NoRoom): string {
	if (short.length === 0) return message
	return short
		.map(
			({ resource, wanted, free, holders }) =>
				`${resource} is ${amount(resource, wanted - free)} short${holder(holders)}`,
		)
		.join(", ")
}

function holder(holders: NoRoom["short"][number]["holders"]): string {
	const [largest] = holders
	return largest === undefined ? "" : ` (${largest.pod} holds the most)`
}

function amount(resource: string, value: number): string {
	if (resource === "cpu") return `${value}m`
	if (resource === "memory" || resource === "ephemeral-storage") return `${Math.ceil(value / 1_048_576)}Mi`
	return String(value)
}

/** Probes that cannot let a pod turn available before its DaemonSet's own deadline. */
export function* slowerThanDeadline(daemonSet: DaemonSet): Iterable<Lint> {
	const text = daemonSet.metadata.annotations?.["rollcall.dev/progress-deadline"]
	const deadlineMs = text === undefined ? undefined : parseDuration(text)
	if (deadlineMs === undefined) return
	const { template, minReadySeconds = 0 } = daemonSet.spec
	for (const [index, { name, startupProbe, readinessProbe }] of template.spec.containers.entries()) {
		const startup = startupProbe === undefined ? 0 : (startupProbe.initialDelaySeconds ?? 0)
		const ready = readinessProbe === undefined ? 0 : (readinessProbe.initialDelaySeconds ?? 0)
		const least = (Math.max(startup, ready) + minReadySeconds) * 1_000
		if (least < deadlineMs) continue
		const field = `spec.template.spec.containers[${index}].readinessProbe`
		yield warning(
			"slower-than-deadline",
			`container ${name} takes at least ${formatDuration(least)} to be available, its deadline is ${text}`,
			field,
		)
	}
}

/** More nodes must fail than a rollout takes at once: it stands still before, and without a deadline never fails. */
export function* unreachableThreshold(daemonSet: DaemonSet, context: LintContext): Iterable<Lint> {
	const { threshold, deadlineMs, onFailure } = failurePolicyOf(daemonSet) ?? {}
	if (threshold === undefined || deadlineMs !== undefined || onFailure === "none") return
	const { desired = 0, budget } = standingOf(daemonSet, context) ?? {}
	if (budget === undefined || desired === 0) return
	const needed = thresholdPods(threshold, desired)
	if (needed <= budget.size) return
	const [annotation, atOnce] = ["rollcall.dev/failure-threshold", `${budget.size} of its ${desired} nodes`]
	yield warning(
		"threshold-above-budget",
		`failure-threshold ${threshold} is ${needed} failing nodes, and ${budget.of} lets ${atOnce} go at once: it stands still before it fails; lower it, or add rollcall.dev/progress-deadline`,
		`metadata.annotations[${annotation}]`,
	)
}
