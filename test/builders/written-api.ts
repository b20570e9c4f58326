import { onTestFinished } from "vitest"
import type { DriftMode } from "../../src/engine/index.ts"
import type { KubeObject, ObjectKey } from "../../src/kube/index.ts"
import { apiOver } from "./api.ts"
import { daemonSet, nodePool } from "./objects.ts"
import { repository } from "./repository.ts"
import { type Rollcall, rollcallOn } from "./rollcall.ts"

export type WrittenApi = {
	readonly ask: ReturnType<typeof apiOver>
	readonly rollcall: Rollcall
	/** As the cluster has it now. */
	readonly live: (key: ObjectKey) => KubeObject | undefined
}

/** The API over a real engine: three nodes, and the DaemonSet kube-system/agent, which a commit describes. */
export async function writtenApi({ drift = "ignore" }: { readonly drift?: DriftMode } = {}): Promise<WrittenApi> {
	const repo = repository()
	repo.commit("one", { "agent.yaml": [daemonSet()], "nodes.yaml": [nodePool("workers", 3)] })
	const rollcall = rollcallOn(repo, { drift })
	await rollcall.once()
	const { engine, close } = await rollcall.open()
	onTestFinished(async () => {
		engine.stop()
		await close()
	})
	const cluster = () => engine.recorded?.cluster
	const ask = apiOver(cluster(), undefined, {
		ask: (request) => {
			const answer = engine.ask(request)
			engine.stop()
			return answer
		},
	})
	return { ask, rollcall, live: (key) => cluster()?.read(key) }
}
