import type { State } from "../state/state.ts"

/**
 * N16: the controller manager's token bucket. Takes a token and returns 0, or returns how long to wait for the next one.
 */
export function takeToken(state: State): number {
	const { controlPlaneQps: qps, controlPlaneBurst: burst } = state.settings
	if (qps === 0) return 0
	const { client } = state
	client.tokens = Math.min(burst, client.tokens + ((state.now - client.at) * qps) / 1000)
	client.at = state.now
	if (client.tokens >= 1 - 1e-9) {
		client.tokens -= 1
		return 0
	}
	return Math.max(1, Math.ceil(((1 - client.tokens) * 1000) / qps))
}
