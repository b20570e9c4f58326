import { existsSync, mkdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, it, onTestFinished, vi } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { openSource, SourceError, type SourceOptions } from "../../src/git/index.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { gitServer } from "../builders/git-server.ts"
import { programOnPath } from "../builders/hostile.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

async function open(options: Partial<SourceOptions> & { readonly repository: string }): Promise<Source> {
	const source = await openSource({ stateDir: temporaryDirectory(), ...options })
	onTestFinished(() => source.close())
	return source
}

it("a folder inside a work tree opens the repository around it, and a relative path is one from here", async () => {
	const upstream = new TestRepository()
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	mkdirSync(join(upstream.dir, "deep", "er"), { recursive: true })
	const source = await open({ repository: join(upstream.dir, "deep", "er") })
	expect(await source.poll()).toEqual({ kind: "ready", tip })
})

it.each([
	["a folder that is none", () => temporaryDirectory(), "missing"],
	["nothing at all", () => join(temporaryDirectory(), "nothing"), "missing"],
	["a file", () => makeFile(), "missing"],
	["an empty text", () => "", "refused"],
])("%s is a state with a next step", async (_title, make, kind) => {
	const source = await open({ repository: make() })
	expect(await source.poll()).toMatchObject({
		kind,
		message: expect.stringMatching(/^Cannot read/),
		next: expect.stringMatching(/./),
	})
})

it("a detached HEAD asks for the name of a branch", async () => {
	const upstream = new TestRepository()
	const tip = upstream.push({})
	upstream.git("update-ref", "--no-deref", "HEAD", tip)
	upstream.git("checkout", "--quiet", "--detach")
	const source = await open({ repository: upstream.dir })
	expect(await source.poll()).toMatchObject({ kind: "no-branch", next: "name the branch with --branch" })
	expect(await (await open({ repository: upstream.dir, branch: "main" })).poll()).toEqual({ kind: "ready", tip })
})

it("a branch that only a remote has is named, with how to make it", async () => {
	const upstream = new TestRepository()
	upstream.git("update-ref", "refs/remotes/origin/prod", upstream.push({}))
	const source = await open({ repository: upstream.dir, branch: "prod" })
	expect(await source.poll()).toMatchObject({ kind: "no-branch", next: "make it with git branch prod origin/prod" })
})

it.each(["/etc", "../x", "a/../../b", "a\nb"])("a path %j to watch is refused", async (path) => {
	const upstream = new TestRepository()
	upstream.push({})
	const source = await open({ repository: upstream.dir, paths: [path] })
	expect(await source.poll()).toMatchObject({ kind: "refused" })
	await expect(source.files("x")).rejects.toBeInstanceOf(SourceError)
})

it.each([
	["folders too deep", { depth: 2 }, { "a/b/c/d.yaml": "x" }],
	["too many files", { files: 3 }, { "a.yaml": "1", "b.yaml": "2", "c.yaml": "3", "d.yaml": "4" }],
	["too many bytes", { totalBytes: 10 }, { "a.yaml": "123456", "b.yaml": "7890123" }],
])("%s are refused before they are read, and the way out is named", async (_title, limits, files) => {
	const upstream = new TestRepository()
	upstream.push({ files })
	expect(await (await open({ repository: upstream.dir, limits })).poll()).toMatchObject({
		kind: "refused",
		next: expect.stringContaining("--path"),
	})
})

it("a tree that unfolds without end is refused at the limit, not at the end", async () => {
	const upstream = new TestRepository()
	let tree = upstream.git("rev-parse", `${upstream.push({ files: { "a.yaml": "a" } })}^{tree}`)
	for (let level = 0; level < 12; level++) {
		const entry = Buffer.concat([Buffer.from("0"), Buffer.from("\0"), Buffer.from(tree, "hex")])
		const entries = Array.from({ length: 10 }, (_, at) =>
			Buffer.concat([Buffer.from(`40000 ${at}`), entry.subarray(1)]),
		)
		tree = upstream.object("tree", Buffer.concat(entries))
	}
	upstream.move(upstream.commitTree(tree, {}))
	expect(await (await open({ repository: upstream.dir })).poll()).toMatchObject({ kind: "refused" })
})

