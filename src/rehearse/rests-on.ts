import { demandOf, spokenFor } from "../cluster/index.ts"
import type { NodeStep } from "../history/index.ts"
import type { PodBehavior, PodTemplate } from "../kube/index.ts"
import type { RestsOn, Stage, Surge } from "./contract.ts"

/** What says how long its pods take, and what that came to. */
export function restsOn(
	order: readonly NodeStep[],
	template: PodTemplate | undefined,
	cluster: Stage["cluster"],
): RestsOn {
	const behaviors = cluster.list({ group: "simulation.rollcall.dev", kind: "PodBehavior" }) as Iterable<PodBehavior>
	const { metadata, spec } = template ?? { spec: { containers: [] } }
	const images = spec.containers.map(({ image = "" }) => image)
	return {
		...spokenFor(behaviors, { labels: metadata?.labels ?? {}, images }),
		stopMs: median(order.map(({ stoppedAt, goneAt }) => between(stoppedAt, goneAt))),
		startMs: median(order.map(({ createdAt, readyAt }) => between(createdAt, readyAt))),
		availableMs: median(order.map(({ readyAt, availableAt }) => between(readyAt, availableAt))),
	}
}

/** The most nodes at once that have both their old pod and their new one, and what the new ones ask for. */
export function surgeOf(order: readonly NodeStep[], isSurging: boolean, template: PodTemplate | undefined): Surge {
	const both: { readonly at: number; readonly by: 1 | -1 }[] = []
	for (const { stoppedAt, goneAt, createdAt } of order) {
		const hasOld = stoppedAt !== 0 || isSurging
		if (createdAt === 0 || !hasOld || (goneAt !== 0 && goneAt <= createdAt)) continue
		both.push({ at: createdAt, by: 1 })
		if (goneAt !== 0) both.push({ at: goneAt, by: -1 })
	}
	let pods = 0
	let now = 0
	for (const { by } of both.sort((a, b) => a.at - b.at || a.by - b.by)) {
		now += by
		pods = Math.max(pods, now)
	}
	const { cpuMilli = 0, memoryBytes = 0 } = pods === 0 || template === undefined ? {} : demandOf(template.spec)
	return { pods, cpuMilli: pods * cpuMilli, memoryBytes: pods * memoryBytes }
}

/** Nothing where one of the two did not happen. */
function between(from: number, to: number): number | undefined {
	return from === 0 || to === 0 ? undefined : Math.max(0, to - from)
}

function median(values: readonly (number | undefined)[]): number {
	const known = values.filter((value) => value !== undefined).sort((a, b) => a - b)
	return known[known.length >> 1] ?? 0
}
