import { execFile } from "node:child_process"
import { writeFileSync } from "node:fs"
import { CoreV1Api, KubeConfig, makeInformer } from "@kubernetes/client-node"
import { describe, expect, test } from "vitest"
import { hasKubectl, isRecentKubectl } from "../builders/kubectl.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { program, type Started, started } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

const image = (version: number): string => `registry.example/agent:${version}`

/** Three commits, replayed, and a program that runs on from there. */
async function running() {
	const repo = repository()
	const [state, home] = [temporaryDirectory(), temporaryDirectory()]
	const commits = [1, 2, 3].map((version) =>
		repo.commit(`v${version}`, {
			"agent.yaml": [daemonSet({ image: image(version) })],
			"nodes.yaml": [nodePool("w", 2 + version)],
		}),
	)
	const env = { ROLLCALL_STATE: state, HOME: home }
	expect((await program(["replay", repo.path, "--settle"], { env })).code).toBe(0)
	const start = async (): Promise<Started> => {
		const run = started(["run", repo.path, "--log-format", "json"], { env })
		await run.prints(/api-listening/)
		return run
	}
	const rollcall = (...words: readonly string[]) => program(words, { env })
	/** kubectl with the kubeconfig that the words give. */
	const kubectl = async (...words: readonly string[]) => {
		const config = `${home}/config${words.join("-")}`
		writeFileSync(config, (await rollcall("kubeconfig", ...words)).out)
		return (command: string) =>
			new Promise<{ out: string; err: string }>((resolve) => {
				const options = { env: { PATH: process.env["PATH"], HOME: home, KUBECONFIG: config }, timeout: 60_000 }
				execFile("kubectl", command.split(" "), options, (_, out, err) => resolve({ out, err }))
			})
	}
	return { commits, start, rollcall, kubectl }
}

const IMAGE = "get ds agent -n kube-system -o jsonpath={.spec.template.spec.containers[0].image}"

describe.skipIf(!hasKubectl())("kubectl and the past (skipped without kubectl on the PATH)", () => {
	test.skipIf(!isRecentKubectl())(
		"every commit is a cluster: the objects of then, with the ages of then (skipped before kubectl v1.30)",
		async () => {
			const { commits, start, rollcall, kubectl } = await running()
			await start()
			for (const [place, commit] of commits.entries()) {
				const past = await kubectl("--at", commit)
				expect((await past(IMAGE)).out).toBe(image(place + 1))
				for (const kind of ["pods", "ds", "nodes", "events", "controllerrevisions"]) {
					const [ours, theirs] = [
						await rollcall("get", kind, "-A", "-o", "json", "--at", commit),
						await past(`get ${kind} -A -o json`),
					]
					expect([commit, kind, JSON.parse(theirs.out)]).toEqual([commit, kind, JSON.parse(ours.out)])
				}
				const [ours, theirs] = [await rollcall("get", "ds", "-A", "--at", commit), await past("get ds -A")]
				expect(theirs.out).toBe(ours.out)
			}
			const live = await kubectl()
			expect((await live(IMAGE)).out).toBe(image(3))
			expect((await live("config current-context")).out).toBe("rollcall\n")
			const named = await kubectl("--at", "HEAD~1")
			expect((await named("config current-context")).out).toBe(`rollcall@${commits[1]?.slice(0, 8)}\n`)
			expect((await named("describe ds agent -n kube-system")).out).toContain(image(2))
			expect((await named("explain nodepool.spec")).out).toContain("replicas")
		},
	)

	test("a past is only read, stands still, and is the same after a restart", async () => {
		const { commits, start, kubectl } = await running()
		const first = await start()
		const past = await kubectl("--at", commits[1] ?? "")
		const refused =
			/is forbidden: this is the cluster as of \S+Z, when commit [0-9a-f]{8} was taken, which can only be read/
		for (const command of [
			"delete ds agent -n kube-system",
			"label node w-0 a=b",
			"cordon w-0",
			"create namespace more",
			"rollout restart ds/agent -n kube-system",
		]) {
			expect([command, (await past(command)).err]).toEqual([command, expect.stringMatching(refused)])
		}
		expect((await past("auth can-i delete pods")).out).toMatch(/^no/)
		const watched = await past("get nodes -w --request-timeout=2s")
		expect(watched.out.trim().split("\n")).toHaveLength(1 + 4)
		const before = (await past("get pods -A -o json")).out
		first.process.kill("SIGTERM")
		await first.ended
		expect((await past("get nodes")).err).toMatch(/connection to the server .* was refused/)
		await start()
		expect((await past("get pods -A -o json")).out).toBe(before)
	})

	test.skipIf(!isRecentKubectl())("what nobody can tell is said in words (skipped before kubectl v1.30)", async () => {
		const { commits, start, rollcall, kubectl } = await running()
		expect((await rollcall("kubeconfig")).err).toMatch(/the Kubernetes API was never served there\n {2}next: /)
		const run = await start()
		const config = JSON.parse((await rollcall("kubeconfig", "--at", commits[0] ?? "", "-o", "json")).out)
		const { server } = config.clusters[0].cluster
		const past = await kubectl("--at", commits[0] ?? "")
		for (const [when, why] of [
			["deadbeef", 'Cannot find the commit "deadbeef"'],
			["2035-01-01T00:00:00Z", "cluster time has come to 2026-"],
			["1999-01-01T00:00:00Z", "nothing that old is on record"],
		] as const) {
			expect((await past(`get pods -s ${server.replace(/at\/.*/, `at/${when}`)}`)).err).toContain(why)
			expect((await rollcall("kubeconfig", "--at", when)).code).toBe(1)
		}
		run.process.kill("SIGTERM")
		await run.ended
		const alone = await rollcall("kubeconfig", "--at", "HEAD")
		expect([alone.code, alone.err]).toEqual([0, expect.stringContaining("until rollcall run is started")])
	})
})

test("an informer of the official JavaScript client learns what was there, and no write comes through", async () => {
	const { start, rollcall } = await running()
	await start()
	const config = new KubeConfig()
	config.loadFromString((await rollcall("kubeconfig", "--at", "HEAD~2")).out)
	const core = config.makeApiClient(CoreV1Api)
	const informer = makeInformer(config, "/api/v1/nodes", () => core.listNode())
	const seen = new Set<string>()
	const all = new Promise<void>((resolve) => {
		informer.on("add", ({ metadata }) => {
			seen.add(metadata?.name ?? "")
			if (seen.size === 3) resolve()
		})
	})
	await informer.start()
	await all
	await informer.stop()
	expect([...seen].sort()).toEqual(["w-0", "w-1", "w-2"])
	await expect(core.deleteNode({ name: "w-0" })).rejects.toMatchObject({
		code: 403,
		body: expect.stringContaining("which can only be read"),
	})
})
