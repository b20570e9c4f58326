import { spawn } from "node:child_process"
import { once } from "node:events"
import { expect, test } from "vitest"
import { isRecentKubectl } from "../builders/kubectl.ts"
import { agent, ServedRun } from "../builders/served-run.ts"

/** A kubectl that goes on until it ends by itself. */
function kubectl(server: ServedRun, ...words: string[]) {
	const env = { PATH: process.env["PATH"], HOME: "/nonexistent", KUBECONFIG: `${server.state}/kubeconfig` }
	const child = spawn("kubectl", words, { env, stdio: ["ignore", "pipe", "ignore"] })
	let out = ""
	child.stdout.setEncoding("utf8").on("data", (text) => {
		out += text
	})
	const begun = once(child.stdout, "data")
	const ended = once(child, "close").then(([code]) => ({ code, last: out.trim().split("\n").at(-1) }))
	return { begun, ended }
}

test.skipIf(!isRecentKubectl())(
	"kubectl that waits for a rollout waits on over a kill and a stop of run (skipped without kubectl v1.30 or newer on the PATH)",
	async () => {
		const server = new ServedRun()
		await server.ready()
		server.repo.commit("agent 2", agent("agent:2"))
		await server.run.prints(/"rollout-started".*"rollout":2/)
		const waiting = kubectl(server, "wait", "--for=jsonpath={.status.updatedNumberScheduled}=12", "ds/agent")
		const status = kubectl(server, "rollout", "status", "ds/agent")
		const watch = kubectl(server, "get", "pods", "-w")
		await Promise.all([status.begun, watch.begun])
		await server.restart("SIGKILL")
		await server.restart("SIGINT")
		expect(await status.ended).toEqual({ code: 0, last: 'daemon set "agent" successfully rolled out' })
		expect(await waiting.ended).toEqual({ code: 0, last: "daemonset.apps/agent condition met" })
		await watch.ended
	},
)
