import { expect, test } from "vitest"
import { GRACE, version } from "../builders/agent-versions.ts"
import { nodePool } from "../builders/objects.ts"
import { type Ended, program } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

/** Three nodes whose agent is at its second version; `two`: the commit that brought it. */
async function twoVersions() {
	const repo = repository()
	const state = temporaryDirectory()
	const run = (...words: readonly string[]): Promise<Ended> => program([...words, "--state", state], { env: GRACE })
	const once = () => run("run", repo.path, "--once")
	repo.commit("one", { ...version(1), "nodes.yaml": [nodePool("workers", 3)] })
	await once()
	const two = repo.commit("two", version(2))
	await once()
	return { repo, run, once, two }
}

test("what was rolled back waits when it comes again, everywhere it is looked for, until a release", async () => {
	const { repo, run, once, two: bad } = await twoVersions()
	expect((await run("rollout", "undo", "ds/agent")).code).toBe(0)
	const back = repo.git("rev-parse", "HEAD")
	await once()
	expect((await run("rollout", "status", "ds/agent")).code).toBe(0)
	const verdicts = async () => (await run("history", "ds/agent")).out.match(/complete(, quarantined)?/g)
	expect(await verdicts()).toEqual(["complete", "complete, quarantined", "complete"])
	const wide = (await run("rollout", "history", "ds/agent", "-o", "wide")).out
	expect(wide).toMatch(new RegExp(`^2 +${bad.slice(0, 8)} +Ada +complete, quarantined `, "m"))

	repo.commit("two again", version(2))
	const waits = `kube-system/agent waits: it is the template that ${bad.slice(0, 8)} brought and ${back.slice(0, 8)} rolled away from`
	const planned = await run("plan", "--repo", repo.path)
	expect(planned.out).toContain(`would be held: ${waits}`)
	const held = await once()
	expect([held.code, held.err]).toEqual([1, expect.stringContaining(waits)])
	const status = await run("rollout", "status", "ds/agent")
	expect([status.code, status.out, status.err]).toEqual([
		1,
		"Waiting for daemon set spec update to be observed...\n",
		expect.stringContaining(`error: ${waits}`),
	])
	expect((await run("history", "ds/agent")).out).toContain(waits)
	const items = JSON.parse((await run("history", "ds/agent", "-o", "json")).out).items
	expect(items.map((item: { quarantined?: unknown }) => item.quarantined)).toEqual([
		undefined,
		{ commit: bad, by: back },
		undefined,
	])

	const shown = await run("rollout", "release", "ds/agent", "--dry-run")
	expect(shown.out).toMatch(
		/^kube-system\/agent: release what [0-9a-f]{8} brought\n\nThe template of (.|\n)*\n\nRelease: kube-system\/agent\n$/,
	)
	const released = await run("rollout", "release", "ds/agent")
	expect([released.code, released.out]).toEqual([0, "daemonset.apps/agent released\n"])
	expect([repo.git("show", "--format=", "--name-only", "HEAD"), repo.git("status", "--porcelain")]).toEqual(["", ""])
	expect((await once()).code).toBe(0)
	expect((await run("rollout", "status", "ds/agent")).code).toBe(0)
	expect((await run("rollout", "release", "ds/agent")).out).toBe(
		"daemonset.apps/agent not released (it was not rolled back from anything that may not come)\n",
	)
})

test("an undo of what waits takes the branch back to what runs", async () => {
	const { repo, run, once } = await twoVersions()
	await run("rollout", "undo", "ds/agent")
	await once()
	const good = repo.git("rev-parse", "HEAD^{tree}")
	repo.commit("two again", version(2))
	expect((await once()).code).toBe(1)
	expect((await run("rollout", "undo", "ds/agent")).code).toBe(0)
	expect(repo.git("rev-parse", "HEAD^{tree}")).toBe(good)
	expect((await once()).code).toBe(0)
	expect((await run("rollout", "status", "ds/agent")).code).toBe(0)
})

test("an undo that goes back on purpose to what was rolled away from lets it in", async () => {
	const { repo, run, once, two } = await twoVersions()
	await run("rollout", "undo", "ds/agent")
	await once()
	expect((await run("rollout", "undo", "ds/agent", "--to-rollout", "2")).code).toBe(0)
	expect(repo.git("log", "-1", "--format=%(trailers:key=Release,valueonly)")).toBe(`kube-system/agent ${two}`)
	expect((await once()).code).toBe(0)
	expect((await run("rollout", "status", "ds/agent")).code).toBe(0)
})
