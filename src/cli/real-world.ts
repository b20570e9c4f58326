import { existsSync } from "node:fs"
import { join } from "node:path"
import { type RecordedCluster, type SourceState, type Told, type Tracked, waitingBy } from "../engine/index.ts"
import { type Ledger, type LedgerEntry, openRollouts, reasonOf, whyOf } from "../history/index.ts"
import { compare, compareStates, type Described } from "../plan/index.ts"
import {
	followingIn,
	importLedger,
	makeRepository,
	type OpenedEngine,
	openApi,
	openEngine,
	openLedger,
	openNotes,
	openReading,
	pruneLedger,
	type RunRequest,
	type Serving,
} from "./compose/index.ts"
import { ask } from "./control/ask.ts"
import { kubeconfig } from "./kubeconfig/kubeconfig.ts"
import { placeOf, shortCommit } from "./ledger/words.ts"
import { LiveBoard } from "./live/board.ts"
import type { LiveEvent } from "./live/model.ts"
import { liveEvents, refusalText } from "./live/told.ts"
import { momentOf } from "./moment.ts"
import type { Notes } from "./notes/notes.ts"
import { openReader } from "./open-reader.ts"
import { bisect } from "./plan/bisect.ts"
import { plan } from "./plan/plan.ts"
import { readFleet } from "./read-fleet.ts"
import { commitIn } from "./revisions.ts"
import { LEDGER, pathFrom } from "./state-dir.ts"
import { release } from "./undo/release.ts"
import { takeBack } from "./undo/take-back.ts"
import { undo } from "./undo/undo.ts"
import type {
	DiffOptions,
	DiffResult,
	Listen,
	Pruned,
	ReplayOptions,
	RunEnd,
	RunOptions,
	Watcher,
	World,
} from "./world.ts"

/** How many first-parent commits before the first one are read for earlier revisions. */
const BACKFILL = 500
/** The largest share of the nodes, or of the DaemonSets, that one commit may remove unasked. */
const LARGEST_SHARE = 0.5

/** What the commands ask of the rest of Rollcall, made of what `compose` builds. */
export const realWorld: World = {
	openReader,
	openRecord: async (directory) => openLedger(directory).state,
	importLedger: async (directory, path, expectedHead) => importLedger(directory, path, expectedHead),
	prune,
	run,
	replay,
	tracked,
	following: async (directory) => followingIn(directory),
	diff,
	makeRepository,
	undo,
	takeBack,
	release,
	plan,
	readFleet,
	ask,
	bisect,
	kubeconfig,
}

async function prune(directory: string, before: string, dryRun: boolean): Promise<Pruned | undefined> {
	const reader = await openReader(directory)
	const moment = await momentOf(before, reader).finally(() => reader.close())
	return pruneLedger(directory, moment, dryRun)
}

