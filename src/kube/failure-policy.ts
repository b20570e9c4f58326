import { type Json, type JsonObject, parseDuration } from "../base/index.ts"
import { scaledValue } from "./int-or-string.ts"
import type { KubeObject } from "./object.ts"
import type { FieldErrors } from "./validation/errors.ts"

/** On a DaemonSet: what happens by itself when its rollout fails, and when it counts as failed. */
const DEADLINE = "rollcall.dev/progress-deadline"
const THRESHOLD = "rollcall.dev/failure-threshold"
const ON_FAILURE = "rollcall.dev/on-failure"

const REACTIONS = ["pause", "rollback", "none"] as const

export type FailurePolicy = {
	/** Milliseconds of cluster time without progress; at least one of the two is there. */
	readonly deadlineMs?: number
	/** So many pods, or such a share of the nodes (`5%`). */
	readonly threshold?: number | string
	readonly onFailure: (typeof REACTIONS)[number]
}

/** What the annotations ask for; undefined where neither deadline nor threshold is set, or where they cannot be read. */
export function failurePolicyOf(object: KubeObject | undefined): FailurePolicy | undefined {
	const annotations = object?.metadata.annotations ?? {}
	const deadlineMs = deadlineOf(annotations[DEADLINE])
	const threshold = thresholdOf(annotations[THRESHOLD])
	if (deadlineMs === undefined && threshold === undefined) return undefined
	const asked = annotations[ON_FAILURE]
	const onFailure = REACTIONS.find((reaction) => reaction === asked) ?? "pause"
	return {
		...(deadlineMs === undefined ? {} : { deadlineMs }),
		...(threshold === undefined ? {} : { threshold }),
		onFailure,
	}
}

/** How many pods a threshold comes to; a share is rounded up, and never comes to nothing. */
export function thresholdPods(threshold: number | string, desired: number): number {
	return Math.max(1, scaledValue(threshold, desired, true) ?? 1)
}

export function validateFailurePolicy(errors: FieldErrors, annotations: JsonObject): void {
	const [deadline, threshold, reaction] = [annotations[DEADLINE], annotations[THRESHOLD], annotations[ON_FAILURE]]
	if (deadline !== undefined && deadlineOf(deadline) === undefined)
		errors.invalid(fieldOf(DEADLINE), deadline, "must be a duration above zero (e.g. '10m' or '90s')")
	if (threshold !== undefined && thresholdOf(threshold) === undefined)
		errors.invalid(fieldOf(THRESHOLD), threshold, "must be a number above zero or a percentage (e.g. '3' or '5%')")
	if (reaction !== undefined) errors.oneOf(fieldOf(ON_FAILURE), reaction, REACTIONS)
}

function fieldOf(annotation: string): string {
	return `metadata.annotations[${annotation}]`
}

function deadlineOf(text: Json | undefined): number | undefined {
	const durationMs = typeof text === "string" ? parseDuration(text) : undefined
	return durationMs === undefined || durationMs === 0 || !Number.isSafeInteger(durationMs) ? undefined : durationMs
}

function thresholdOf(text: Json | undefined): number | string | undefined {
	if (typeof text !== "string" || !/^0*[1-9]\d{0,8}%?$/.test(text)) return undefined
	if (!text.endsWith("%")) return Number(text)
	return Number(text.slice(0, -1)) > 100 ? undefined : text
}