it("a file over the limit is listed with its size, and reading it is refused", async () => {
	const upstream = new TestRepository()
	const tip = upstream.push({ files: { "a.yaml": "0123456789", "b.yaml": "b" } })
	const source = await open({ repository: upstream.dir, limits: { fileBytes: 9 } })
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	expect((await source.files(tip)).map((file) => file.size)).toEqual([10, 1])
	await expect(source.read([upstream.blob("0123456789")])).rejects.toMatchObject({ code: "refused" })
	expect(await source.read([upstream.blob("b")])).toHaveLength(1)
})

it("paths that are no UTF-8 are shown byte by byte, the same in a listing and in a change", async () => {
	const upstream = new TestRepository()
	const base = upstream.push({})
	const blob = Buffer.from(upstream.blob("x"), "hex")
	const entry = Buffer.concat([Buffer.from("100644 caf\xe9.yaml\0", "latin1"), blob])
	const tip = upstream.commitTree(upstream.object("tree", entry), { parents: [base] })
	upstream.move(tip)
	const source = await open({ repository: upstream.dir })
	await source.poll()
	expect((await source.files(tip)).map((file) => file.path)).toEqual(["caf\\xe9.yaml"])
	expect((await source.changedFiles(base, tip)).map((file) => file.path)).toEqual(["caf\\xe9.yaml"])
})

it("a state directory that cannot be written is said, and is no crash", async () => {
	const upstream = new TestRepository({ bare: true })
	upstream.push({})
	const server = await gitServer(dirname(upstream.dir))
	const options = { repository: `${server.url}/repository`, allowLoopback: true, stateDir: makeFile() }
	expect(await (await open(options)).poll()).toMatchObject({
		kind: "unreachable",
		message: expect.stringContaining("ENOTDIR"),
	})
})

it("a remote that cannot be reached keeps its default branch in mind, and what was fetched", async () => {
	const upstream = new TestRepository({ bare: true })
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	upstream.move(tip, "trunk")
	upstream.git("symbolic-ref", "HEAD", "refs/heads/trunk")
	const stateDir = temporaryDirectory()
	const options = { repository: `file://${upstream.dir}`, allowLocal: true, stateDir }
	const first = await open(options)
	expect([first.branch, await first.poll()]).toEqual(["trunk", { kind: "ready", tip }])
	await first.close()
	upstream.git("config", "core.repositoryFormatVersion", "99")
	const second = await open(options)
	expect(second.branch).toBe("trunk")
	expect((await second.poll()).kind).not.toBe("ready")
	expect(await second.files(tip)).toHaveLength(1)
	expect((await second.commit(tip)).subject).toBe("a commit")
})

it("a closed source says so", async () => {
	const upstream = new TestRepository()
	const tip = upstream.push({})
	const source = await open({ repository: upstream.dir })
	await source.poll()
	await source.close()
	expect(await source.poll()).toMatchObject({ kind: "unreachable", message: expect.stringContaining("closed") })
	await expect(source.commit(tip)).rejects.toThrow("closed")
})

it("a git that is missing or too old is named, with the least version", async () => {
	vi.stubEnv("PATH", temporaryDirectory())
	onTestFinished(() => {
		vi.unstubAllEnvs()
	})
	await expect(openSource({ repository: "/tmp", stateDir: "/tmp" })).rejects.toMatchObject({
		next: "install git 2.38 or newer",
	})
	vi.unstubAllEnvs()
	programOnPath("git", "echo git version 2.34.1")
	await expect(openSource({ repository: "/tmp", stateDir: "/tmp" })).rejects.toThrow("git 2.34 is too old")
	expect(existsSync("/tmp/mirrors")).toBe(false)
})

function makeFile(): string {
	const file = join(temporaryDirectory(), "file")
	writeFileSync(file, "")
	return file
}
