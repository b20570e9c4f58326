import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { monitorEventLoopDelay } from "node:perf_hooks"
import { argv } from "node:process"
import { parseAllDocuments } from "yaml"
import { serveApi } from "../../src/api/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { pool } from "../builders/cluster.ts"
import type { Served, ServerFigures } from "./api-client.ts"
import { Fleet } from "./fleet.ts"

/** A process that serves a cluster of its own: `NODES DAEMONSETS`. Tells its parent where, then what it took whenever asked. */
const [nodes = 0, daemonSets = 0] = argv.slice(2).map(Number)
const fleet = new Fleet()
fleet.write(pool({ replicas: nodes }))
fleet.run(1_000)
for (let index = 0; index < daemonSets; index++) fleet.write(copyOf(fluentd(), `agent-${index}`))
fleet.settle()

const directory = mkdtempSync(join(tmpdir(), "rollcall-bench-"))
const serving = await serveApi({
	directory,
	listen: { port: 0 },
	cluster: () => fleet.recorded.cluster,
	ask: () => Promise.reject(new Error("nobody writes")),
	wall: () => new Date(),
	monotonic: () => performance.now(),
	failed: (failure) => console.error(failure),
})
const { clusters, users } = JSON.parse(readFileSync(serving.kubeconfig, "utf8"))
const ca = Buffer.from(clusters[0].cluster["certificate-authority-data"], "base64").toString()
const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
process.on("disconnect", () => {
	rmSync(directory, { recursive: true })
	process.exit()
})
process.on("message", () => {
	const { user, system } = process.cpuUsage()
	tell({ cpuMs: (user + system) / 1_000, blockedMs: delay.max / 1e6, rssMb: process.memoryUsage().rss / 1e6 })
	delay.reset()
})
tell({ url: serving.url, ca, token: users[0].user.token })

function tell(message: Served | ServerFigures): void {
	process.send?.(message)
}

/** The demo's own: an agent of a usual size. */
function fluentd(): DaemonSet {
	const path = join(process.cwd(), "examples/demo/03-logs/agents/logging/fluentd.yaml")
	const documents = parseAllDocuments(readFileSync(path, "utf8")).map((document) => document.toJS())
	return documents.find(({ kind }) => kind === "DaemonSet")
}

function copyOf({ metadata, ...daemonSet }: DaemonSet, name: string): DaemonSet {
	const copy = { ...daemonSet, metadata: { ...metadata, name } }
	return JSON.parse(
		JSON.stringify(copy).replaceAll('"app.kubernetes.io/name":"fluentd"', `"app.kubernetes.io/name":"${name}"`),
	)
}
