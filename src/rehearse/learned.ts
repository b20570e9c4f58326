import { byCodeUnit } from "../base/index.ts"
import type { NodeStep } from "../history/index.ts"
import type { KubeObject } from "../kube/index.ts"

/** A rollout that is over, as the ledger has it. */
export type Past = {
	readonly rollout: number
	/** Of its containers, the main one first. */
	readonly images: readonly string[]
	readonly steps: Iterable<NodeStep>
}

/** What past rollouts of an image repository teach of the time that its pods take. */
export type Lesson = {
	readonly image: string
	/** Oldest first. */
	readonly rollouts: readonly number[]
	readonly nodes: number
	/** A PodBehavior that says so, above all others. */
	readonly behavior: KubeObject
}

type Heard = { readonly glob: string; readonly rollouts: number[]; readonly ready: number[]; readonly stop: number[] }

/** Fewer say nothing of the rest. */
const FEWEST_NODES = 5
const PRIORITY = 900_000

/**
 * A lesson for each image repository, by name. The ledger has when a pod was made and when it was ready, so all in between
 * counts as one; a pod that was restarted teaches nothing.
 */
export function lessonsOf(past: Iterable<Past>): Lesson[] {
	const known = new Map<string, Heard>()
	for (const { rollout, images, steps } of past) {
		const image = repositoryOf(images[0] ?? "")
		const heard = known.get(image) ?? { glob: globOf(images[0] ?? ""), rollouts: [], ready: [], stop: [] }
		const { rollouts, ready, stop } = heard
		known.set(image, heard)
		rollouts.push(rollout)
		for (const { createdAt, readyAt, restarts, stoppedAt, goneAt } of steps) {
			if (createdAt > 0 && readyAt >= createdAt && restarts === 0) ready.push(readyAt - createdAt)
			if (stoppedAt > 0 && goneAt >= stoppedAt) stop.push(goneAt - stoppedAt)
		}
	}
	return [...known]
		.filter(([image, { ready }]) => image !== "" && ready.length >= FEWEST_NODES)
		.sort(([a], [b]) => byCodeUnit(a, b))
		.map(([image, { glob, rollouts, ready, stop }], index) => {
			const stops = stop.length < FEWEST_NODES ? {} : { stop: quantiles(stop) }
			const spec = { priority: PRIORITY, match: { image: glob }, pull: "0s", start: "0s", ready: quantiles(ready) }
			const behavior = {
				apiVersion: "simulation.rollcall.dev/v1alpha1",
				kind: "PodBehavior",
				metadata: { name: `learned-${index + 1}` },
				spec: { ...spec, ...stops },
			} as KubeObject
			return { image, rollouts: rollouts.sort((a, b) => a - b), nodes: ready.length, behavior }
		})
}

/** The image without its tag or digest: a colon before a slash is a port. */
export function repositoryOf(image: string): string {
	const [named = ""] = image.split("@", 1)
	const colon = named.lastIndexOf(":")
	return colon > named.lastIndexOf("/") ? named.slice(0, colon) : named
}

/** Other versions of it: by tag, or by digest, as it is. */
function globOf(image: string): string {
	if (image.includes("@")) return `${image.slice(0, image.indexOf("@"))}@*`
	const repository = repositoryOf(image)
	return repository === image ? image : `${repository}:*`
}

function quantiles(values: number[]): { readonly p50: string; readonly p90: string; readonly p99: string } {
	values.sort((a, b) => a - b)
	const at = (share: number): string => `${values[Math.min(values.length - 1, Math.floor(values.length * share))]}ms`
	return { p50: at(0.5), p90: at(0.9), p99: at(0.99) }
}
