import { execFile } from "node:child_process"
import { randomBytes } from "node:crypto"
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs"
import type { RequestListener } from "node:http"
import { dirname, join } from "node:path"
import { promisify } from "node:util"
import { expect, it, onTestFinished } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { openSource, type SourceOptions } from "../../src/git/index.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { backend, gitServer, httpServer } from "../builders/git-server.ts"
import { photograph } from "../builders/hostile.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

async function open(options: Partial<SourceOptions> & { readonly repository: string }): Promise<Source> {
	const source = await openSource({ stateDir: temporaryDirectory(), allowLoopback: true, branch: "main", ...options })
	onTestFinished(() => source.close())
	return source
}

const line = (text: string): string => (Buffer.byteLength(text) + 4).toString(16).padStart(4, "0") + text

/** A server that advertises refs that no repository could hold. */
function advertising(refs: readonly (readonly [id: string, ref: string])[], capabilities: string): RequestListener {
	return (_request, response) => {
		response.setHeader("content-type", "application/x-git-upload-pack-advertisement")
		const lines = refs.map(([id, ref], index) => line(`${id} ${ref}${index === 0 ? `\0${capabilities}` : ""}\n`))
		response.end(`${line("# service=git-upload-pack\n")}0000${lines.join("")}0000`)
	}
}

it("14: bundles that a server names are not fetched", async () => {
	const bundles = await httpServer((_request, response) => response.end("bundle"))
	const upstream = new TestRepository({ bare: true })
	upstream.git("config", "uploadpack.advertiseBundleURIs", "true")
	upstream.git("config", "bundle.version", "1")
	upstream.git("config", "bundle.mode", "all")
	upstream.git("config", "bundle.evil.uri", `${bundles.url}/evil.bundle`)
	upstream.git("config", "uploadpack.blobPackfileUri", `${"1".repeat(40)} ${"2".repeat(40)} ${bundles.url}/pack`)
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	const server = await gitServer(dirname(upstream.dir))
	expect(await (await open({ repository: `${server.url}/repository` })).poll()).toEqual({ kind: "ready", tip })
	expect(bundles.requests).toEqual([])
})

