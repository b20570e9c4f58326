import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openEngine, openReading, type RunRequest } from "../../src/cli/compose/index.ts"
import type { Told } from "../../src/engine/index.ts"
import { changeOne, isDaemonSet, type LargeRepository, largeRepository } from "../builders/large-repository.ts"
import { type Figure, quantile } from "./figure.ts"

const MANIFESTS = 5_000
const COMMITS = 10_000
const PUSHES = 60
const forEver = new AbortController().signal

/** Commits in, first effects out: what a user with a large repository waits for. */
export async function* engine(): AsyncIterable<Figure> {
	const small = largeRepository({ manifests: MANIFESTS, commits: 0, nodes: 100 })
	yield* firstLoad(small)
	yield* latency(small)
	rmSync(small.path, { recursive: true })
	const long = largeRepository({ manifests: MANIFESTS, commits: COMMITS, nodes: 100 })
	yield* replay(long)
	rmSync(long.path, { recursive: true })
}

async function* firstLoad(repository: LargeRepository): AsyncIterable<Figure> {
	const state = temporaryState()
	for (const [name, must] of [
		["first load of 5,000 manifests", 2_000],
		["next start, warm cache", 500],
	] as const) {
		const start = performance.now()
		const opened = await openReading(requestFor(repository, state))
		const tip = await opened.source.poll()
		if (tip.kind !== "ready") throw new Error(tip.message)
		await opened.reading().moveTo(tip.tip)
		yield { name, value: performance.now() - start, unit: "ms", must }
		await opened.close()
	}
	rmSync(state, { recursive: true })
}

async function* latency(repository: LargeRepository): AsyncIterable<Figure> {
	const state = temporaryState()
	let told: (told: Told) => void = () => {}
	const opened = await openEngine({ ...requestFor(repository, state), controlPlaneQps: 0 }, (batch) => told(batch))
	await opened.engine.once(forEver)
	const stop = new AbortController()
	const following = opened.engine.follow(stop.signal)
	const samples: number[] = []
	const manifests = Array.from({ length: MANIFESTS }, (_, index) => index).filter(isDaemonSet)
	for (let push = 1; push <= PUSHES; push++) {
		const manifest = manifests[push % manifests.length] ?? 0
		const daemonSet = `apps/DaemonSet/agents/agent-${manifest}`
		const acted = new Promise<number>((resolve) => {
			told = ({ facts }) => {
				const mine = [...facts].some((fact) => fact.kind === "pod" && fact.daemonSet === daemonSet)
				if (mine) resolve(performance.now())
			}
		})
		const moved = changeOne(repository, manifest, push)
		samples.push((await acted) - moved)
	}
	stop.abort()
	await following
	await opened.close()
	rmSync(state, { recursive: true })
	yield { name: "ref update to first pod action, median", value: quantile(samples, 0.5), unit: "ms", must: 50 }
	yield {
		name: "ref update to first pod action, 99th percentile",
		value: quantile(samples, 0.99),
		unit: "ms",
		must: 100,
	}
}

async function* replay(repository: LargeRepository): AsyncIterable<Figure> {
	const state = temporaryState()
	const start = performance.now()
	const opened = await openEngine(requestFor(repository, state), () => {})
	await opened.engine.walk({ settle: false, paced: false }, forEver, () => {})
	opened.engine.stop()
	await opened.close()
	yield {
		name: "replay of 10,000 commits, one of 5,000 manifests each",
		value: (performance.now() - start) / 1_000,
		unit: "s",
		must: 30,
	}
	rmSync(state, { recursive: true })
}

function requestFor({ path }: LargeRepository, state: string): RunRequest {
	return {
		repository: path,
		paths: [],
		state,
		seed: "bench",
		speed: 1,
		backfill: 0,
		strict: false,
		plain: false,
		largestShare: 0.5,
		what: "bench",
	}
}

function temporaryState(): string {
	return mkdtempSync(join(tmpdir(), "rollcall-bench-"))
}
