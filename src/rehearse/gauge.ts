import type { Instant } from "../base/index.ts"
import type { Down, DownSample } from "./contract.ts"

/** How many nodes are down, and where, kept running at the cost of each change. */
export class Gauge {
	#startedAt: Instant
	#atStart = 0
	#now = 0
	#most = 0
	#mostAt: Instant
	readonly #zones = new Map<string, { now: number; most: number }>()
	readonly #samples: { at: Instant; down: number }[] = []

	constructor(at: Instant) {
		this.#startedAt = at
		this.#mostAt = at
	}

	/** What is down from here on was not before. */
	begin(at: Instant): void {
		this.#startedAt = at
		this.#atStart = this.#now
		this.#most = this.#now
		this.#mostAt = at
		this.#samples.length = 0
		for (const zone of this.#zones.values()) zone.most = zone.now
	}

	change(at: Instant, zoneName: string, by: 1 | -1): void {
		this.#now += by
		if (this.#now > this.#most) {
			this.#most = this.#now
			this.#mostAt = at
		}
		const zone = this.#zones.get(zoneName) ?? { now: 0, most: 0 }
		this.#zones.set(zoneName, zone)
		zone.now += by
		zone.most = Math.max(zone.most, zone.now)
		const last = this.#samples.at(-1)
		if (last?.at === at) last.down = this.#now
		else this.#samples.push({ at, down: this.#now })
	}

	read(): Down {
		const start: DownSample = { at: this.#startedAt, down: this.#atStart }
		return {
			atStart: this.#atStart,
			most: this.#most,
			mostAt: this.#mostAt,
			atEnd: this.#now,
			mostByZone: new Map([...this.#zones].map(([name, { most }]) => [name, most])),
			samples: this.#samples[0]?.at === this.#startedAt ? [...this.#samples] : [start, ...this.#samples],
		}
	}
}
