import { existsSync } from "node:fs"
import type { Engine, Source, SourceState } from "../engine/index.ts"
import { compare, compareStates } from "../plan/index.ts"
import { makeRepository, openEngine, openLedger, openReading, type RunRequest } from "./compose.ts"
import { CliError } from "./failure.ts"
import { eventsOf } from "./live/events.ts"
import { LiveTracker } from "./live/tracker.ts"
import { findCommit } from "./revision.ts"
import type { DiffOptions, DiffResult, Reader, ReplayOptions, RunEnd, RunOptions, Watcher, World } from "./world.ts"

/** Revisions before the first start that history is filled with, in first-parent commits. */
const BACKFILL = 500
/** A commit that takes away more than this share of the nodes or DaemonSets is held. */
const LARGEST_SHARE = 0.5

export const realWorld: World = { openReader, run, replay, diff, makeRepository }

async function openReader(directory: string): Promise<Reader> {
	if (!existsSync(directory)) throw nothingRecorded(directory)
	const opened = openLedger(directory)
	const recorded = opened.recorded()
	if (recorded === undefined) {
		opened.close()
		throw nothingRecorded(directory)
	}
	return { cluster: recorded.cluster, ledger: opened.state.ledger, close: opened.close }
}

function nothingRecorded(directory: string): CliError {
	return new CliError(`Cannot read ${directory}: nothing is recorded there yet`, {
		next: "start rollcall run, or name the state directory of one with --state",
	})
}

async function run(options: RunOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd> {
	const what = `rollcall run ${options.repository}`
	return withEngine(
		options,
		options.speed,
		what,
		watcher,
		async (engine) => {
			if (options.walk) await engine.walk({ settle: true, paced: true }, signal, () => undefined)
			if (options.once) return engine.once(signal)
			await engine.follow(signal)
			return undefined
		},
		signal,
	)
}

async function replay(options: ReplayOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd> {
	const what = `rollcall replay ${options.repository}`
	return withEngine(
		options,
		"max",
		what,
		watcher,
		async (engine, source) => {
			const total = await countCommits(source)
			let done = 0
			return engine.walk({ settle: options.settle, paced: false }, signal, (commit) => {
				done++
				watcher.progress(done, Math.max(done, total), `${commit.commit.slice(0, 8)} ${commit.subject}`)
			})
		},
		signal,
	)
}

type Work = (engine: Engine, source: Source) => Promise<SourceState | undefined>

/** Opens everything, does the work, and closes in the order that loses nothing, whatever happens. */
async function withEngine(
	options: Omit<ReplayOptions, "settle">,
	speed: RunOptions["speed"],
	what: string,
	watcher: Watcher,
	work: Work,
	signal: AbortSignal,
): Promise<RunEnd> {
	let tracker: LiveTracker | undefined
	const opened = await openEngine(requestOf(options, speed, what), (told) => {
		tracker?.told(told)
		for (const event of eventsOf(told)) watcher.event(event)
	})
	const { engine, source, state } = opened
	tracker = new LiveTracker({
		repository: source.name,
		branch: source.branch,
		speed,
		cluster: () => engine.recorded?.cluster,
		newest: (daemonSet) => state.ledger.rollouts({ daemonSet, limit: 1 })[0],
		head: () => state.ledger.commits({ limit: 1 })[0],
	})
	watcher.follow(() => tracker.model())
	try {
		const end = await work(engine, source)
		engine.stop()
		return endOf(engine, opened.state.ledger, end, signal)
	} finally {
		await opened.close()
	}
}

function requestOf(options: Omit<ReplayOptions, "settle">, speed: RunOptions["speed"], what: string): RunRequest {
	return { ...options, speed, what, backfill: BACKFILL, largestShare: LARGEST_SHARE }
}

function endOf(engine: Engine, ledger: Reader["ledger"], source: SourceState | undefined, signal: AbortSignal): RunEnd {
	const numbers = {
		digest: engine.recorded?.cluster.digest() ?? "",
		commits: ledger.commits().length,
		rollouts: ledger.rollouts().length,
	}
	if (signal.aborted) return { kind: "stopped", ...numbers, reasons: [] }
	if (source !== undefined && source.kind !== "ready") {
		return { kind: "no-source", ...numbers, reasons: [source.message], next: source.next }
	}
	const reasons = stuckReasons(engine, ledger)
	return { kind: reasons.length > 0 ? "stuck" : "done", ...numbers, reasons }
}

/** What the newest rollout of each DaemonSet that is still there says, where it is not complete. */
function stuckReasons(engine: Engine, ledger: Reader["ledger"]): readonly string[] {
	const reasons: string[] = []
	for (const object of engine.recorded?.cluster.list({ group: "apps", kind: "DaemonSet" }) ?? []) {
		const { namespace = "", name } = object.metadata
		const [row] = ledger.rollouts({ daemonSet: `apps/DaemonSet/${namespace}/${name}`, limit: 1 })
		if (row === undefined || row.verdict === "complete") continue
		const causes = row.causes.map(({ cause, nodes, examples }) => `${cause} on ${nodes} nodes (${examples.join(", ")})`)
		reasons.push(
			`${namespace}/${name}: ${row.verdict ?? "not complete"}: ${causes.join("; ") || row.reason || "no cause is known"}`,
		)
	}
	return reasons
}

async function countCommits(source: Source): Promise<number> {
	const state = await source.poll()
	if (state.kind !== "ready") return 0
	let count = 0
	for await (const _ of source.walk(undefined, state.tip)) count++
	return count
}

async function diff(options: DiffOptions): Promise<DiffResult> {
	const { from, to, state } = options
	const opened = await openReading(options)
	try {
		const { source } = opened
		const place = await source.poll()
		if (place.kind !== "ready") throw new CliError(place.message, { next: place.next })
		const target = await findCommit(source, place.tip, to ?? source.branch)
		const after = opened.reading()
		await after.moveTo(target)
		if (from !== undefined) {
			const base = await findCommit(source, place.tip, from)
			const before = opened.reading()
			await before.moveTo(base)
			return { from: base.slice(0, 8), to: target.slice(0, 8), changes: compareStates(before.objects, after.objects) }
		}
		if (!existsSync(state)) throw nothingRecorded(state)
		const ledger = openLedger(state)
		try {
			const recorded = ledger.recorded()
			if (recorded === undefined) throw nothingRecorded(state)
			const applied = recorded.applied("commit")
			const changes = compare({
				keys: [...applied.keys(), ...after.objects.keys()],
				desired: (key) => after.objects.get(key),
				applied: (key) => applied.get(key),
				live: (key) => recorded.cluster.read(key),
			})
			return { from: "live", to: target.slice(0, 8), changes }
		} finally {
			ledger.close()
		}
	} finally {
		await opened.close()
	}
}
