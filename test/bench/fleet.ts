import { memoryUsage } from "node:process"
import { createCluster, type Write } from "../../src/cluster/index.ts"
import { RecordedCluster } from "../../src/engine/recorded-cluster.ts"
import { type DaemonSet, type KubeObject, keyOf, objectKey } from "../../src/kube/index.ts"
import { daemonSet, START } from "../builders/cluster.ts"

/** A cluster with its history, driven as the engine drives it: so far, then what was told is let go. */
export class Fleet {
	readonly recorded = new RecordedCluster(createCluster({ seed: "bench", start: START, controlPlaneQps: 0 }))
	readonly #facts = this.recorded.cluster.readFacts(0)
	/** Facts about pods so far. */
	transitions = 0
	#written = new Map<string, KubeObject>()

	write(object: KubeObject): void {
		const key = keyOf(object)
		const before = this.#written.get(key)
		const write: Write = {
			verb: "apply",
			key,
			manager: "rollcall",
			object,
			...(before === undefined ? {} : { before }),
		}
		this.#written.set(key, object)
		const [verdict] = this.recorded.act({ source: { kind: "client", client: "bench" }, writes: [write] }, 0, () => [])
		if (verdict?.accepted !== true) throw new Error(`${key} was refused: ${JSON.stringify(verdict)}`)
		this.#take()
	}

	run(forMs: number): void {
		const end = this.recorded.cluster.now() + forMs
		while (this.recorded.cluster.now() < end) this.#slice(end, () => false)
	}

	settle(): void {
		const { cluster } = this.recorded
		while (cluster.nextAt() !== undefined && !cluster.settled()) {
			this.#slice(Number.POSITIVE_INFINITY, () => cluster.settled())
		}
	}

	/** The engine slices by real time: so much happens in one. */
	#slice(end: number, enough: () => boolean): void {
		const { cluster } = this.recorded
		const last = cluster.sequence() + SLICE
		this.recorded.advance(end, () => cluster.sequence() > last || enough())
		this.#take()
	}

	roll(name: string, image: string, maxUnavailable: number | string): void {
		this.write(agent(name, image, maxUnavailable))
		this.settle()
		this.check(name)
	}

	/** Figures of a rollout that did not come to its end are worth nothing. */
	check(name: string): void {
		const key = objectKey({ group: "apps", kind: "DaemonSet", namespace: "kube-system", name })
		const { status } = this.recorded.cluster.read(key) as DaemonSet
		const {
			desiredNumberScheduled: desired = 0,
			updatedNumberScheduled: updated,
			numberAvailable: available,
		} = status ?? {}
		if (desired === 0 || updated !== desired || available !== desired)
			throw new Error(`${name}: ${JSON.stringify(status)}`)
	}

	#take(): void {
		while (this.#facts.next()) if (this.#facts.kind === "pod") this.transitions++
		this.recorded.take()
	}
}

const SLICE = 10_000

export function agent(name: string, image: string, maxUnavailable: number | string): DaemonSet {
	return daemonSet({ name, image, spec: { updateStrategy: { rollingUpdate: { maxUnavailable } } } }) as DaemonSet
}

export function timed(act: () => void): number {
	const start = performance.now()
	act()
	return performance.now() - start
}

export function memoryMb(): number {
	return memoryUsage().rss / 1e6
}