it("15: hostile names of refs stay names: no file is made, and no control character is shown", async () => {
	const id = "1".repeat(40)
	const refs = [
		[id, "HEAD"],
		[id, "refs/heads/../../config"],
		[id, `refs/heads/${"x".repeat(5000)}`],
		[id, "refs/heads/\x1b]0;owned\x07"],
		[id, "refs/heads/a b"],
		[id, "refs/heads/-x"],
	] as const
	for (const symref of ["refs/heads/../../config", "refs/heads/--upload-pack=x", "refs/heads/\x1b[31m"]) {
		const server = await httpServer(advertising(refs, `symref=HEAD:${symref} agent=evil`))
		const stateDir = temporaryDirectory()
		const repository = `${server.url}/x`
		const source = await openSource({ repository, stateDir, allowLoopback: true })
		onTestFinished(() => source.close())
		const state = await source.poll()
		expect(state.kind).not.toBe("ready")
		expect(JSON.stringify([state, source.branch])).not.toMatch(/\\u001b|\\u0007|\.\.\//)
		expect(readdirSync(stateDir)).toEqual([])
	}
})

it.each([
	"../../config",
	"a..b",
	"x.lock",
	".hidden",
	"a//b",
	"@",
	"a@{1}",
	"a b",
	"\x07",
	"a\\b",
	"x/",
	"é".repeat(150),
])("15: %j is no branch, and is refused", async (branch) => {
	const upstream = new TestRepository()
	upstream.push({})
	expect(await (await open({ repository: upstream.dir, branch })).poll()).toMatchObject({ kind: "refused" })
})

it("16: a server with endless refs is cut off", async () => {
	const refs = Array.from(
		{ length: 300_000 },
		(_, at) => ["1".repeat(40), `refs/heads/${at}-${"x".repeat(40)}`] as const,
	)
	const server = await httpServer(advertising(refs, "agent=evil"))
	expect(await (await open({ repository: `${server.url}/x` })).poll()).toMatchObject({
		kind: "unreachable",
		message: expect.stringContaining("said too much"),
	})
})

it("16: a server that never answers is left, and so is all that was started to ask it", async () => {
	const server = await httpServer(() => {})
	const source = await open({ repository: `${server.url}/x`, limits: { fetchMs: 300 } })
	expect(await source.poll()).toMatchObject({ kind: "unreachable", message: expect.stringContaining("longer than") })
	const { stdout } = await promisify(execFile)("ps", ["-eo", "args"])
	expect(stdout.split("\n").filter((line) => line.includes(server.url))).toEqual([])
})

it("17: a pack that is larger than allowed is cut off, and its remains are removed", async () => {
	const upstream = new TestRepository({ bare: true })
	const good = upstream.push({ files: { "a.yaml": "a" } })
	const root = dirname(upstream.dir)
	const server = await httpServer((request, response) => backend(root, request, response, 60))
	const stateDir = temporaryDirectory()
	const source = await open({ repository: `${server.url}/repository`, stateDir, limits: { fetchBytes: 1024 * 1024 } })
	expect(await source.poll()).toEqual({ kind: "ready", tip: good })
	upstream.push({ files: { "a.yaml": randomBytes(6 * 1024 * 1024).toString("base64") } })
	expect(await source.poll()).toMatchObject({
		kind: "unreachable",
		message: expect.stringContaining("more than 1 MiB"),
	})
	expect([...photograph(stateDir).keys()].filter((path) => path.includes("tmp_"))).toEqual([])
	expect(await source.files(good)).toHaveLength(1)
})

it("18: an object that fails git's checks is not taken in, and the last good commit stays readable", async () => {
	const upstream = new TestRepository({ bare: true })
	const good = upstream.push({ files: { "a.yaml": "a" } })
	const server = await gitServer(dirname(upstream.dir))
	const source = await open({ repository: `${server.url}/repository` })
	expect(await source.poll()).toEqual({ kind: "ready", tip: good })
	const blob = Buffer.from(upstream.blob("evil"), "hex")
	const tree = upstream.object("tree", Buffer.concat([Buffer.from("100644 .git\0"), blob]))
	upstream.move(upstream.commitTree(tree, { parents: [good] }))
	expect(await source.poll()).toMatchObject({ kind: "corrupt" })
	expect(await source.files(good)).toHaveLength(1)
	const next = upstream.push({ files: { "a.yaml": "b" }, parents: [good] })
	expect(await source.poll()).toEqual({ kind: "ready", tip: next })
})

it.each(["lost", "damaged"])("18: a mirror whose packs are %s is made anew, and is ready again", async (how) => {
	const upstream = new TestRepository({ bare: true })
	const tip = upstream.push({ files: { "a.yaml": randomBytes(9000).toString("hex") } })
	const server = await gitServer(dirname(upstream.dir))
	const stateDir = temporaryDirectory()
	const options = { repository: `${server.url}/repository`, stateDir }
	const first = await open(options)
	expect(await first.poll()).toEqual({ kind: "ready", tip })
	const [{ blob } = { blob: "" }] = await first.files(tip)
	await first.close()
	const [mirror = ""] = readdirSync(join(stateDir, "mirrors"))
	const packs = join(stateDir, "mirrors", mirror, "objects", "pack")
	for (const name of readdirSync(packs)) {
		const whole = readFileSync(join(packs, name))
		rmSync(join(packs, name))
		if (how === "damaged")
			writeFileSync(join(packs, name), name.endsWith(".pack") ? whole.fill(7, 400, whole.length - 400) : whole)
	}
	const second = await open(options)
	await second.poll()
	await second.read([blob]).catch(() => {})
	const states = [await second.poll(), await second.poll()]
	expect(states.at(-1)).toEqual({ kind: "ready", tip })
	expect(await second.read([blob])).toHaveLength(1)
	expect(states[0]?.kind).toBe(how === "damaged" ? "corrupt" : "ready")
})

it("18: a server that lost an object is told so, and is followed again once it is restored", async () => {
	const upstream = new TestRepository({ bare: true })
	upstream.push({ files: { "a.yaml": "a" } })
	const server = await gitServer(dirname(upstream.dir))
	const source = await open({ repository: `${server.url}/repository` })
	const lost = upstream.looseFile(upstream.blob("a"))
	renameSync(lost, `${lost}.aside`)
	const state = await source.poll()
	expect(["corrupt", "unreachable"]).toContain(state.kind)
	renameSync(`${lost}.aside`, lost)
	expect(await source.poll()).toMatchObject({ kind: "ready" })
})

it("19: a SHA-256 repository is mirrored as one, and is not mixed with a SHA-1 one at the same URL", async () => {
	const upstream = new TestRepository({ bare: true, format: "sha256" })
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	const server = await gitServer(dirname(upstream.dir))
	const source = await open({ repository: `${server.url}/repository` })
	expect(tip).toHaveLength(64)
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	expect((await source.read([upstream.blob("a")])).map((bytes) => Buffer.from(bytes).toString())).toEqual(["a"])
	rmSync(upstream.dir, { recursive: true })
	const other = new TestRepository({ bare: true, dir: upstream.dir })
	other.push({ files: { "a.yaml": "a" } })
	expect(await source.poll()).toMatchObject({ kind: "refused", message: expect.stringContaining("another kind") })
	expect(await source.files(tip)).toHaveLength(1)
})

it("28: locks that a dead process left in the mirror do not stop a fetch, and a living one's does", async () => {
	const upstream = new TestRepository({ bare: true })
	upstream.push({ files: { "a.yaml": "a" } })
	const server = await gitServer(dirname(upstream.dir))
	const stateDir = temporaryDirectory()
	const options = { repository: `${server.url}/repository`, stateDir }
	const first = await open(options)
	await first.poll()
	await first.close()
	const [name = ""] = readdirSync(join(stateDir, "mirrors"))
	const mirror = join(stateDir, "mirrors", name)
	const [ref = ""] = readdirSync(join(mirror, "refs", "rollcall"))
	const old = new Date("2020-01-01")
	const locks = [`refs/rollcall/${ref}.lock`, "shallow.lock", "packed-refs.lock", "config.lock", "HEAD.lock"]
	for (const lock of locks) {
		writeFileSync(join(mirror, lock), "")
		utimesSync(join(mirror, lock), old, old)
	}
	writeFileSync(join(mirror, "gc.pid"), "999999999 nowhere")
	utimesSync(join(mirror, "gc.pid"), old, old)
	const tip = upstream.push({ files: { "a.yaml": "b" } })
	expect(await (await open(options)).poll()).toEqual({ kind: "ready", tip })
	expect([...locks, "gc.pid"].filter((lock) => existsSync(join(mirror, lock)))).toEqual([])
	writeFileSync(join(mirror, `refs/rollcall/${ref}.lock`), "")
	upstream.push({ files: { "a.yaml": "c" } })
	expect(await (await open(options)).poll()).toMatchObject({
		kind: "unreachable",
		message: expect.stringContaining("lock"),
	})
})
