import type { Instant } from "../base/index.ts"
import type { FactReader } from "../cluster/index.ts"
import { AUTOMATON, watch } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { Rehearsed, Stage } from "./contract.ts"
import { Gauge } from "./gauge.ts"
import { Payers } from "./payers.ts"
import { zoneOf } from "./places.ts"
import { Rollouts } from "./rollouts.ts"

/** Cluster time after which what still moves is taken to move for ever. */
const HORIZON_MS = 30 * 86_400_000

/**
 * Runs a stage ahead until nothing is left but repeats, and keeps what is seen on the way. Act on the stage after this is
 * made, and then call `run`: what was down before is known by then.
 */
export class Rehearsal {
	readonly #stage: Stage
	readonly #startedAt: Instant
	readonly #horizon: Instant
	readonly #all: Gauge
	readonly #gauges = new Map<ObjectKey, Gauge>()
	readonly #payers = new Payers()
	readonly #rollouts = new Rollouts()
	readonly #decided: string[] = []
	readonly #facts: FactReader
	/** How many there were. */
	#seen = 0
	#lastAt: Instant

	constructor(stage: Stage) {
		this.#stage = stage
		this.#startedAt = stage.cluster.now()
		this.#lastAt = this.#startedAt
		this.#horizon = this.#startedAt + HORIZON_MS
		this.#all = new Gauge(this.#startedAt)
		watch(stage.history, (daemonSet, node, down) => this.#changed(daemonSet, node, down ? 1 : -1))
		for (const gauge of [this.#all, ...this.#gauges.values()]) gauge.begin(this.#startedAt)
		// What was told before is no part of it.
		stage.take()
		this.#facts = stage.cluster.readFacts(stage.cluster.sequence())
	}

	/** Runs until it is over, and says what was seen. */
	run(): Rehearsed {
		this.#see()
		while (!this.#isOver()) {
			this.#stage.advance(this.#stage.nextAt() ?? this.#horizon)
			this.#see()
		}
		return this.#outcome()
	}

	#outcome(): Rehearsed {
		const { cluster } = this.#stage
		return {
			startedAt: this.#startedAt,
			endedAt: this.#lastAt,
			settled: this.#stage.isSettled(),
			digest: cluster.digest(),
			rollouts: this.#rollouts.read(this.#stage, (daemonSet) => this.#gaugeOf(daemonSet).read()),
			...this.#payers.read(),
			decided: this.#decided,
			down: this.#all.read(),
		}
	}

	#isOver(): boolean {
		return this.#stage.isSettled() || this.#stage.cluster.now() >= this.#horizon
	}

	#see(): void {
		const before = this.#seen
		// Before they are handed over: what was taken may be let go.
		for (; this.#facts.next(); this.#seen++) if (this.#facts.kind === "pod") this.#payers.see(this.#facts.pod)
		const { entries, steps } = this.#stage.take()
		this.#rollouts.see(entries, steps)
		for (const entry of entries)
			if (entry.kind === "decision" && entry.who === AUTOMATON) this.#decided.push(entry.message)
		if (this.#seen > before) this.#lastAt = this.#stage.cluster.now()
	}

	#changed(daemonSet: ObjectKey, node: string, by: 1 | -1): void {
		const { cluster } = this.#stage
		const zone = zoneOf(cluster.labelsOf(node))
		this.#all.change(cluster.now(), zone, by)
		this.#gaugeOf(daemonSet).change(cluster.now(), zone, by)
	}

	#gaugeOf(daemonSet: ObjectKey): Gauge {
		const known = this.#gauges.get(daemonSet)
		if (known !== undefined) return known
		const gauge = new Gauge(this.#startedAt)
		this.#gauges.set(daemonSet, gauge)
		return gauge
	}
}
