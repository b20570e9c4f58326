import type { RunRequest } from "../../src/cli/compose.ts"

export const AGENT = "apps/DaemonSet/kube-system/agent"

/** What a victim is told to do until it is killed. */
export type VictimOrders = {
	readonly state: string
	readonly repository: string
	/** Follow the branch, or walk its history as `replay` does, each commit at its own time or settled. */
	readonly work: "follow" | "walk" | "settle"
	readonly speed: number | "max"
	/** When to take the agent back, by a commit. */
	readonly undoAfterMs?: number
}

export function requestFor({ state, repository, speed, work }: VictimOrders): RunRequest {
	return {
		state,
		repository,
		branch: "main",
		paths: [],
		seed: "crash",
		speed,
		backfill: 50,
		strict: false,
		plain: false,
		largestShare: 0.5,
		what: "crash test",
		...(work === "follow" ? {} : { allowedBy: "crash test" }),
	}
}
