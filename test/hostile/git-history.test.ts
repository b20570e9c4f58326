import { execFile } from "node:child_process"
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs"
import { dirname } from "node:path"
import { promisify } from "node:util"
import { expect, it, onTestFinished, vi } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { openSource, type SourceOptions } from "../../src/git/index.ts"
import type { CommitRecord } from "../../src/history/index.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { gitServer } from "../builders/git-server.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

async function open(upstream: TestRepository, options: Partial<SourceOptions> = {}): Promise<Source> {
	const source = await openSource({
		repository: upstream.dir,
		branch: "main",
		stateDir: temporaryDirectory(),
		safetyMs: 30,
		...options,
	})
	onTestFinished(() => source.close())
	return source
}

async function walked(source: Source, base: string | undefined, tip: string): Promise<CommitRecord[]> {
	const all: CommitRecord[] = []
	for await (const commit of source.walk(base, tip)) all.push(commit)
	return all
}

it("18: a missing object of a local repository is named, and the commit is ready once it is back", async () => {
	const upstream = new TestRepository()
	const good = upstream.push({ files: { "a.yaml": "a" } })
	const source = await open(upstream)
	expect(await source.poll()).toEqual({ kind: "ready", tip: good })
	const tip = upstream.push({ files: { "a.yaml": "a", "b/c.yaml": "c" } })
	const tree = upstream.git("rev-parse", `${tip}:b`)
	for (const id of [upstream.blob("c"), tree, upstream.git("rev-parse", `${tip}^{tree}`), tip]) {
		const file = upstream.looseFile(id)
		renameSync(file, `${file}.aside`)
		const state = await source.poll()
		expect([id, state]).toMatchObject([id, { kind: "corrupt", next: expect.stringContaining("git fsck") }])
		renameSync(`${file}.aside`, file)
		expect(await source.poll()).toEqual({ kind: "ready", tip })
		upstream.move(good)
		expect(await source.poll()).toEqual({ kind: "ready", tip: good })
		upstream.move(tip)
	}
})

it("18: a blob whose bytes are damaged fails where it is read, is said by poll, and heals", async () => {
	const upstream = new TestRepository()
	const text = "a: 1\n".repeat(5000)
	const tip = upstream.push({ files: { "a.yaml": text, "b.yaml": "b" } })
	const source = await open(upstream)
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	const blob = upstream.blob(text)
	const file = upstream.looseFile(blob)
	const whole = readFileSync(file)
	rmSync(file)
	writeFileSync(file, Buffer.concat([whole.subarray(0, whole.length - 12), Buffer.alloc(12, 7)]))
	await expect(source.read([blob])).rejects.toThrow("Cannot read")
	expect(await source.poll()).toMatchObject({ kind: "corrupt" })
	expect((await source.read([upstream.blob("b")])).map((bytes) => Buffer.from(bytes).toString())).toEqual(["b"])
	rmSync(file)
	writeFileSync(file, whole)
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	expect((await source.read([blob]))[0]?.length).toBe(text.length)
})

