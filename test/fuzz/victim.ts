import { once } from "node:events"
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import type { KubeObject } from "../../src/kube/index.ts"
import { daemonSet, nodePool } from "../builders/objects.ts"
import { type Ended, type Started, started } from "../builders/program.ts"
import { repository } from "../builders/repository.ts"
import { reached } from "../builders/served-api.ts"
import { temporaryDirectory } from "../builders/temporary-directory.ts"

/** What a process holds: MiB of objects that are in use, of memory in all, and files, sockets among them. */
export type Held = { readonly heapMb: number; readonly rssMb: number; readonly files: number }

/** Has the process say what is left after a collection, whenever it is asked by a signal. */
const TELLING = `import { writeFileSync } from "node:fs"
import { setFlagsFromString } from "node:v8"
import { runInNewContext } from "node:vm"
setFlagsFromString("--expose-gc")
const collect = runInNewContext("gc")
process.on("SIGUSR2", () => {
	collect()
	writeFileSync(process.env.HEAP_FILE, process.memoryUsage().heapUsed + "\\n")
})`

export type Victim = ReturnType<typeof reached> & {
	readonly run: Started
	readonly held: () => Promise<Held>
	/** A commit that changes a DaemonSet: all that watch have something to hear. */
	readonly commit: () => void
	/** Ends it as a user does. */
	readonly stop: () => Promise<Ended>
}

const NAMES = { kind: "Thing", plural: "things", singular: "thing", listKind: "ThingList" }
const SCHEMA = { type: "object", "x-kubernetes-preserve-unknown-fields": true }
const DEFINITION = {
	apiVersion: "apiextensions.k8s.io/v1",
	kind: "CustomResourceDefinition",
	metadata: { name: "things.fuzz.example.com" },
	spec: {
		group: "fuzz.example.com",
		scope: "Namespaced",
		names: NAMES,
		versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: SCHEMA } }],
	},
} as unknown as KubeObject

/** `rollcall run` as its users start it, on a repository and a state directory of its own. */
export async function startVictim(): Promise<Victim> {
	const repo = repository()
	let commits = 0
	const commit = (): void => {
		const agent = daemonSet({ image: `registry.example/agent:${++commits}` })
		repo.commit(`agent ${commits}`, { "all.yaml": [agent, nodePool("workers", 200), DEFINITION] })
	}
	commit()
	commit()
	const state = temporaryDirectory()
	const words = ["run", repo.path, "--state", state, "--drift", "report", "--listen", "127.0.0.1:0", "--no-color"]
	const heapFile = join(state, "heap")
	const script = `data:text/javascript,${encodeURIComponent(TELLING)}`
	const run = started(words, { env: { NODE_OPTIONS: `--import ${script}`, HEAP_FILE: heapFile } })
	const kubeconfig = join(state, "kubeconfig")
	await run.prints(/kubeconfig/)
	const { server } = JSON.parse(readFileSync(kubeconfig, "utf8")).clusters[0].cluster
	const pid = run.process.pid
	const held = async (): Promise<Held> => {
		run.process.kill("SIGUSR2")
		const isTold = () => existsSync(heapFile) && readFileSync(heapFile, "utf8").endsWith("\n")
		while (!isTold() && run.process.exitCode === null) await new Promise((on) => setTimeout(on, 50))
		const heapMb = Math.round(Number(readFileSync(heapFile, "utf8")) / 2 ** 20)
		rmSync(heapFile)
		const status = readFileSync(`/proc/${pid}/status`, "utf8")
		const rssMb = Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024)
		return { heapMb, rssMb, files: readdirSync(`/proc/${pid}/fd`).length }
	}
	const stop = async () => {
		if (run.process.exitCode === null) run.process.kill("SIGTERM")
		if (run.process.exitCode === null) await once(run.process, "exit")
		return run.ended
	}
	const at = reached(server, kubeconfig)
	while ((await at.ask("GET /readyz")).status !== 200) await new Promise((on) => setTimeout(on, 50))
	return { ...at, run, held, commit, stop }
}
