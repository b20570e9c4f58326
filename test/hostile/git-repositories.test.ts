import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { expect, it, onTestFinished } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { commitFiles, openSource, type SourceOptions } from "../../src/git/index.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { gitServer } from "../builders/git-server.ts"
import { Canary, exercise, photograph, writeExecutable } from "../builders/hostile.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

async function open(options: Partial<SourceOptions> & { readonly repository: string }): Promise<Source> {
	const source = await openSource({ stateDir: temporaryDirectory(), safetyMs: 20, intervalMs: 20, ...options })
	onTestFinished(() => source.close())
	return source
}

async function overHttp(upstream: TestRepository): Promise<Source> {
	const server = await gitServer(dirname(upstream.dir))
	return open({ repository: `${server.url}/repository`, allowLoopback: true })
}

it("8: submodules are reported where they are and never fetched, whatever .gitmodules says", async () => {
	const canary = new Canary()
	const other = new TestRepository()
	const inner = other.push({ files: { "evil.yaml": "evil" } })
	const modules = [`[submodule "a"]\n\tpath = a\n\turl = ext::${canary.command}\n\tupdate = !${canary.command}\n`]
	modules.push(`[submodule "b\r"]\n\tpath = "b\r"\n\turl = --upload-pack=${canary.command}\n`)
	for (const bare of [true, false]) {
		const upstream = new TestRepository({ bare })
		upstream.git("config", "submodule.a.url", `ext::${canary.command}`)
		upstream.git("config", "submodule.recurse", "true")
		upstream.git("config", "fetch.recurseSubmodules", "true")
		const entry = { mode: "160000", to: inner }
		const files = { ".gitmodules": modules.join(""), a: entry, "b\r": entry, "x.yaml": "x" }
		const tip = upstream.push({ files })
		const source = await open({ repository: upstream.dir })
		await exercise(source)
		expect((await source.files(tip)).map((file) => [file.path, file.mode])).toEqual([
			["a", "160000"],
			["b\r", "160000"],
			["x.yaml", "100644"],
		])
	}
	expect(canary.sang).toBe("")
})

it("8: a server's .gitmodules that names a command never gets into the mirror", async () => {
	const canary = new Canary()
	const upstream = new TestRepository({ bare: true })
	const good = upstream.push({ files: { "x.yaml": "x" } })
	const source = await overHttp(upstream)
	expect(await source.poll()).toEqual({ kind: "ready", tip: good })
	const modules = `[submodule "a"]\n\tpath = a\n\turl = --upload-pack=${canary.command}\n`
	upstream.push({ files: { ".gitmodules": modules, a: { mode: "160000", to: good } } })
	expect(await source.poll()).toMatchObject({ kind: "corrupt", message: expect.stringContaining("unsafe") })
	expect(canary.sang).toBe("")
})

it("9: a repository that is its own submodule is read once", async () => {
	const upstream = new TestRepository({ bare: true })
	const first = upstream.push({ files: { "x.yaml": "x" } })
	const server = await gitServer(dirname(upstream.dir))
	const url = `${server.url}/repository`
	const modules = `[submodule "self"]\n\tpath = self\n\turl = ${url}\n`
	const tip = upstream.push({ files: { ".gitmodules": modules, self: { mode: "160000", to: first }, "x.yaml": "x" } })
	const source = await open({ repository: url, allowLoopback: true })
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	expect((await source.files(tip)).map((file) => file.path)).toEqual(["self", "x.yaml"])
	const asked = server.requests.length
	await exercise(source)
	expect(server.requests.filter((request) => request.path.includes("git-upload-pack")).length).toBe(
		server.requests.length,
	)
	expect(server.requests.length - asked).toBeLessThan(10)
})

const HOOKS = [
	"post-checkout",
	"post-index-change",
	"pre-commit",
	"post-commit",
	"reference-transaction",
	"fsmonitor-watchman",
]

it("10: no hook runs, in a repository that is read, one that is written, or a mirror", async () => {
	const canary = new Canary()
	const upstream = new TestRepository()
	upstream.push({ files: { "a.yaml": "a" } })
	const template = temporaryDirectory()
	for (const hook of [...HOOKS, "pre-auto-gc", "post-rewrite", "post-merge"]) {
		writeExecutable(join(upstream.gitDir, "hooks", hook), `#!/bin/sh\n${canary.command} ${hook}\n`)
		writeExecutable(join(template, "hooks", hook), `#!/bin/sh\n${canary.command} template ${hook}\n`)
	}
	upstream.git("config", "core.hooksPath", join(upstream.gitDir, "hooks"))
	upstream.git("config", "init.templateDir", template)
	await exercise(await open({ repository: upstream.dir }))
	await exercise(await open({ repository: `file://${upstream.dir}`, allowLocal: true }))
	const author = { name: "Ada", email: "ada@example.com" }
	await commitFiles(upstream.dir, "main", { files: new Map([["b.yaml", "b"]]), message: "b", author, at: 0 })
	expect(canary.sang).toBe("")
})

