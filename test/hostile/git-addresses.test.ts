import { chownSync, readdirSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { inspect } from "node:util"
import { afterEach, expect, it, onTestFinished, vi } from "vitest"
import type { Source } from "../../src/engine/index.ts"
import { gitEnvironment } from "../../src/git/environment.ts"
import { openSource, type SourceOptions } from "../../src/git/index.ts"
import { mayAsk } from "../../src/git/network.ts"
import { runGit } from "../../src/git/run.ts"
import { TestRepository } from "../builders/git-repository.ts"
import { backend, gitServer, httpServer } from "../builders/git-server.ts"
import { Canary, exercise, programOnPath } from "../builders/hostile.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

afterEach(() => {
	vi.unstubAllEnvs()
})

async function open(options: Partial<SourceOptions> & { readonly repository: string }): Promise<Source> {
	const source = await openSource({ stateDir: temporaryDirectory(), ...options })
	onTestFinished(() => source.close())
	return source
}

it.each([
	"ext::sh -c CANARY",
	"EXT::sh -c CANARY",
	"Ext::CANARY",
	"ext::CANARY%S",
	"fd::17",
	"git://example.com/x",
	"ftp://example.com/x",
	"http://example.com/x",
	"GIT+EXT::CANARY",
	"e\txt::CANARY",
	"ext\n::CANARY",
	"\next::CANARY",
	"ext::\rCANARY",
])("1: %j is refused as a repository, and runs nothing", async (url) => {
	const canary = new Canary()
	const source = await open({
		repository: url.replace("CANARY", canary.command),
		allowLocal: true,
		allowLoopback: true,
	})
	expect(await source.poll()).toMatchObject({ kind: "refused", next: expect.stringMatching(/./) })
	await exercise(source)
	expect(canary.sang).toBe("")
})

it("1: git itself refuses a helper's protocol, should one ever get that far", async () => {
	const canary = new Canary()
	for (const protocols of ["none", "https", "ssh"]) {
		const ran = await runGit(["ls-remote", `ext::${canary.command}`], { environment: gitEnvironment({ protocols }) })
		expect(ran).toMatchObject({ stderr: expect.stringContaining("transport 'ext' not allowed") })
	}
	expect(canary.sang).toBe("")
})

it("2: file:// is refused unless asked for, and then read by fetching", async () => {
	const upstream = new TestRepository({ bare: true })
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	const repository = `file://${upstream.dir}`
	expect(await (await open({ repository })).poll()).toMatchObject({
		kind: "refused",
		next: expect.stringContaining("--allow-local"),
	})
	expect(await (await open({ repository, allowLocal: true })).poll()).toEqual({ kind: "ready", tip })
})

it.skipIf(process.geteuid?.() !== 0).each([true, false])(
	"2: a repository of another user (bare: %s) is refused unless asked for (skipped where not root)",
	async (bare) => {
		const upstream = new TestRepository({ bare })
		const tip = upstream.push({ files: { "a.yaml": "a" } })
		for (const path of new Set([upstream.dir, upstream.gitDir])) chownSync(path, 12_345, 12_345)
		expect(await (await open({ repository: upstream.dir })).poll()).toMatchObject({
			kind: "refused",
			message: expect.stringContaining("another user"),
		})
		expect(await (await open({ repository: upstream.dir, allowLocal: true })).poll()).toEqual({ kind: "ready", tip })
	},
)

it("3: what begins with a dash is never an option: repository, branch, path, commit", async () => {
	const upstream = new TestRepository()
	const tip = upstream.push({ files: { "a.yaml": "a" } })
	const canary = new Canary()
	for (const repository of [`--upload-pack=${canary.command}`, "-u", "--help"])
		expect(await (await open({ repository })).poll()).toMatchObject({ kind: "refused" })
	for (const branch of [`--upload-pack=${canary.command}`, "-b", "--all"])
		expect(await (await open({ repository: upstream.dir, branch })).poll()).toMatchObject({ kind: "refused" })
	const source = await open({ repository: upstream.dir, paths: [`--output=${canary.file}`, "-a.yaml"] })
	expect(await source.poll()).toEqual({ kind: "ready", tip })
	expect(await source.files(tip)).toEqual([])
	const evil = `--output=${canary.file}`
	await expect(source.files(evil)).rejects.toThrow("Cannot")
	await expect(source.commit(evil)).rejects.toThrow("Cannot")
	await expect(source.changedFiles(evil, tip)).rejects.toThrow("Cannot")
	await expect(source.read([evil])).rejects.toThrow("Cannot")
	await expect(source.isAncestor(evil, tip)).rejects.toThrow("Cannot")
	await expect(source.walk(undefined, evil)[Symbol.asyncIterator]().next()).rejects.toThrow("Cannot")
	await expect(source.walk(evil, tip)[Symbol.asyncIterator]().next()).rejects.toThrow("Cannot")
	expect(canary.sang).toBe("")
})

it("4: a host, user or path that is an option of ssh is refused", async () => {
	const canary = new Canary()
	for (const repository of [
		`ssh://-oProxyCommand=${canary.command}/x`,
		`ssh://-oProxyCommand=${encodeURIComponent(canary.command)}/x`,
		"ssh://git@-oProxyCommand=x/y",
		"ssh://-oProxyCommand=x@example.com/y",
		"ssh://git@example.com/-oProxyCommand=x",
		"git@-oProxyCommand=x:y",
		"ssh://git@exam ple.com/x",
		"ssh://git@`id`/x",
	]) {
		const state = await (await open({ repository, allowLoopback: true })).poll()
		expect([repository, state.kind === "refused" || state.kind === "missing"]).toEqual([repository, true])
	}
	expect(canary.sang).toBe("")
})

it("4: ssh runs with our options alone, none of the user's configuration, and quotes what it is given", async () => {
	const ssh = programOnPath("ssh", "echo 'Permission denied' >&2; exit 255")
	const key = join(temporaryDirectory(), "a 'key' $(id) %h")
	writeFileSync(key, "k")
	const source = await open({
		repository: "ssh://git@127.0.0.1/org/repo.git",
		branch: "main",
		allowLoopback: true,
		credentials: { sshKey: key, knownHosts: key },
	})
	expect(await source.poll()).toMatchObject({ kind: "unreachable", next: expect.stringContaining("--ssh-key") })
	const [call = ""] = ssh.calls().split("\n")
	expect(call).toContain("-F none -o BatchMode=yes -o StrictHostKeyChecking=yes")
	expect(call).toContain("-o ProxyCommand=none")
	expect(call).toContain(`IdentityFile="${key.replace("%h", "%%h")}"`)
	expect(call).toMatch(/git@127\.0\.0\.1 git-upload-pack '\/org\/repo\.git'$/)
})

it.each([
	"https://ada:s3cret@example.com/x",
	"https://s3cret@example.com/x",
	"ssh://git:s3cret@example.com/x",
	"git:s3cret@example.com:x",
	"https://ada:s3cret\n@example.com/x",
	"https://ada:s3 cret\t@example.com/x",
	"https://example.com/x\r\nhost=evil.example/s3cret@",
])("5: credentials or line breaks in %j are refused, and in no text that leaves", async (repository) => {
	const source = await open({ repository })
	const state = await source.poll()
	expect(state).toMatchObject({ kind: "refused" })
	const failed = await source.files("x").catch((error: unknown) => error)
	for (const text of [source.name, JSON.stringify(state), inspect(state), inspect(failed), inspect(source)])
		expect(text).not.toContain("s3cret")
})

it("5: a token goes to its origin alone, by no command line, and is in no text, though the server sends it back", async () => {
	const git = programOnPath("git", `exec /usr/bin/env -S "$(PATH=/usr/local/bin:/usr/bin:/bin command -v git)" "$@"`)
	const token = "s3cret-t0ken"
	const basic = Buffer.from(`x-access-token:${token}`).toString("base64")
	const server = await httpServer((request, response) => {
		const echo = `ERR ${request.headers.authorization} ${token} ${Buffer.from(basic, "base64")}`
		response.setHeader("content-type", "application/x-git-upload-pack-advertisement")
		const line = (text: string): string => (text.length + 4).toString(16).padStart(4, "0") + text
		response.end(`${line("# service=git-upload-pack\n")}0000${line(echo)}0000`)
	})
	const tokenFile = join(temporaryDirectory(), "token")
	writeFileSync(tokenFile, `${token}\n`)
	const source = await open({
		repository: `${server.url}/x`,
		branch: "main",
		allowLoopback: true,
		credentials: { tokenFile },
	})
	const state = await source.poll()
	expect(state.kind).not.toBe("ready")
	expect(server.requests[0]?.authorization).toBe(`Basic ${basic}`)
	const texts = [JSON.stringify(state), inspect(state), inspect(source, { depth: 9 }), git.calls()]
	expect(texts.filter((text) => text.includes(token) || text.includes(basic))).toEqual([])
	expect(git.calls()).toContain("ls-remote")
})

it("6: a redirect is not followed, and no credential goes along", async () => {
	const upstream = new TestRepository({ bare: true })
	upstream.push({})
	const elsewhere = await gitServer(dirname(upstream.dir))
	const server = await httpServer((request, response) => {
		response.writeHead(302, { location: `${elsewhere.url}/repository${request.url?.replace(/^\/x/, "")}` }).end()
	})
	const tokenFile = join(temporaryDirectory(), "token")
	writeFileSync(tokenFile, "s3cret-t0ken")
	const source = await open({ repository: `${server.url}/x`, allowLoopback: true, credentials: { tokenFile } })
	expect(await source.poll()).toMatchObject({
		kind: "unreachable",
		message: expect.stringContaining("another address"),
	})
	expect(server.requests.length).toBeGreaterThan(0)
	expect(elsewhere.requests).toEqual([])
})

it("6: a repository that is reached redirects halfway: the objects are asked of nobody else", async () => {
	const upstream = new TestRepository({ bare: true })
	upstream.push({})
	const elsewhere = await gitServer(dirname(upstream.dir))
	const server = await httpServer((request, response) => {
		if (request.method === "POST") response.writeHead(307, { location: `${elsewhere.url}${request.url}` }).end()
		else backend(dirname(upstream.dir), request, response)
	})
	const source = await open({ repository: `${server.url}/repository`, branch: "main", allowLoopback: true })
	expect((await source.poll()).kind).toBe("unreachable")
	expect(elsewhere.requests).toEqual([])
})

it.each([
	"https://127.0.0.1/x",
	"https://localhost/x",
	"https://[::1]/x",
	"https://[::ffff:127.0.0.1]/x",
	"https://2130706433/x",
	"https://0x7f.1/x",
	"https://169.254.169.254/latest/meta-data",
	"https://[fd00:ec2::254]/x",
	"https://[fe80::1]/x",
	"https://0.0.0.0/x",
	"ssh://git@169.254.169.254/x",
])("7: %s is an address of this machine or its platform, and is not asked", async (repository) => {
	expect(await (await open({ repository, branch: "main" })).poll()).toMatchObject({ kind: "refused" })
})

it("7: what a name resolves to is judged, whatever way it is written", () => {
	for (const address of [
		"::ffff:169.254.169.254",
		"::ffff:a9fe:a9fe",
		"64:ff9b::a9fe:a9fe",
		"::7f00:1",
		"100.100.100.200",
	])
		expect([address, mayAsk(address, true)]).toEqual([address, false])
	for (const address of ["10.0.0.1", "140.82.112.3", "2606:50c0:8000::154", "fd12::1"])
		expect([address, mayAsk(address, false)]).toEqual([address, true])
})

it("5: a refused address leaves nothing in the state directory", async () => {
	const stateDir = temporaryDirectory()
	const source = await open({ repository: "https://ada:s3cret@example.com/x", stateDir })
	await exercise(source)
	expect(readdirSync(stateDir)).toEqual([])
})
