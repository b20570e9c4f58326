import { setImmediate } from "node:timers/promises"
import { describe, expect, test } from "vitest"
import { openLedger } from "../../src/cli/compose/index.ts"
import {
	type Clock,
	Engine,
	type EngineSettings,
	type Source,
	type SourceState,
	type Told,
} from "../../src/engine/index.ts"
import { openSource } from "../../src/git/index.ts"
import { openStore } from "../../src/store/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Repository, repository } from "../builders/repository.ts"
import { rollcallOn, rowsOf } from "../builders/rollcall.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const NODES = { "nodes.yaml": [nodePool("workers", 3)] }
const keyOf = (name: string): string => `apps/DaemonSet/kube-system/${name}`

const verdicts = (rollcall: ReturnType<typeof rollcallOn>): string[] =>
	rowsOf(rollcall.entries, "commit").map(({ commit, verdict }) => `${commit.subject}: ${verdict}`)

function daemonSetsIn(state: string, names: readonly string[]): string[] {
	const ledger = openLedger(state)
	const cluster = ledger.recorded()?.cluster
	const found = names.filter((name) => cluster?.read(keyOf(name)) !== undefined)
	ledger.close()
	return found
}

/** Another history in place of the one there was, which is cleaned up. */
function rewrite(repo: Repository, files: Parameters<Repository["commit"]>[1]): void {
	repo.git("checkout", "--quiet", "--orphan", "new")
	repo.commit("another beginning", files)
	repo.git("branch", "--quiet", "--force", "main", "new")
	repo.git("checkout", "--quiet", "main")
	repo.git("branch", "--quiet", "-D", "new")
	repo.git("reflog", "expire", "--expire=now", "--all")
	repo.git("gc", "--quiet", "--prune=now")
}

