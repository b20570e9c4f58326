import { KubeConfig } from "@kubernetes/client-node"
import { daemonSet, nodePool } from "./objects.ts"
import { type Started, started } from "./program.ts"
import { type Repository, repository } from "./repository.ts"
import { temporaryDirectory } from "./temporary-directory.ts"

export const NODES = 12
export const AGENT = { name: "agent", namespace: "default" }

/** A DaemonSet's file, three nodes at a time. */
export const agent = (image: string) => ({
	"agent.yaml": [
		daemonSet({
			...AGENT,
			spec: { updateStrategy: { rollingUpdate: { maxUnavailable: 3 } } },
			podSpec: { containers: [{ name: "main", image, resources: { requests: { cpu: "100m", memory: "64Mi" } } }] },
		}),
	],
})

/** `rollcall run` on a repository of its own, which is stopped and started again beside its clients. */
export class ServedRun {
	readonly repo: Repository = repository()
	readonly state = temporaryDirectory()
	/** As `run` wrote it, from `ready` on. */
	readonly config = new KubeConfig()
	run: Started
	/** Resolves once it answers: the one that runs, or the next one. */
	listens: Promise<void>

	constructor() {
		this.repo.commit("agent 1", { ...agent("agent:1"), "nodes.yaml": [nodePool("workers", NODES)] })
		this.run = this.#started()
		this.listens = this.run.prints(/api-listening/)
	}

	/** The first rollout is done. */
	async ready(): Promise<void> {
		await this.run.prints(/rollout-ended/)
		this.config.loadFromFile(`${this.state}/kubeconfig`)
	}

	async restart(signal: "SIGINT" | "SIGKILL"): Promise<void> {
		this.listens = this.run.ended.then(() => {
			this.run = this.#started()
			return this.run.prints(/api-listening/)
		})
		this.run.process.kill(signal)
		await this.listens
	}

	async stop(): Promise<void> {
		this.run.process.kill("SIGINT")
		await this.run.ended
	}

	#started(): Started {
		return started(["run", this.repo.path, "--state", this.state, "--speed", "40", "--log-format", "json"])
	}
}
