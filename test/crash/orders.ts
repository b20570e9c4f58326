import type { RunRequest } from "../../src/cli/compose/index.ts"

export const AGENT = "apps/DaemonSet/kube-system/agent"

/** What a victim is told to do until it is killed. */
export type VictimOrders = {
	readonly state: string
	readonly repository: string
	/** Follow the branch; walk its history as `replay` does, each commit at its own time or settled; or undo, and no more. */
	readonly work: "follow" | "walk" | "settle" | "undo"
	readonly speed: number | "max"
	/** While it follows: take the agent back meanwhile, by a commit, so long after it is ready. */
	readonly undoAfterMs?: number
	/** To where: without a commit, to the newest version that was healthy. */
	readonly undoTo?: string
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
