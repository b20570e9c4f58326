import { describe, expect, it, onTestFinished } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { SourceError, type SourceOptions } from "../../src/git/index.ts"
import type { TestRepository } from "../builders/git-repository.ts"

export type World = {
	/** Where commits are made. */
	readonly upstream: TestRepository
	open(options?: Partial<SourceOptions>): Promise<Source>
}

/** What every `Source` promises, whatever is behind it. */
export function sourceContract(name: string, make: () => Promise<World>): void {
	const world = async (): Promise<World> => {
		const made = await make()
		return {
			upstream: made.upstream,
			open: async (options) => {
				const source = await made.open(options)
				onTestFinished(() => source.close())
				return source
			},
		}
	}

	describe(`a source over ${name}`, () => {
		it("is ready at the newest commit of the default branch, and follows it", async () => {
			const { upstream, open } = await world()
			const first = upstream.push({ files: { "a.yaml": "a: 1\n" } })
			const source = await open()
			expect(source.branch).toBe("main")
			expect(await source.poll()).toEqual({ kind: "ready", tip: first })
			const second = upstream.push({ files: { "a.yaml": "a: 2\n" } })
			expect(await source.poll()).toEqual({ kind: "ready", tip: second })
			expect(await source.poll()).toEqual({ kind: "ready", tip: second })
		})

		it("never answers with what was so before it was asked, though an earlier ask is still under way", async () => {
			const { upstream, open } = await world()
			const first = upstream.push({ message: "first" })
			const source = await open()
			const early = source.poll()
			const second = upstream.push({ message: "second" })
			const late = source.poll()
			expect(source.poll()).toBe(late)
			expect([first, second]).toContain(((await early) as { tip?: string }).tip)
			expect(await late).toEqual({ kind: "ready", tip: second })
		})

		it("lists manifests and what is no file, in path order, with sizes", async () => {
			const { upstream, open } = await world()
			const other = "1".repeat(40)
			const tip = upstream.push({
				files: {
					"z.yaml": "z: 1\n",
					"README.md": "no manifest",
					"a/b.YML": "b: 1\n",
					"a/c.json": "{}",
					"a-b.yaml": "",
					link: { mode: "120000", to: "/etc/passwd" },
					"run.yaml": { mode: "100755", to: "x: 1\n" },
					sub: { mode: "160000", to: other },
				},
			})
			const source = await open()
			await source.poll()
			const blob = (text: string): string => upstream.blob(text)
			expect(await source.files(tip)).toEqual([
				{ path: "a-b.yaml", mode: "100644", blob: blob(""), size: 0 },
				{ path: "a/b.YML", mode: "100644", blob: blob("b: 1\n"), size: 5 },
				{ path: "a/c.json", mode: "100644", blob: blob("{}"), size: 2 },
				{ path: "link", mode: "120000", blob: blob("/etc/passwd"), size: 11 },
				{ path: "run.yaml", mode: "100755", blob: blob("x: 1\n"), size: 5 },
				{ path: "sub", mode: "160000", blob: other, size: 0 },
				{ path: "z.yaml", mode: "100644", blob: blob("z: 1\n"), size: 5 },
			])
		})

		it("lists and compares only what is at the watched paths", async () => {
			const { upstream, open } = await world()
			const base = upstream.push({
				files: { "prod/a.yaml": "1", "prod2/b.yaml": "2", "top.yaml": "3", "prod/x/[c].yaml": "4" },
			})
			const tip = upstream.push({ files: { "prod/a.yaml": "5", "prod2/b.yaml": "6", "prod/x/[c].yaml": "4" } })
			const source = await open({ paths: ["./prod/", "prod/x", "top.yaml"] })
			await source.poll()
			expect((await source.files(base)).map((file) => file.path)).toEqual([
				"prod/a.yaml",
				"prod/x/[c].yaml",
				"top.yaml",
			])
			expect((await source.changedFiles(base, tip)).map((file) => file.path)).toEqual(["prod/a.yaml", "top.yaml"])
		})

		it("tells what was added, changed and removed between any two commits", async () => {
			const { upstream, open } = await world()
			const base = upstream.push({ files: { "gone.yaml": "g", "kept.yaml": "k", "kind.yaml": "x", "notes.txt": "1" } })
			const tip = upstream.push({
				files: { "new.yaml": "g", "kept.yaml": "k2", "kind.yaml": { mode: "120000", to: "x" }, "notes.txt": "2" },
			})
			const source = await open()
			await source.poll()
			const file = (path: string, text: string, mode = "100644") => ({
				path,
				after: { path, mode, blob: upstream.blob(text), size: text.length },
			})
			expect(await source.changedFiles(base, tip)).toEqual([
				{ path: "gone.yaml" },
				file("kept.yaml", "k2"),
				file("kind.yaml", "x", "120000"),
				file("new.yaml", "g"),
			])
			expect(await source.changedFiles(tip, base)).toEqual([
				file("gone.yaml", "g"),
				file("kept.yaml", "k"),
				file("kind.yaml", "x"),
				{ path: "new.yaml" },
			])
			expect(await source.changedFiles(tip, tip)).toEqual([])
		})

		it("reads blobs whole, in the order asked, whatever bytes they are of", async () => {
			const { upstream, open } = await world()
			const odd = "\0\n missing\nsync\n"
			const tip = upstream.push({ files: { "a.yaml": odd, "b.yaml": "b", "c.yaml": "" } })
			const source = await open()
			await source.poll()
			const [a, b, c] = (await source.files(tip)).map((file) => file.blob) as [string, string, string]
			const read = await source.read([c, a, b, a])
			expect(read.map((bytes) => Buffer.from(bytes).toString())).toEqual(["", odd, "b", odd])
			expect(await source.read([])).toEqual([])
		})

		it("fails with a state, and goes on, where a blob or a commit is not there", async () => {
			const { upstream, open } = await world()
			const tip = upstream.push({ files: { "a.yaml": "a" } })
			const source = await open()
			await source.poll()
			const none = "0".repeat(39).concat("1")
			await expect(source.read([none])).rejects.toThrow(SourceError)
			await expect(source.commit(none)).rejects.toThrow(/not in the repository/)
			await expect(source.changedFiles(none, tip)).rejects.toThrow(SourceError)
			await expect(source.files("--all")).rejects.toThrow(SourceError)
			expect(await source.poll()).toEqual({ kind: "ready", tip })
			expect(await source.files(tip)).toHaveLength(1)
		})

		it("says of a commit who made it, when, and what it says", async () => {
			const { upstream, open } = await world()
			const root = upstream.push({ message: "root", at: 1_600_000_000 })
			const id = upstream.push({
				author: "Zoë Łuk",
				email: "zoe@example.com",
				at: 1_650_000_000,
				message:
					"log: keep more\nof it\n\nBecause.\n\nAllow-Disruption: fluentd\n on purpose\nSigned-off-by: Zoë <zoe@example.com>\n",
			})
			const source = await open()
			await source.poll()
			const author = { name: "Zoë Łuk", email: "zoe@example.com" }
			expect(await source.commit(id)).toEqual({
				commit: id,
				parents: [root],
				author,
				committer: { name: "Ada", email: "ada@example.com" },
				authoredAt: 1_650_000_000_000,
				committedAt: 1_650_000_000_000,
				subject: "log: keep more of it",
				trailers: [
					{ name: "Allow-Disruption", value: "fluentd on purpose", commit: id, author },
					{ name: "Signed-off-by", value: "Zoë <zoe@example.com>", commit: id, author },
				],
				brings: [],
			})
		})

		it("walks first parents, oldest first, and counts what a merge brings in to the merge", async () => {
			const { upstream, open } = await world()
			const root = upstream.push({ message: "root" })
			const left = upstream.push({ message: "left" })
			const side1 = upstream.commit({ message: "side 1\n\nAllow-Disruption: all\n", parents: [root], author: "Grace" })
			const side2 = upstream.commit({ message: "side 2", parents: [side1], author: "Linus" })
			const merge = upstream.push({ message: "merge", parents: [left, side2] })
			const tip = upstream.push({ message: "tip" })
			const source = await open()
			await source.poll()
			const all = await collect(source.walk(undefined, tip))
			expect(all.map((one) => one.commit)).toEqual([root, left, merge, tip])
			expect(all[2]?.brings.map((one) => [one.commit, one.author.name, one.subject])).toEqual([
				[side2, "Linus", "side 2"],
				[side1, "Grace", "side 1"],
			])
			expect(all[2]?.trailers).toEqual([
				{ name: "Allow-Disruption", value: "all", commit: side1, author: { name: "Grace", email: "ada@example.com" } },
			])
			expect(await source.commit(merge)).toEqual(all[2])
			expect((await collect(source.walk(left, tip))).map((one) => one.commit)).toEqual([merge, tip])
			expect((await collect(source.walk(undefined, tip, 2))).map((one) => one.commit)).toEqual([merge, tip])
			expect(await collect(source.walk(tip, tip))).toEqual([])
		})

		it("knows what is an ancestor", async () => {
			const { upstream, open } = await world()
			const root = upstream.push({ message: "root" })
			const other = upstream.commit({ message: "other", parents: [root] })
			const tip = upstream.push({ message: "tip", parents: [root, other] })
			const source = await open()
			await source.poll()
			expect(await source.isAncestor(root, tip)).toBe(true)
			expect(await source.isAncestor(other, tip)).toBe(true)
			expect(await source.isAncestor(tip, root)).toBe(false)
			expect(await source.isAncestor("0".repeat(40), tip)).toBe(false)
		})

		it("is empty without a commit, and ready with the first", async () => {
			const { upstream, open } = await world()
			const source = await open()
			expect(await source.poll()).toMatchObject({ kind: "empty" })
			const tip = upstream.push({ files: { "a.yaml": "a" } })
			expect(await source.poll()).toEqual({ kind: "ready", tip })
		})

		it("names the near branches where there is none of that name, and is ready once there is", async () => {
			const { upstream, open } = await world()
			const tip = upstream.push({})
			const source = await open({ branch: "mian" })
			const state = await source.poll()
			expect(state).toMatchObject({ kind: "no-branch" })
			expect(JSON.stringify(state)).toContain("main")
			upstream.move(tip, "mian")
			expect(await source.poll()).toEqual({ kind: "ready", tip })
		})

		it("says where a renamed branch went", async () => {
			const { upstream, open } = await world()
			const tip = upstream.push({})
			const source = await open({ branch: "main" })
			expect(await source.poll()).toEqual({ kind: "ready", tip })
			upstream.move(tip, "production")
			upstream.git("update-ref", "-d", "refs/heads/main")
			expect(await source.poll()).toMatchObject({
				kind: "no-branch",
				next: expect.stringContaining("--branch production"),
			})
		})

		it("calls when the branch moves, and ends when told", async () => {
			const { upstream, open } = await world()
			upstream.push({})
			const source = await open({ branch: "deep/er", intervalMs: 20, safetyMs: 50 })
			const abort = new AbortController()
			const wanted = upstream.push({ message: "new" })
			const ready = new Promise<string>((resolve) => {
				const ask = async (): Promise<void> => {
					const state = await source.poll()
					if (state.kind === "ready") resolve(state.tip)
				}
				void source.watch(ask, abort.signal).then(() => resolve("ended"))
			})
			upstream.move(wanted, "deep/er")
			expect(await ready).toBe(wanted)
			const ended = source.watch(() => {}, abort.signal)
			abort.abort()
			await ended
		})
	})
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = []
	for await (const item of items) all.push(item)
	return all
}