/** Every setting of a repository's own that names a command some git command would run. */
function poison(upstream: TestRepository, canary: Canary): void {
	const settings = [
		"core.fsmonitor",
		"core.sshCommand",
		"core.gitProxy",
		"core.pager",
		"core.editor",
		"core.askPass",
		"core.alternateRefsCommand",
		"pager.log",
		"pager.rev-list",
		"diff.external",
		"credential.helper",
		"gpg.program",
		"gpg.ssh.program",
		"sequence.editor",
		"uploadpack.packObjectsHook",
		"remote.origin.uploadpack",
		"trailer.sign.command",
		"trailer.sign.cmd",
		"alias.cat-file",
		"alias.diff-tree",
		"diff.evil.textconv",
		"diff.evil.command",
		"filter.evil.clean",
		"filter.evil.smudge",
		"filter.evil.process",
		"merge.evil.driver",
	]
	for (const name of settings)
		upstream.git("config", name, name.startsWith("alias") ? `!${canary.command}` : canary.command)
	upstream.git("config", "log.showSignature", "true")
	upstream.git("config", "filter.evil.required", "true")
	upstream.git("config", "protocol.ext.allow", "always")
	upstream.git("config", "protocol.allow", "always")
	upstream.git("config", "include.path", "/dev/null")
}

it.each([true, false])("11: settings of the repository's own (bare: %s) run nothing", async (bare) => {
	const canary = new Canary()
	const upstream = new TestRepository({ bare })
	upstream.push({ files: { "a.yaml": "a", ".gitattributes": "* diff=evil filter=evil merge=evil\n" } })
	upstream.push({ files: { "a.yaml": "b" }, message: "x\n\nsign: y\n" })
	poison(upstream, canary)
	await exercise(await open({ repository: upstream.dir }))
	await exercise(await open({ repository: `file://${upstream.dir}`, allowLocal: true }))
	expect(canary.sang).toBe("")
})

it("11: a partial clone does not fetch what it lacks by a command of its own", async () => {
	const canary = new Canary()
	const upstream = new TestRepository()
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	upstream.git("config", "extensions.partialClone", "origin")
	upstream.git("config", "remote.origin.promisor", "true")
	upstream.git("config", "remote.origin.url", `ext::${canary.command}`)
	upstream.git("config", "remote.origin.uploadpack", canary.command)
	upstream.git("config", "core.repositoryFormatVersion", "1")
	poison(upstream, canary)
	rmSync(upstream.looseFile(upstream.blob("a")))
	const source = await open({ repository: upstream.dir })
	expect(await source.poll()).toMatchObject({ kind: "corrupt", message: expect.stringContaining("a.yaml") })
	await expect(source.files(tip)).rejects.toThrow("missing or damaged")
	expect(canary.sang).toBe("")
})

it("11: a bare repository among the files of another is not taken for the one around", async () => {
	const canary = new Canary()
	const around = new TestRepository()
	around.push({ files: { "a.yaml": "a" } })
	const inner = new TestRepository({ bare: true, dir: join(around.dir, "docs") })
	inner.push({ files: { "evil.yaml": "e" } })
	poison(inner, canary)
	mkdirSync(join(inner.dir, "objects", "deep"))
	const below = await open({ repository: join(inner.dir, "objects", "deep") })
	expect((await below.poll()).kind).not.toBe("ready")
	await exercise(await open({ repository: inner.dir }))
	expect(canary.sang).toBe("")
})

it("12: filters and huge attribute files change no byte and run nothing", async () => {
	const canary = new Canary()
	const upstream = new TestRepository()
	const attributes = `* filter=evil text eol=crlf ident working-tree-encoding=UTF-16\n${"a".repeat(70_000)} b\n`.repeat(
		60,
	)
	const tip = upstream.push({ files: { ".gitattributes": attributes, "a.yaml": "$Id$\nexport: $Format:%H$\n" } })
	poison(upstream, canary)
	const source = await open({ repository: upstream.dir })
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	const [file] = await source.files(tip)
	const [bytes] = await source.read([file?.blob ?? ""])
	expect(Buffer.from(bytes ?? []).toString()).toBe("$Id$\nexport: $Format:%H$\n")
	expect(canary.sang).toBe("")
})

it("13: comparing runs no textconv and no external diff", async () => {
	const canary = new Canary()
	const upstream = new TestRepository()
	const attributes = "* diff=evil\n"
	const base = upstream.push({ files: { ".gitattributes": attributes, "a.yaml": "1" } })
	const tip = upstream.push({ files: { ".gitattributes": attributes, "a.yaml": "2" } })
	poison(upstream, canary)
	mkdirSync(join(upstream.gitDir, "info"), { recursive: true })
	writeFileSync(join(upstream.gitDir, "info", "attributes"), attributes)
	const source = await open({ repository: upstream.dir })
	expect((await source.changedFiles(base, tip)).map((file) => file.path)).toEqual(["a.yaml"])
	expect(canary.sang).toBe("")
})

it.each([true, false])("10: a repository that is read (bare: %s) is byte for byte what it was", async (bare) => {
	const upstream = new TestRepository({ bare })
	const root = upstream.push({ files: { "a.yaml": "a" } })
	const side = upstream.commit({ files: { "b.yaml": "b" }, parents: [root] })
	upstream.push({ files: { "a.yaml": "c", "b.yaml": "b" }, parents: [root, side] })
	upstream.git("pack-refs", "--all")
	if (!bare) writeFileSync(join(upstream.dir, "a.yaml"), "changed by hand")
	const before = photograph(upstream.dir)
	for (const options of [{}, { branch: "none" }, { paths: ["x"] }])
		await exercise(await open({ repository: upstream.dir, stateDir: "/nonexistent/state", ...options }))
	expect(photograph(upstream.dir)).toEqual(before)
})
