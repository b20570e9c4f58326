import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { argv } from "node:process"
import type { Serving } from "../../src/api/index.ts"
import { openApi, openEngine } from "../../src/cli/compose/index.ts"
import type { Told } from "../../src/engine/index.ts"
import { changeOne, largeRepository } from "../builders/large-repository.ts"
import type { Served } from "./api-client.ts"

/** When each batch was durable, by a clock that all processes share, and the cluster's version then. */
export type Batches = readonly (readonly [ms: number, version: number])[]
export type RolloutFigures = {
	readonly batches: Batches
	readonly cpuMs: number
	/** Memory that is in use. */
	readonly usedMb: number
	readonly settled: boolean
}

/** A process that runs the engine over a repository of its own and serves it: `NODES SPEED`. `roll` is a push. */
const [nodes = "", speed = ""] = argv.slice(2)
const repository = largeRepository({ manifests: 1, commits: 0, nodes: Number(nodes) })
const state = mkdtempSync(join(tmpdir(), "rollcall-bench-"))
let batches: (readonly [number, number])[] = []
let serving: Serving | undefined
const request = {
	...{ repository: repository.path, paths: [], state, seed: "bench", backfill: 0, strict: false, plain: false },
	...{ speed: speed === "max" ? ("max" as const) : Number(speed), largestShare: 1, what: "bench" },
}
const opened = await openEngine(request, (told: Told) => {
	batches.push([Number(process.hrtime.bigint()) / 1e6, opened.engine.recorded?.cluster.version() ?? 0])
	serving?.told(told)
})
const stop = new AbortController()
await opened.engine.once(stop.signal)
serving = await openApi(opened, { state, api: { port: 0 } }, (failure) => console.error(failure))
const { clusters, users } = JSON.parse(readFileSync(serving.kubeconfig, "utf8"))
const ca = Buffer.from(clusters[0].cluster["certificate-authority-data"], "base64").toString()
process.on("disconnect", () => {
	for (const path of [state, repository.path]) rmSync(path, { recursive: true })
	process.exit()
})
let pushes = 0
process.on("message", (word) => {
	if (word === "roll") {
		changeOne(repository, 0, ++pushes)
		return
	}
	const { user, system } = process.cpuUsage()
	const settled = opened.engine.recorded?.cluster.settled() === true
	tell({ batches, cpuMs: (user + system) / 1_000, usedMb: settled ? usedMb() : 0, settled })
	batches = []
})
tell({ url: serving.url, ca, token: users[0].user.token })
await opened.engine.follow(stop.signal)

function usedMb(): number {
	globalThis.gc?.()
	const { heapUsed, external } = process.memoryUsage()
	return (heapUsed + external) / 1e6
}

function tell(message: Served | RolloutFigures): void {
	process.send?.(message)
}