describe("Engine and its source", () => {
	test.each([["once"], ["replay"]] as const)(
		"goes on from the tip where the commit it knew is gone (%s)",
		async (how) => {
			const repo = repository()
			repo.commit("one", { ...NODES, "a.yaml": [daemonSet({ name: "a" })], "b.yaml": [daemonSet({ name: "b" })] })
			const rollcall = rollcallOn(repo)
			await rollcall.once()
			rewrite(repo, { "b.yaml": null, "c.yaml": [daemonSet({ name: "c" })] })
			await rollcall[how]()
			expect(verdicts(rollcall)).toEqual(["one: applied", "another beginning: applied"])
			expect(rowsOf(rollcall.entries, "decision").map(({ rule }) => rule)).toEqual(["history-rewritten"])
			expect(daemonSetsIn(rollcall.state, ["a", "b", "c"])).toEqual(["a", "c"])
		},
	)

	test("compares with what it knows where the commit is gone while it runs", async () => {
		const repo = repository()
		const { source, engine, state } = await engineOn(repo, { a: "a.yaml", b: "b.yaml" })
		const signal = new AbortController().signal
		await engine.once(signal)
		rewrite(repo, { "b.yaml": null, "c.yaml": [daemonSet({ name: "c" })] })
		expect(await engine.once(signal)).toMatchObject({ kind: "ready" })
		engine.stop()
		await source.close()
		expect(daemonSetsIn(state, ["a", "b", "c"])).toEqual(["a", "c"])
	})

	test("keeps what a file said last, though the commit that said it is gone", async () => {
		const repo = repository()
		repo.commit("one", { ...NODES, "a.yaml": [daemonSet({ name: "a" })] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("broken", { "a.yaml": "apiVersion: apps/v1\nkind: [" })
		await rollcall.once()
		rewrite(repo, { "c.yaml": [daemonSet({ name: "c" })] })
		await rollcall.once()
		expect(daemonSetsIn(rollcall.state, ["a", "c"])).toEqual(["a", "c"])
	})

	test("takes the same commit again when it is read in another way: paths that came in and went out", async () => {
		const repo = repository()
		const [a, b, c] = ["a", "b", "c"].map((name) => [daemonSet({ name })])
		repo.commit("one", { "a/nodes.yaml": [nodePool("workers", 3)], "a/a.yaml": a ?? [], "b/b.yaml": b ?? [] })
		repo.commit("two", { "c/c.yaml": c ?? [] })
		const narrow = rollcallOn(repo, { paths: ["a", "b"] })
		await narrow.once()
		expect(daemonSetsIn(narrow.state, ["a", "b", "c"])).toEqual(["a", "b"])
		await rollcallOn(repo, { state: narrow.state, paths: ["a", "c"] }).once()
		expect(daemonSetsIn(narrow.state, ["a", "b", "c"])).toEqual(["a", "c"])
		const again = rollcallOn(repo, { state: narrow.state, paths: ["a", "c"] })
		await again.once()
		expect(again.entries).toEqual([])
	})

	test("lets a held commit through at the next start that allows it", async () => {
		const repo = repository()
		repo.commit("one", { ...NODES, "a.yaml": [daemonSet({ name: "a" })], "b.yaml": [daemonSet({ name: "b" })] })
		const rollcall = rollcallOn(repo)
		await rollcall.once()
		repo.commit("oops", { "nodes.yaml": null })
		await rollcall.once()
		await rollcall.once()
		expect(verdicts(rollcall)).toEqual(["one: applied", "oops: held"])
		const allowing = rollcallOn(repo, { state: rollcall.state, allowedBy: "--allow-disruption" })
		await allowing.once()
		await allowing.once()
		expect(verdicts(allowing)).toEqual(["oops: applied"])
		expect(rowsOf(allowing.entries, "decision").map(({ decision, who }) => [decision, who])).toContainEqual([
			"allow",
			"--allow-disruption",
		])
	})

	test("lets cluster time go on while the source takes its time to answer", async () => {
		const repo = repository()
		const stop = new AbortController()
		let polls = 0
		const { source, engine, state } = await engineOn(repo, { a: "a.yaml" }, (real) => ({
			// The first answer comes; the second one never does.
			poll: () => (polls++ === 0 ? real.poll() : new Promise(() => {})),
			watch: async (moved, signal) => {
				while (!signal.aborted) {
					moved()
					await setImmediate()
				}
			},
		}))
		const following = engine.follow(stop.signal)
		const started = async (): Promise<number> => {
			while (engine.recorded === undefined) await setImmediate()
			return engine.recorded.cluster.now()
		}
		const from = await started()
		while ((engine.recorded?.cluster.now() ?? 0) < from + 600_000) await setImmediate()
		stop.abort()
		await following
		engine.stop()
		await source.close()
		expect(polls).toBe(2)
		expect(daemonSetsIn(state, ["a"])).toEqual(["a"])
	})

	test("says what is wrong with a repository before there is a cluster, and takes its first commit when it comes", async () => {
		const repo = repository()
		const stop = new AbortController()
		const { source, engine, told } = await engineOn(repo, {})
		expect(await engine.once(stop.signal)).toMatchObject({ kind: "empty" })
		expect(told.map((one) => one.source)).toMatchObject([{ kind: "empty", next: expect.any(String) }])
		repo.commit("one", { ...NODES, "a.yaml": [daemonSet({ name: "a" })] })
		expect(await engine.once(stop.signal)).toMatchObject({ kind: "ready" })
		expect(engine.recorded?.cluster.read(keyOf("a"))).toBeDefined()
		engine.stop()
		await source.close()
	})

	test("writes what happens while nothing is known of the source, and still reads in the new way later", async () => {
		const repo = repository()
		repo.commit("one", { "a/nodes.yaml": NODES["nodes.yaml"], "a/a.yaml": [daemonSet({ name: "a" })] })
		repo.commit("two", { "c/c.yaml": [daemonSet({ name: "c" })] })
		const { state, once } = rollcallOn(repo, { paths: ["a"] })
		await once()
		const stop = new AbortController()
		const silent = (): Partial<Source> => ({ poll: () => new Promise(() => {}) })
		const { source, engine } = await engineOn(repo, {}, silent, { state, paths: ["a", "c"] })
		const from = engine.recorded?.cluster.now() ?? 0
		const following = engine.follow(stop.signal)
		while ((engine.recorded?.cluster.now() ?? 0) < from + 600_000) await setImmediate()
		stop.abort()
		await following
		engine.stop()
		await source.close()
		const ledger = openLedger(state)
		expect(ledger.state.mark()?.at).toBe(engine.recorded?.cluster.now())
		expect(ledger.tracked?.paths).toEqual(["a"])
		ledger.close()
		await rollcallOn(repo, { state, paths: ["a", "c"] }).once()
		expect(daemonSetsIn(state, ["a", "c"])).toEqual(["a", "c"])
	})

	test.each(["watch", "poll"] as const)("ends the run where %s breaks, with what broke it", async (part) => {
		const broken = new Error("a bug")
		const { source, engine } = await engineOn(repository(), { a: "a.yaml" }, () => ({
			[part]: () => Promise.reject(broken),
		}))
		await expect(engine.follow(new AbortController().signal)).rejects.toBe(broken)
		await source.close()
	})

	test("notes nothing of a commit that could not be read, and all of it when it can", async () => {
		const repo = repository()
		for (const version of [1, 2]) repo.commit(`v${version}`, { ...NODES, "a.yaml": [versioned(version)] })
		const tip = repo.git("rev-parse", "HEAD")
		let failures = 1
		const failing = (real: Source): Partial<Source> => ({
			files: async (commit) => {
				if (commit === tip && failures-- > 0) throw unreachable()
				return real.files(commit)
			},
		})
		const { source, engine, told } = await engineOn(repo, {}, failing, { backfill: 500 })
		const signal = new AbortController().signal
		expect(await engine.once(signal)).toMatchObject({ kind: "unreachable" })
		expect(told.flatMap(({ entries }) => entries).filter(({ kind }) => kind !== "decision")).toEqual([])
		expect(await engine.once(signal)).toMatchObject({ kind: "ready" })
		const origins = told.flatMap(({ entries }) => rowsOf(entries, "revision")).map(({ origin }) => origin)
		expect(origins).toEqual(["seen-in-git", "rolled-out"])
		engine.stop()
		await source.close()
	})

	test("takes the tip though an older commit cannot be read, with the earlier revisions that can", async () => {
		const repo = repository()
		const [, second] = [1, 2, 3].map((version) =>
			repo.commit(`v${version}`, { ...NODES, "a.yaml": [versioned(version)] }),
		)
		const failing = (real: Source): Partial<Source> => ({
			changedFiles: async (base, commit) => {
				if (commit === second) throw unreachable()
				return real.changedFiles(base, commit)
			},
		})
		const { source, engine, told } = await engineOn(repo, {}, failing, { backfill: 500 })
		expect(await engine.once(new AbortController().signal)).toMatchObject({ kind: "ready" })
		const revisions = told.flatMap(({ entries }) => rowsOf(entries, "revision"))
		expect(revisions.map(({ origin, images }) => `${origin} ${images}`)).toEqual([
			"seen-in-git registry.example/agent:1",
			"rolled-out registry.example/agent:3",
		])
		engine.stop()
		await source.close()
	})

	test("stops a walk at a commit that cannot be read, says so, and walks on from there later", async () => {
		const repo = repository()
		const [, second] = [1, 2, 3].map((version) =>
			repo.commit(`v${version}`, { ...NODES, "a.yaml": [versioned(version)] }),
		)
		let failures = 1
		const failing = (real: Source): Partial<Source> => ({
			changedFiles: async (base, commit) => {
				if (commit === second && failures-- > 0) throw unreachable()
				return real.changedFiles(base, commit)
			},
		})
		const { source, engine, told } = await engineOn(repo, {}, failing)
		const walk = (): Promise<SourceState> =>
			engine.walk({ settle: true, paced: false }, new AbortController().signal, () => {})
		expect(await walk()).toMatchObject({ kind: "unreachable" })
		expect(await walk()).toMatchObject({ kind: "ready" })
		const rows = told.flatMap(({ entries }) => entries)
		expect(rowsOf(rows, "commit").map(({ commit }) => commit.subject)).toEqual(["v1", "v2", "v3"])
		expect(rowsOf(rows, "decision").map(({ rule }) => rule)).toEqual(["unreachable", "ready"])
		engine.stop()
		await source.close()
	})
})

const versioned = (version: number) => daemonSet({ name: "a", image: `registry.example/agent:${version}` })

function unreachable(): Error {
	const state: SourceState = { kind: "unreachable", message: "Cannot read it now", next: "wait" }
	return Object.assign(new Error(state.message), { name: "SourceError", state })
}

type Opened = { readonly source: Source; readonly engine: Engine; readonly state: string; readonly told: Told[] }

/** An engine over a real repository with these DaemonSets, on a clock whose every sleep is over at once. */
async function engineOn(
	repo: Repository,
	daemonSets: Readonly<Record<string, string>>,
	replace: (source: Source) => Partial<Source> = () => ({}),
	over: Partial<EngineSettings> & { readonly state?: string } = {},
): Promise<Opened> {
	const files = Object.entries(daemonSets).map(([name, file]) => [file, [daemonSet({ name })]] as const)
	if (files.length > 0) repo.commit("one", { ...NODES, ...Object.fromEntries(files) })
	const state = over.state ?? temporaryDirectory()
	const real = await openSource({ repository: repo.path, branch: "main", stateDir: state })
	const source: Source = {
		name: real.name,
		branch: real.branch,
		poll: (): Promise<SourceState> => real.poll(),
		files: (commit) => real.files(commit),
		changedFiles: (base, commit) => real.changedFiles(base, commit),
		read: (blobs) => real.read(blobs),
		commit: (id) => real.commit(id),
		walk: (base, tip, limit) => real.walk(base, tip, limit),
		isAncestor: (base, tip) => real.isAncestor(base, tip),
		signatures: (commits) => real.signatures(commits),
		resolve: (revision) => real.resolve(revision),
		watch: (moved, signal) => real.watch(moved, signal),
		close: () => real.close(),
		...replace(real),
	}
	let monotonic = 0
	const clock: Clock = {
		wall: () => 0,
		monotonic: () => monotonic,
		sleep: async (durationMs) => {
			monotonic += durationMs
			await setImmediate()
		},
	}
	const told: Told[] = []
	const cache = { get: () => new Map(), put: () => {} }
	const store = openStore(state)
	const settings = { seed: "test", speed: 1, backfill: 0, largestShare: 0.5, secretKey: "k", ...over }
	const engine = new Engine({ source, store, cache, clock, observe: (one) => told.push(one) }, settings)
	return {
		source: {
			...source,
			close: async () => {
				await real.close()
				store.close()
			},
		},
		engine,
		state,
		told,
	}
}