it("18: processes that are killed are started again, and nobody notices", async () => {
	const upstream = new TestRepository()
	const base = upstream.push({ files: { "a.yaml": "a" } })
	const tip = upstream.push({ files: { "a.yaml": "b" } })
	const source = await open(upstream)
	await source.poll()
	await source.changedFiles(base, tip)
	const { stdout } = await promisify(execFile)("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)])
	const pids = stdout.split("\n").filter((line) => /git (cat-file|diff-tree)/.test(line))
	expect(pids).toHaveLength(3)
	for (const line of pids) process.kill(Number.parseInt(line, 10), "SIGKILL")
	const [files, changes, state] = await Promise.all([source.files(base), source.changedFiles(base, tip), source.poll()])
	expect([files.length, changes.length, state]).toEqual([1, 1, { kind: "ready", tip }])
})

it("19: a SHA-256 repository is read like any other", async () => {
	const upstream = new TestRepository({ format: "sha256" })
	const base = upstream.push({ files: { "d/a.yaml": "a" } })
	const side = upstream.commit({ parents: [base], files: { "d/a.yaml": "a" } })
	const tip = upstream.push({ files: { "d/a.yaml": "b" }, parents: [base, side] })
	const source = await open(upstream)
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	expect((await source.changedFiles(base, tip)).map((file) => [file.path, file.after?.blob.length])).toEqual([
		["d/a.yaml", 64],
	])
	expect((await walked(source, undefined, tip)).map((commit) => [commit.commit, commit.brings.length])).toEqual([
		[base, 0],
		[tip, 1],
	])
})

it.each(["a path", "http"])(
	"20: a force push over %s is followed, seen as no descendant, and what it replaced stays readable",
	async (way) => {
		const upstream = new TestRepository({ bare: true })
		const root = upstream.push({ files: { "a.yaml": "1" } })
		const old = upstream.push({ files: { "a.yaml": "2" } })
		const server = await gitServer(dirname(upstream.dir))
		const source = await open(
			upstream,
			way === "http" ? { repository: `${server.url}/repository`, allowLoopback: true } : {},
		)
		expect(await source.poll()).toEqual({ kind: "ready", tip: old })
		const forced = upstream.commit({ files: { "a.yaml": "3" }, parents: [root], message: "forced" })
		upstream.move(forced)
		if (way === "http") upstream.git("prune", "--expire=now")
		expect(await source.poll()).toEqual({ kind: "ready", tip: forced })
		expect(await source.isAncestor(old, forced)).toBe(false)
		expect((await walked(source, old, forced)).map((commit) => commit.commit)).toEqual([forced])
		expect((await source.changedFiles(old, forced)).map((file) => file.path)).toEqual(["a.yaml"])
		expect(await source.files(old)).toHaveLength(1)
	},
)

it("21: a repository that disappears and comes back is missing, and then works again", async () => {
	const upstream = new TestRepository()
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	const source = await open(upstream)
	const states: string[] = []
	const abort = new AbortController()
	const watching = source.watch(async () => {
		const { kind } = await source.poll()
		if (states.at(-1) !== kind) states.push(kind)
	}, abort.signal)
	await vi.waitUntil(() => states.includes("ready"))
	renameSync(upstream.dir, `${upstream.dir}.away`)
	await vi.waitUntil(() => states.at(-1) === "missing")
	renameSync(`${upstream.dir}.away`, upstream.dir)
	await vi.waitUntil(() => states.at(-1) === "ready")
	expect(await source.files(tip)).toHaveLength(1)
	rmSync(upstream.dir, { recursive: true })
	await vi.waitUntil(() => states.at(-1) === "missing")
	const again = new TestRepository({ dir: upstream.dir })
	await vi.waitUntil(() => states.at(-1) === "empty")
	const other = again.push({ files: { "b.yaml": "b" } })
	await vi.waitUntil(() => states.at(-1) === "ready")
	expect(await source.poll()).toEqual({ kind: "ready", tip: other })
	expect((await source.files(other)).map((file) => file.path)).toEqual(["b.yaml"])
	abort.abort()
	await watching
	expect(states).toEqual(["ready", "missing", "ready", "missing", "empty", "ready"])
})

it("21: a branch that is deleted, or made anew as an orphan, is a state and then a new history", async () => {
	const upstream = new TestRepository()
	const old = upstream.push({ files: { "a.yaml": "a" } })
	upstream.move(old, "other")
	const source = await open(upstream)
	await source.poll()
	upstream.push({ files: {} }, "other")
	upstream.git("update-ref", "-d", "refs/heads/main")
	expect(await source.poll()).toMatchObject({ kind: "no-branch", message: expect.stringContaining('"other"') })
	const orphan = upstream.commit({ files: { "z.yaml": "z" }, message: "orphan" })
	upstream.move(orphan)
	expect(await source.poll()).toEqual({ kind: "ready", tip: orphan })
	expect(await source.isAncestor(old, orphan)).toBe(false)
	expect(await source.changedFiles(old, orphan)).toMatchObject([{ path: "a.yaml" }, { path: "z.yaml" }])
})

it("22: a tag of the branch's name, even one that moves, is never taken for it", async () => {
	const upstream = new TestRepository({ bare: true })
	const first = upstream.push({ files: { "a.yaml": "1" } })
	const tip = upstream.push({ files: { "a.yaml": "2" } })
	const server = await gitServer(dirname(upstream.dir))
	const local = await open(upstream)
	const remote = await open(upstream, { repository: `${server.url}/repository`, allowLoopback: true })
	for (const id of [first, tip, first]) {
		for (const ref of ["refs/tags/main", "refs/main", "refs/remotes/main", "refs/tags/heads/main"])
			upstream.git("update-ref", ref, id)
		writeFileSync(`${upstream.gitDir}/main`, `${id}\n`)
		expect(await local.poll()).toEqual({ kind: "ready", tip })
		expect(await remote.poll()).toEqual({ kind: "ready", tip })
	}
})

it("23: order is the graph's, whatever the dates say", async () => {
	const upstream = new TestRepository()
	const dates = [4_000_000_000, 1_000, 1_000, 9_000_000_000, 0, 1_700_000_000]
	const ids = dates.map((at, index) => upstream.push({ at, message: `${index}` }))
	const source = await open(upstream)
	const all = await walked(source, undefined, ids.at(-1) ?? "")
	expect(all.map((commit) => commit.commit)).toEqual(ids)
	expect(all.map((commit) => commit.committedAt)).toEqual(dates.map((at) => at * 1000))
	expect((await walked(source, ids[1], ids.at(-1) ?? "")).map((commit) => commit.commit)).toEqual(ids.slice(2))
})

it("23: dates that are no dates are 0, and the commit is read all the same", async () => {
	const upstream = new TestRepository()
	const tree = upstream.git("write-tree")
	const person = (date: string): string => `A <a@b> ${date}`
	for (const date of ["", "99999999999999999999 +0000", "-5 +0000", "x"]) {
		const text = `tree ${tree}\nauthor ${person(date)}\ncommitter ${person("1 +0000")}\n\nodd\n`
		const id = upstream.object("commit", text)
		upstream.move(id)
		const source = await open(upstream)
		expect(await source.commit(id)).toMatchObject({ authoredAt: date.startsWith("-5") ? -5000 : 0, subject: "odd" })
	}
})

it("24: merges, octopuses and reverts of reverts count once, by their first parent", async () => {
	const upstream = new TestRepository()
	const root = upstream.push({ files: { "a.yaml": "1" }, message: "root" })
	const arms = ["x", "y", "z"].map((message) => upstream.commit({ parents: [root], message, author: message }))
	const octopus = upstream.push({ parents: [root, ...arms], message: "octopus", files: { "a.yaml": "2" } })
	const revert = upstream.push({ files: { "a.yaml": "1" }, message: 'Revert "octopus"' })
	const again = upstream.push({ files: { "a.yaml": "2" }, message: 'Revert "Revert "octopus""' })
	const late = upstream.push({ parents: [again, arms[0] ?? ""], message: "merged twice", files: { "a.yaml": "2" } })
	const source = await open(upstream)
	const all = await walked(source, undefined, late)
	expect(all.map((commit) => commit.commit)).toEqual([root, octopus, revert, again, late])
	expect(all.map((commit) => commit.brings.map((one) => one.subject).sort())).toEqual([[], ["x", "y", "z"], [], [], []])
	expect((await source.changedFiles(octopus, again)).length).toBe(0)
	expect((await source.changedFiles(octopus, revert)).map((file) => file.path)).toEqual(["a.yaml"])
	// From the side that was merged: its own history is no longer the first parents'.
	expect((await walked(source, arms[1], late)).map((commit) => commit.commit)).toEqual([octopus, revert, again, late])
})

it("26: of a storm of pushes the newest is seen, few calls are made, and the walk has all of them", async () => {
	const upstream = new TestRepository()
	const start = upstream.push({ files: { "a.yaml": "0" } })
	const ids = [start]
	for (let at = 1; at <= 100; at++)
		ids.push(upstream.commit({ files: { "a.yaml": `${at}` }, parents: [ids.at(-1) ?? ""] }))
	const source = await open(upstream, { safetyMs: 5000 })
	await source.poll()
	const tip = ids.at(-1) ?? ""
	const abort = new AbortController()
	let calls = 0
	let seen = start
	const watching = source.watch(async () => {
		calls++
		const state = await source.poll()
		if (state.kind === "ready") seen = state.tip
	}, abort.signal)
	await vi.waitUntil(() => calls > 0)
	const updates = ids.map((id) => `update refs/heads/main ${id}\n`)
	for (let from = 1; from < updates.length; from += 20)
		await Promise.all(
			updates
				.slice(from, from + 20)
				.map((_, at) => upstream.git("update-ref", "refs/heads/main", ids[from + at] ?? "")),
		)
	await vi.waitUntil(() => seen === tip)
	abort.abort()
	await watching
	expect(calls).toBeLessThan(400)
	expect((await walked(source, start, tip)).map((commit) => commit.commit)).toEqual(ids.slice(1))
})

it("27: while refs are moved, packed and read at once, the branch is always there and only ever goes on", async () => {
	const upstream = new TestRepository()
	const ids = [upstream.push({ files: { "a.yaml": "0" } })]
	for (let at = 1; at <= 40; at++)
		ids.push(upstream.commit({ files: { "a.yaml": `${at}` }, parents: [ids.at(-1) ?? ""] }))
	const source = await open(upstream)
	await source.poll()
	const env = { ...process.env, GIT_DIR: upstream.gitDir }
	const script = `for id in ${ids.join(" ")}; do git update-ref refs/heads/main $id; git pack-refs --all --prune; done`
	const writing = promisify(execFile)("sh", ["-c", script], { env })
	let over = false
	void writing.finally(() => {
		over = true
	})
	let last = 0
	let polls = 0
	while (!over) {
		const state = await source.poll()
		expect(state.kind).toBe("ready")
		const at = state.kind === "ready" ? ids.indexOf(state.tip) : -1
		expect(at).toBeGreaterThanOrEqual(last)
		last = at
		polls++
		await new Promise((resolve) => setImmediate(resolve))
	}
	await writing
	expect(await source.poll()).toEqual({ kind: "ready", tip: ids.at(-1) })
	expect(polls).toBeGreaterThan(3)
})

it("27: a repository that is packed anew under an open source is read on", async () => {
	const upstream = new TestRepository()
	const ids = [1, 2, 3, 4].map((at) => upstream.push({ files: { "a.yaml": `${at}`, [`d/${at}.yaml`]: "x" } }))
	const [first = "", , , last = ""] = ids
	const source = await open(upstream)
	await source.poll()
	await source.changedFiles(first, last)
	for (let round = 0; round < 3; round++) {
		upstream.git("repack", "-a", "-d", "-q", "-f")
		upstream.git("prune-packed")
		const tip = upstream.push({ files: { "a.yaml": `round ${round}` } })
		expect(await source.poll()).toEqual({ kind: "ready", tip })
		expect((await source.changedFiles(first, tip)).length).toBe(2)
		expect(await source.files(ids[1] ?? "")).toHaveLength(2)
		expect(await walked(source, first, tip)).toHaveLength(4 + round)
	}
})

it("28: locks that somebody left in a local repository neither stop reading nor are touched", async () => {
	const upstream = new TestRepository()
	upstream.push({ files: { "a.yaml": "a" } })
	const locks = [
		"index.lock",
		"HEAD.lock",
		"packed-refs.lock",
		"shallow.lock",
		"config.lock",
		"gc.pid",
		"refs/heads/main.lock",
	]
	for (const lock of locks) writeFileSync(`${upstream.gitDir}/${lock}`, "mine")
	const source = await open(upstream)
	expect(await source.poll()).toMatchObject({ kind: "ready" })
	await source.close()
	expect(locks.map((lock) => readFileSync(`${upstream.gitDir}/${lock}`, "utf8"))).toEqual(locks.map(() => "mine"))
})
