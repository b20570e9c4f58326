import type { Told } from "../../engine/index.ts"
import { Api } from "../api.ts"
import type { ApiParts } from "../contract.ts"
import { credentialsIn, keepCredentials } from "./credentials.ts"
import { type Listen, type Listening, listen, type Patience } from "./server.ts"

export type ServeOptions = Omit<ApiParts, "soon"> & {
	/** The state directory: certificate authority, tokens and kubeconfig stay there. */
	readonly directory: string
	/** Without a port, or with 0, that of the last time where it is free. */
	readonly listen?: Partial<Listen>
	/** As long as is usual where absent. */
	readonly patience?: Patience
	readonly wall: () => Date
	/** Milliseconds of a clock that never goes back. */
	readonly monotonic: () => number
}

export type Serving = {
	readonly url: string
	/** The path of the kubeconfig that reaches it. */
	readonly kubeconfig: string
	/** The port of the last time, where another process has it now: kubeconfigs that were copied lead there. */
	readonly lostPort?: number
	/** A batch is durable: whoever watches is told of it. */
	told(told: Told): void
	close(): Promise<void>
}

const TICK_MS = 1_000

/** Serves the API until it is closed. Throws where it cannot listen at the address that was named. */
export async function serveApi(options: ServeOptions): Promise<Serving> {
	const { directory, wall, monotonic, patience, failed } = options
	const now = wall()
	const credentials = credentialsIn(directory, now)
	const api = new Api({ ...options, soon: (act) => void setImmediate(act) }, monotonic)
	const host = options.listen?.host ?? "127.0.0.1"
	const wishes = { api, credentials, now, failed, ...(patience === undefined ? {} : { patience }) }
	const at = (port: number): Promise<Listening> => listen({ ...wishes, listen: { host, port } })
	const wanted = options.listen?.port || credentials.port
	const opened = await at(wanted).catch((failure) => {
		const mayMove = failure.code === "EADDRINUSE" && !options.listen?.port
		return mayMove ? at(0) : Promise.reject(failure)
	})
	const { url, port } = opened
	const lost = !options.listen?.port && wanted !== 0 && wanted !== port ? { lostPort: wanted } : {}
	const kubeconfig = keepCredentials(directory, { ...credentials, port }, url)
	const ticking = setInterval(() => api.tick(), TICK_MS).unref()
	const close = async (): Promise<void> => {
		clearInterval(ticking)
		api.close()
		await opened.close()
	}
	const told = ({ entries }: Told): void => {
		// Nothing that a client does stops the engine.
		try {
			api.told(entries.flatMap((entry) => (entry.kind === "write" ? [entry.key] : [])))
		} catch (failure) {
			failed(failure)
		}
	}
	return { url, kubeconfig, ...lost, told, close }
}
