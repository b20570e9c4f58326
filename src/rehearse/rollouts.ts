import { byCodeUnit, type Instant } from "../base/index.ts"
import { decodeSteps, type History, type LedgerEntry, type NodeStep, unsealedSteps } from "../history/index.ts"
import { type DaemonSet, type ObjectKey, pauseOf, sayPause } from "../kube/index.ts"
import type { Down, RolloutForecast, Stage } from "./contract.ts"
import { restsOn, surgeOf } from "./rests-on.ts"
import { leftOutOf, touched } from "./touched.ts"

type Started = Extract<LedgerEntry, { kind: "rollout-started" }>
type Ended = Extract<LedgerEntry, { kind: "rollout-ended" }>

/** The rollouts that began during the rehearsal, from what history says of them. */
export class Rollouts {
	readonly #started: Started[] = []
	readonly #ended = new Map<number, Ended>()
	readonly #steps = new Map<string, Uint8Array>()

	see(entries: readonly LedgerEntry[], steps: ReadonlyMap<string, Uint8Array>): void {
		for (const entry of entries) {
			if (entry.kind === "rollout-started") this.#started.push(entry)
			// The newest word counts: one that was stuck may move on.
			else if (entry.kind === "rollout-ended") this.#ended.set(entry.rollout, entry)
		}
		for (const [hash, block] of steps) this.#steps.set(hash, block)
	}

	read(
		{ history, cluster }: Pick<Stage, "history" | "cluster">,
		downOf: (daemonSet: ObjectKey) => Down,
	): RolloutForecast[] {
		return this.#started.map((started) => {
			const { rollout, daemonSet, from, to, at } = started
			const ended = this.#ended.get(rollout)
			const order = [...this.#stepsOf(history, started, ended)].sort(
				(a, b) => beginning(a) - beginning(b) || byCodeUnit(a.node, b.node),
			)
			const {
				desired = 0,
				updated = 0,
				available = 0,
				mostUnavailable = downOf(daemonSet).most,
			}: Partial<Ended["nodes"]> = ended?.nodes ?? history.daemonSets.get(daemonSet)?.status ?? {}
			return {
				rollout,
				daemonSet,
				...(from === undefined ? {} : { from }),
				to,
				startedAt: at,
				...(ended === undefined ? {} : { endedAt: ended.at, verdict: ended.verdict }),
				...(ended?.reason === undefined ? {} : { reason: ended.reason }),
				desired,
				updated,
				available,
				mostUnavailable,
				order,
				...lookedAt(cluster, started, order),
				down: downOf(daemonSet),
			}
		})
	}

	#stepsOf(history: History, { rollout, daemonSet }: Started, ended: Ended | undefined): Iterable<NodeStep> {
		const block = ended && this.#steps.get(ended.steps.hash)
		if (block !== undefined) return decodeSteps(block)
		const open = unsealedSteps(history, daemonSet)
		return open?.rollout === rollout ? open.steps : []
	}
}

/** What the cluster says of it at the end. */
function lookedAt(cluster: Stage["cluster"], { daemonSet, from }: Started, order: readonly NodeStep[]) {
	const live = cluster.read(daemonSet) as DaemonSet | undefined
	const template = live?.spec.template
	const pause = pauseOf(live)
	const isSurging = from !== undefined && cluster.standing(daemonSet)?.budget?.of === "maxSurge"
	return {
		...(pause === undefined ? {} : { paused: sayPause(pause) }),
		...touched(order, isSurging, (node) => cluster.labelsOf(node)),
		leftOut: leftOutOf(cluster, daemonSet),
		surge: surgeOf(order, isSurging, template),
		restsOn: restsOn(order, template, cluster),
	}
}

/** When a node's story begins: its old pod is told to stop, or its new one is made (surge, or a node that had none). */
function beginning({ stoppedAt, createdAt }: NodeStep): Instant {
	if (stoppedAt === 0 || createdAt === 0) return Math.max(stoppedAt, createdAt)
	return Math.min(stoppedAt, createdAt)
}
