import type { Probe } from "../../kube/index.ts"

/** A probe's clockwork in milliseconds from the start of its container. */
export type ProbeTimes = {
	readonly initialDelayMs: number
	readonly periodMs: number
	readonly successes: number
	readonly failures: number
	/** What the kubelet reports of a container that does not answer yet, by the kind of probe. */
	readonly complaint: string
}

export function probeTimes(probe: Probe | undefined): ProbeTimes | undefined {
	if (probe === undefined) return undefined
	return {
		initialDelayMs: (probe.initialDelaySeconds ?? 0) * 1000,
		periodMs: (probe.periodSeconds || 10) * 1000,
		successes: probe.successThreshold || 1,
		failures: probe.failureThreshold || 3,
		complaint: complaintOf(probe),
	}
}

function complaintOf(probe: Probe): string {
	if (probe["httpGet"] !== undefined) return "HTTP probe failed with statuscode: 503"
	const tcp = probe["tcpSocket"] as { readonly port?: number | string } | undefined
	if (tcp !== undefined) return `dial tcp :${tcp.port ?? 0}: connect: connection refused`
	return probe["grpc"] === undefined ? "" : 'service unhealthy (responded with "NOT_SERVING")'
}

/** L10: a probe asks at initialDelay and then every period. The first time it asks at or after `from`. */
export function firstAsk({ initialDelayMs, periodMs }: ProbeTimes, from: number): number {
	if (from <= initialDelayMs) return initialDelayMs
	return initialDelayMs + Math.ceil((from - initialDelayMs) / periodMs) * periodMs
}

/** When a probe that succeeds from `upAt` on has succeeded often enough. */
export function passesAt(probe: ProbeTimes, upAt: number): number {
	return firstAsk(probe, upAt) + (probe.successes - 1) * probe.periodMs
}

/**
 * When a probe that fails until `upAt` and is asked only from `from` on has failed often enough; undefined where the
 * container is up before that.
 */
export function failsAt(probe: ProbeTimes, from: number, upAt: number): number | undefined {
	const at = firstAsk(probe, from) + (probe.failures - 1) * probe.periodMs
	return at < upAt ? at : undefined
}

/** How often a probe that never succeeds has been asked `elapsedMs` after the start (closed form). */
export function asksBy(probe: ProbeTimes, elapsedMs: number): number {
	return elapsedMs < probe.initialDelayMs ? 0 : 1 + Math.floor((elapsedMs - probe.initialDelayMs) / probe.periodMs)
}
