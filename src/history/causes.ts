import type { PodFact } from "../cluster/index.ts"

/** Why a node has no available pod. The place in the list is what rows hold: new words go to the end. */
export const CAUSES = [
	"",
	"starting",
	"started",
	"not-ready",
	"image-pull",
	"crash-loop",
	"out-of-memory",
	"no-room",
	"failed",
	"evicted",
	"preempted",
	"terminating",
	"no-pod",
	"node-dead",
] as const

export type Cause = (typeof CAUSES)[number]

export const NONE = codeOf("")
export const NO_POD = codeOf("no-pod")

export function codeOf(cause: Cause): number {
	return CAUSES.indexOf(cause)
}

/**
 * The word that people read. A container that runs but never turned ready counts as starting while something is still to
 * come, and as not ready when the cluster is settled.
 */
export function wordOf(code: number, settled: boolean): string {
	const cause = CAUSES[code] ?? ""
	if (cause === "started") return settled ? "not-ready" : "starting"
	return cause
}

/** What a pod's fact says about it, given what was said before; `""` once it is available. */
export function causeAfter(fact: PodFact, before: number): number {
	switch (fact.step) {
		case "available":
			return NONE
		case "created":
		case "scheduled":
			return codeOf("starting")
		case "pulling":
			return STICKY.has(before) ? before : codeOf("starting")
		case "started":
		case "ready":
			// A container that comes up again in a crash loop is no better than it was; only readiness tells.
			return fact.step === "started" && STICKY.has(before) ? before : codeOf("started")
		case "unready":
			return STICKY.has(before) ? before : codeOf("not-ready")
		case "unschedulable":
			return codeOf("no-room")
		case "failing":
			return codeOf(failingCause(fact.reason ?? ""))
		case "failed":
		case "succeeded":
			return LEAVING.has(before) ? before : codeOf("failed")
		case "evicted":
		case "preempted":
			return codeOf(fact.step)
		case "terminating":
			return LEAVING.has(before) ? before : codeOf("terminating")
		case "gone":
			return LEAVING.has(before) ? before : NO_POD
	}
}

/** A set of causes as bits: it is asked of every fact. */
export function causes(...words: readonly Cause[]): number {
	return words.reduce((bits, word) => bits | (1 << codeOf(word)), 0)
}

export function isIn(bits: number, code: number): boolean {
	return (bits & (1 << code)) !== 0
}

/** True where a container ended, not where it never started. */
export function isRestart(fact: PodFact): boolean {
	return fact.step === "failing" && failingCause(fact.reason ?? "") !== "image-pull"
}

// Reasons as the kubelet writes them.
const IMAGE_REASON = /^(ErrImage|ImagePull|ImageInspect|InvalidImageName|RegistryUnavailable|SignatureValidation)/

function failingCause(reason: string): Cause {
	if (IMAGE_REASON.test(reason)) return "image-pull"
	return reason === "OOMKilled" ? "out-of-memory" : "crash-loop"
}

const STICKY = new Set([codeOf("crash-loop"), codeOf("out-of-memory"), codeOf("image-pull")])
const LEAVING = new Set([codeOf("evicted"), codeOf("preempted")])
