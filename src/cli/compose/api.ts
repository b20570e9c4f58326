import { type Serving, serveApi } from "../../api/index.ts"
import { loadCluster } from "../../cluster/index.ts"
import { systemClock } from "../clock.ts"
import { CliError } from "../failure.ts"
import { recallBeside } from "../past/recall-beside.ts"
import type { OpenedEngine } from "./engine.ts"

/** Serves the engine's cluster to kubectl; `failed` is told of a bug that one request met. */
export async function openApi(
	{ engine }: OpenedEngine,
	{ state, api }: { readonly state: string; readonly api: { readonly host?: string; readonly port?: number } },
	failed: (failure: unknown) => void,
): Promise<Serving> {
	try {
		return await serveApi({
			directory: state,
			listen: api,
			cluster: () => engine.recorded?.cluster,
			ask: (request) => engine.ask(request),
			past: async (when) => {
				const recalled = await recallBeside(state, when)
				if ("message" in recalled) return recalled
				const { cluster, asOf } = recalled
				return { cluster: loadCluster(cluster), bytes: cluster.length, asOf }
			},
			wall: () => new Date(systemClock.wall()),
			monotonic: () => systemClock.monotonic(),
			failed,
		})
	} catch (cause) {
		const { host = "127.0.0.1", port } = api
		const where = port === undefined ? host : `${host}:${port}`
		const isTaken = (cause as { readonly code?: unknown }).code === "EADDRINUSE"
		const reason = isTaken ? "another process listens there" : cause instanceof Error ? cause.message : cause
		const message = `Cannot serve the API at ${where}: ${reason}`
		throw new CliError(message, { next: "name another address with --listen, or leave it away with --no-api", cause })
	}
}
