import { spawn } from "node:child_process"
import { readFileSync, writeFileSync } from "node:fs"
import { createServer } from "node:http"
import { request } from "node:https"
import type { AddressInfo } from "node:net"
import { parse, stringify } from "yaml"
import type { KubeObject } from "../../../src/kube/index.ts"
import { type Started, started } from "../../builders/program.ts"
import { repository } from "../../builders/repository.ts"
import { temporaryDirectory } from "../../builders/temporary-directory.ts"
import { type Exchange, INPUTS } from "./recording.ts"

/** How much faster than kubectl's clock the cluster's goes. */
export const SPEED = 8

/** The kubelets of the recording. */
const KUBELETS = `apiVersion: simulation.rollcall.dev/v1alpha1
kind: PodBehavior
metadata: {name: recorded}
spec: {pull: 1ms, start: 800ms, ready: 1s, stop: 1s}
`

export type Stage = {
	/** The kubeconfig that `run` wrote: it reaches the program without the listener. */
	readonly kubeconfig: string
	/** Runs a command line; gives its output, standard error and exit code in the form of the recording. */
	readonly kubectl: (command: string, env?: Readonly<Record<string, string>>) => Promise<string>
	/** Requests since this was asked last. */
	readonly exchanges: () => readonly Exchange[]
	readonly end: () => Promise<void>
}

type Setting = { readonly drift?: string; readonly files?: Readonly<Record<string, readonly KubeObject[]>> }

/** A `rollcall run` on the recorded nodes, and a kubectl that reaches it through a listener. */
export async function stage({ drift = "ignore", files = {} }: Setting = {}): Promise<Stage> {
	const repo = repository()
	const state = temporaryDirectory()
	repo.commit("kubelets", { "kubelets.yaml": KUBELETS, ...files })
	const words = ["run", repo.path, "--state", state, "--fleet", `${INPUTS}/nodes.json`, "--drift", drift]
	const run = started([...words, "--speed", String(SPEED), "--log-format", "json"])
	await run.prints(/commit-applied/)
	const { config, exchanges, close } = await listener(`${state}/kubeconfig`)
	const home = temporaryDirectory()
	const kubectl = (command: string, more: Readonly<Record<string, string>> = {}) =>
		ran(command, { PATH: process.env["PATH"] ?? "", HOME: home, KUBECONFIG: config, ...more })
	return { kubeconfig: `${state}/kubeconfig`, kubectl, exchanges, end: () => ended(run, close) }
}

async function ended(run: Started, close: () => void): Promise<void> {
	close()
	run.process.kill("SIGTERM")
	await run.ended
}

function ran(command: string, env: Readonly<Record<string, string>>): Promise<string> {
	return new Promise((resolve) => {
		const child = spawn("bash", ["-c", command], { env, cwd: INPUTS })
		let [out, err] = ["", ""]
		child.stdout.setEncoding("utf8").on("data", (text) => {
			out += text
		})
		child.stderr.setEncoding("utf8").on("data", (text) => {
			err += text
		})
		child.on("close", (code) => resolve(`${out}${err === "" ? "" : `--- stderr ---\n${err}`}--- exit ${code} ---\n`))
	})
}

/** A kubeconfig whose server hands every request on to that of another, and writes down what was said. */
async function listener(behind: string) {
	const { users, clusters } = parse(readFileSync(behind, "utf8"))
	const { server, "certificate-authority-data": authority } = clusters[0].cluster
	const ca = Buffer.from(authority, "base64")
	const heard: Exchange[] = []
	const proxy = createServer((asked, answer) => {
		const headers = { ...asked.headers, authorization: `Bearer ${users[0].user.token}` }
		const onward = request(`${server}${asked.url}`, { method: asked.method, ca, headers })
		const body = textOf(asked)
		onward.on("response", (given) => {
			answer.writeHead(given.statusCode ?? 0, given.headers)
			// Of a watch that has nothing to say yet as well: kubectl waits for them.
			answer.flushHeaders()
			given.pipe(answer)
			const said = textOf(given)
			// A watch goes on: what it says is known by whoever looks later.
			heard.push({
				method: asked.method ?? "",
				path: asked.url ?? "",
				accept: asked.headers.accept ?? "",
				status: given.statusCode ?? 0,
				responseContentType: given.headers["content-type"] ?? "",
				responseHeaders: given.headers as Readonly<Record<string, string>>,
				get requestBody() {
					return body()
				},
				get responseBody() {
					return said()
				},
			})
		})
		onward.on("error", () => answer.destroy())
		answer.on("close", () => onward.destroy())
		asked.pipe(onward)
	})
	await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve))
	const config = `${temporaryDirectory()}/kubeconfig`
	const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
	writeFileSync(config, stringify(configFor(address)))
	return { config, exchanges: () => heard.splice(0), close: () => proxy.closeAllConnections() }
}

function textOf(stream: NodeJS.ReadableStream): () => string {
	const chunks: Buffer[] = []
	stream.on("data", (chunk) => chunks.push(chunk))
	return () => Buffer.concat(chunks).toString()
}

function configFor(server: string) {
	return {
		apiVersion: "v1",
		kind: "Config",
		"current-context": "rollcall",
		clusters: [{ name: "rollcall", cluster: { server } }],
		contexts: [{ name: "rollcall", context: { cluster: "rollcall", user: "rollcall" } }],
		users: [{ name: "rollcall", user: {} }],
	}
}