async function run(options: RunOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd> {
	const { once, walk, speed } = options
	const request = requestOf(options, once ? "max" : speed, BACKFILL, "rollcall run")
	return during(request, watcher, signal, async ({ engine }) => {
		if (once) return engine.once(signal)
		if (walk) await engine.walk({ settle: true, paced: true }, signal, () => {})
		await engine.follow(signal)
		return { kind: "ready", tip: "" }
	})
}

async function replay(options: ReplayOptions, watcher: Watcher, signal: AbortSignal): Promise<RunEnd> {
	// What is history has been let through already: the guards' word is written down, and nothing is held.
	const request = { ...requestOf(options, "max", 0, "rollcall replay"), allowedBy: "rollcall replay" }
	return during(request, watcher, signal, async ({ engine, source }) => {
		const state = await source.poll()
		if (state.kind !== "ready") return state
		let total = 0
		for await (const _ of source.walk(undefined, state.tip)) total++
		let done = 0
		return engine.walk({ settle: options.settle, paced: false }, signal, ({ subject }) =>
			watcher.progress(++done, total, subject),
		)
	})
}

type Tally = { commits: number; rollouts: number }

async function during(
	request: RunRequest & { readonly once?: boolean; readonly notes?: boolean; readonly api?: Listen },
	watcher: Watcher,
	signal: AbortSignal,
	work: (opened: OpenedEngine) => Promise<SourceState>,
): Promise<RunEnd> {
	const tally: Tally = { commits: 0, rollouts: 0 }
	let board: LiveBoard | undefined
	let notes: Notes | undefined
	let serving: Serving | undefined
	const observe = (told: Told): void => {
		count(tally, told.entries)
		board?.take(told)
		for (const event of liveEvents(told)) watcher.event(event)
		notes?.wake()
		serving?.told(told)
	}
	const opened = await openEngine(request, observe)
	try {
		const { engine, source, state } = opened
		notes = request.notes
			? openNotes(opened, request, (problem) => watcher.event(notesEvent(engine, problem)))
			: undefined
		notes?.wake()
		const facts = { repository: pathFrom(process.cwd(), source.name), branch: source.branch, speed: request.speed }
		const live = new LiveBoard(facts, state.ledger, engine.recorded)
		board = live
		watcher.follow(() => live.model(engine.recorded))
		if (request.api !== undefined) {
			const tell = (level: LiveEvent["level"], event: string, message: string): void =>
				watcher.event({ at: engine.recorded?.cluster.now() ?? 0, level, event, message })
			const failed = (failure: unknown): void =>
				tell("error", "api-failed", failure instanceof Error ? (failure.stack ?? failure.message) : String(failure))
			serving = await openApi(opened, { state: request.state, api: request.api }, failed)
			const config = pathFrom(process.cwd(), serving.kubeconfig)
			const { lostPort, url } = serving
			if (lostPort !== undefined) {
				const next = "where a copy of the kubeconfig leads there, rollcall kubeconfig --merge makes it anew"
				tell("warn", "api-moved", `port ${lostPort} is taken: the API is at ${url}; ${next}`)
			}
			tell("info", "api-listening", `kubectl --kubeconfig ${config} get pods -A`)
		}
		const sourceState = await work(opened)
		engine.stop()
		return endOf(opened, sourceState, tally, { signal, once: request.once === true })
	} finally {
		await serving?.close()
		await notes?.close()
		await opened.close()
	}
}

function notesEvent({ recorded }: OpenedEngine["engine"], problem: unknown): LiveEvent {
	const { message, next } = problem as { readonly message: string; readonly next?: string }
	const at = recorded?.cluster.now() ?? 0
	return { at, level: "warn", event: "notes-failed", message: next === undefined ? message : `${message}; ${next}` }
}

function endOf(
	{ engine, state }: OpenedEngine,
	source: SourceState,
	tally: Tally,
	{ signal, once }: { readonly signal: AbortSignal; readonly once: boolean },
): RunEnd {
	const { recorded } = engine
	const digest = recorded?.cluster.digest() ?? ""
	const numbers = { digest, commits: tally.commits, rollouts: tally.rollouts }
	if (signal.aborted) return { kind: "stopped", ...numbers, reasons: [] }
	if (source.kind !== "ready") return { kind: "no-source", ...numbers, reasons: [source.message], next: source.next }
	const rollouts = recorded === undefined ? [] : openReasons(recorded)
	const waiting = [...waitingBy(state.rest()).values()]
	const reasons = [...(once ? commitReasons(state.ledger, waiting) : []), ...rollouts]
	return { kind: reasons.length > 0 ? "stuck" : "done", ...numbers, reasons }
}

/** What of the newest commit, and of those before it, was not taken. */
function commitReasons(ledger: Ledger, waiting: readonly string[]): string[] {
	const [newest] = ledger.commits({ limit: 1 })
	if (newest === undefined) return []
	const [detail] = ledger.commit(newest.commit)
	const refused = detail?.refused ?? []
	const held = newest.verdict === "held" ? [`${shortCommit(newest.commit)} is held: ${newest.reason}`] : waiting
	return [...held, ...refused.map((object) => refusalText(object))]
}

function openReasons({ cluster, history }: RecordedCluster): string[] {
	return openRollouts(history).map(({ daemonSet }) => {
		const why = whyOf(cluster, history, daemonSet)
		const isKept = why !== undefined && why.state !== "done"
		return `${placeOf(daemonSet)}: ${isKept ? why.sentence : reasonOf(history, daemonSet)}`
	})
}

function count(tally: Tally, entries: readonly LedgerEntry[]): void {
	for (const { kind } of entries) {
		if (kind === "commit") tally.commits++
		if (kind === "rollout-started") tally.rollouts++
	}
}

function requestOf(
	options: RunOptions | ReplayOptions,
	speed: RunRequest["speed"],
	backfill: number,
	what: string,
): RunRequest {
	const { allowDisruption, ...rest } = options
	const allowed = allowDisruption ? { allowedBy: "--allow-disruption" } : {}
	return { ...rest, ...allowed, speed, backfill, largestShare: LARGEST_SHARE, what: `${what} ${options.repository}` }
}

async function tracked(directory: string): Promise<Tracked | undefined> {
	if (!existsSync(join(directory, LEDGER))) return undefined
	const ledger = openLedger(directory)
	ledger.close()
	return ledger.tracked
}

async function diff(options: DiffOptions): Promise<DiffResult> {
	const opened = await openReading(options)
	try {
		const to = await commitIn(opened.source, options.to ?? opened.source.branch)
		const after = opened.reading()
		await after.moveTo(to)
		if (options.from === undefined) return againstLive(options.state, to, after.objects)
		const from = await commitIn(opened.source, options.from)
		const before = opened.reading()
		await before.moveTo(from)
		return { from, to, changes: compareStates(before.objects, after.objects) }
	} finally {
		await opened.close()
	}
}

function againstLive(directory: string, to: string, desired: ReadonlyMap<string, Described>): DiffResult {
	const ledger = openLedger(directory)
	try {
		const recorded = ledger.recorded()
		const applied = recorded?.applied("commit")
		const changes = compare({
			keys: [...desired.keys(), ...(applied?.keys() ?? [])],
			desired: (key) => desired.get(key),
			applied: (key) => applied?.get(key),
			live: (key) => recorded?.cluster.read(key),
		})
		return { from: "live", to, changes }
	} finally {
		ledger.close()
	}
}
