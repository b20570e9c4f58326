import type { ContainerLife, Life } from "./life.ts"
import { type Circumstances, type Moment, Stage } from "./moment.ts"
import { passesAt } from "./probes.ts"
import { groupEnd } from "./times.ts"

/** Always asks the registry, even where the image is there (L7); the longest that takes. */
const LOOK_MS = 450

/**
 * How long a pod may take from the beginning of its present stage until it is ready, as 99 of 100 do by the behavior's
 * quantiles: what an operator expects, not what this pod has drawn. Undefined where it is not on its way.
 */
export function expectedMs(life: Life, given: Circumstances, moment: Moment): number | undefined {
	const { stage, group } = moment
	if (stage === (0 as Stage)) return restMs(life, given, 0)
	if (stage === Stage.Running) return readyMs(life)
	const left = startedMs(life, group) + restMs(life, given, group + 1)
	if (stage === Stage.Initializing) return left
	if (stage === Stage.Starting) return life.behavior.start.p99 + left
	return stage === Stage.Pulling ? pullMs(life, given, group) + life.behavior.start.p99 + left : undefined
}

/** All groups from this one on. */
function restMs(life: Life, given: Circumstances, from: number): number {
	let total = 0
	for (let group = from; group < life.groups.length; group++) {
		total += pullMs(life, given, group) + life.behavior.start.p99 + startedMs(life, group)
	}
	return total
}

/** From the start of a group's containers until the next group may begin, or the pod is ready (L9). */
function startedMs(life: Life, group: number): number {
	if (group === life.groups.length - 1) return readyMs(life)
	const container = life.containers[group] as ContainerLife
	if (container.kind === "init") return life.behavior.start.p99
	return container.startup === undefined ? 0 : passesAt(container.startup, life.behavior.ready.p99)
}

function pullMs(life: Life, { missing, pullFactor }: Circumstances, group: number): number {
	let total = 0
	for (let index = life.groups[group] ?? 0; index < groupEnd(life, group); index++) {
		if (index < 31 && (missing & (1 << index)) !== 0) total += Math.round(life.behavior.pull.p99 * pullFactor)
		else if (life.containers[index]?.pullPolicy === "Always") total += LOOK_MS
	}
	return total
}

function readyMs(life: Life): number {
	const up = life.behavior.ready.p99
	return life.containers.slice(life.groups.at(-1)).reduce((latest, { startup, readiness }) => {
		const started = startup === undefined ? up : passesAt(startup, up)
		return Math.max(latest, readiness === undefined ? started : passesAt(readiness, started))
	}, up)
}
