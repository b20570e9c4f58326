import {
	type Behavior,
	begin,
	behaviorFor,
	behaviorTable,
	type Circumstances,
	DEFAULT_BEHAVIOR,
	eventText,
	type Life,
	lifeOf,
	type Moment,
	Stage,
	step,
	tellEvents,
} from "../../../src/cluster/kubelet/index.ts"
import type { Container, PodBehavior, PodFailure, PodSpec } from "../../../src/kube/index.ts"

/** Pull 2 s, start 500 ms, ready 500 ms, stop 700 ms: the fake kubelet of the recordings, with a pull. */
export function steady(...failures: readonly PodFailure[]): Behavior {
	const spec = { pull: "2s", start: "500ms", ready: "500ms", stop: "700ms", failures }
	return behaviorFor(behaviorTable([podBehavior("steady", spec)]), { labels: {}, images: [] }, {})
}

export function podBehavior(name: string, spec: PodBehavior["spec"]): PodBehavior {
	return { apiVersion: "simulation.rollcall.dev/v1alpha1", kind: "PodBehavior", metadata: { name }, spec }
}

export function agent(more: Partial<Container> = {}, spec: Partial<PodSpec> = {}): PodSpec {
	return { containers: [{ name: "agent", image: "fluentd:1.0", ...more }], ...spec }
}

export function circumstances(more: Partial<Circumstances> = {}): Circumstances {
	return { base: 1, pod: 7, missing: 0, pullFactor: 1, ...more }
}

export function moment(): Moment {
	return { stage: Stage.Pulling, group: 0, pullFailures: 0, restarts: 0, missing: 0, waitMs: 0 }
}

export type Lived = {
	readonly at: number
	readonly stage: string
	readonly waitMs: number
	readonly events: readonly string[]
}

/** Lives a pod's life until it rests, or for `limit` stages; pulled images stay on the node. */
export function live(
	spec: PodSpec,
	behavior: Behavior = DEFAULT_BEHAVIOR,
	more: Partial<Circumstances> = {},
	limit = 30,
) {
	const life: Life = lifeOf(spec, behavior)
	const given = circumstances(more)
	const now = moment()
	const story: Lived[] = []
	let at = 0
	let left: Stage | 0 = 0
	begin(life, given, now)
	for (;;) {
		const events: string[] = []
		tellEvents(life, given, left, now, (event, container, detail) => {
			const text = eventText(event, life.containers[container] ?? fail(), detail, life)
			events.push(`${text.reason}: ${text.message}`)
		})
		story.push({ at, stage: stageName(now.stage), waitMs: now.waitMs, events })
		if (now.waitMs < 0 || story.length >= limit) return { life, given, moment: now, at, story }
		at += now.waitMs
		left = now.stage
		step(life, given, now)
		if (left === Stage.Pulling && now.stage === Stage.Starting) given.missing = 0
	}
}

export function stages(story: readonly Lived[]): string[] {
	return story.map(({ at, stage }) => `${at} ${stage}`)
}

function stageName(stage: Stage): string {
	return Object.entries(Stage).find(([, number]) => number === stage)?.[0] ?? "?"
}

function fail(): never {
	throw new Error("an event names a container that does not exist")
}
