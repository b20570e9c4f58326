import type { RecordedCluster, SourceState, Speed, Told } from "../../engine/index.ts"
import { type CommitLine, type Ledger, type RolloutRow, whyOf } from "../../history/index.ts"
import { type DaemonSet, keyOf, type Node, type ObjectKey } from "../../kube/index.ts"
import { placeOf } from "../ledger/words.ts"
import type { LiveDaemonSet, LiveModel } from "./model.ts"

type Newest = Pick<LiveDaemonSet, "revision" | "commit">

export type BoardFacts = { readonly repository: string; readonly branch: string; readonly speed: Speed }

/** What the live view knows beyond the cluster: which commit each DaemonSet is at. */
export class LiveBoard {
	readonly #facts: BoardFacts
	readonly #newest = new Map<ObjectKey, Newest>()
	readonly #lines = new Map<string, CommitLine>()
	/** True where the node is ready. */
	readonly #nodes = new Map<string, boolean>()
	#head: CommitLine | undefined
	#source: SourceState | undefined

	constructor(facts: BoardFacts, ledger: Ledger, recorded: RecordedCluster | undefined) {
		this.#facts = facts
		for (const node of recorded?.cluster.list({ group: "", kind: "Node" }) ?? []) {
			this.#nodes.set(node.metadata.name, isReady(node as Node))
		}
		for (const row of [...ledger.rollouts()].reverse()) this.#newest.set(row.daemonSet, newestOf(row))
		const [last] = ledger.commits({ limit: 1 })
		if (last !== undefined) this.#head = { commit: last.commit, author: last.author, subject: last.subject }
	}

	take({ entries, facts, source }: Told): void {
		this.#source = source
		for (const fact of facts) {
			if (fact.kind !== "node") continue
			if (fact.step === "left") this.#nodes.delete(fact.node)
			else if (READY.has(fact.step)) this.#nodes.set(fact.node, READY.get(fact.step) === true)
		}
		for (const entry of entries) {
			if (entry.kind === "commit") {
				const { commit, author, subject } = entry.commit
				this.#head = { commit, author: author.name, subject }
				this.#lines.set(commit, this.#head)
			} else if (entry.kind === "rollout-started") {
				const commit = entry.trigger.kind === "commit" ? this.#lines.get(entry.trigger.commit) : undefined
				this.#newest.set(entry.daemonSet, { revision: entry.to.revision, ...(commit === undefined ? {} : { commit }) })
			}
		}
	}

	model(recorded: RecordedCluster | undefined): LiveModel {
		const { repository, branch, speed } = this.#facts
		const cluster = recorded?.cluster
		const daemonSets = cluster === undefined ? [] : [...cluster.list({ group: "apps", kind: "DaemonSet" })]
		return {
			repository,
			branch,
			source: sourceOf(this.#source),
			clusterTime: cluster?.now() ?? 0,
			speed: speed === "max" ? Number.POSITIVE_INFINITY : speed,
			nodes: this.#nodes.size,
			notReady: [...this.#nodes.values()].filter((ready) => !ready).length,
			...(this.#head === undefined ? {} : { head: this.#head }),
			daemonSets: daemonSets.map((object) => this.#daemonSet(object as DaemonSet, recorded)),
		}
	}

	#daemonSet(object: DaemonSet, recorded: RecordedCluster | undefined): LiveDaemonSet {
		const key = keyOf(object)
		const why = recorded && whyOf(recorded.cluster, recorded.history, key)
		const { desiredNumberScheduled: desired = 0, numberAvailable = 0, updatedNumberScheduled = 0 } = object.status ?? {}
		const unavailable = Math.max(0, desired - numberAvailable)
		// Where a node is down during a rollout, it is its new pod that is not available yet.
		const fresh = Math.max(0, Math.min(updatedNumberScheduled - unavailable, numberAvailable))
		return {
			name: placeOf(key),
			desired,
			fresh,
			old: desired - unavailable - fresh,
			unavailable,
			...this.#newest.get(key),
			...(why === undefined || why.state === "done" || why.state === "going-on" ? {} : { kept: why.sentence }),
		}
	}
}

const READY: ReadonlyMap<string, boolean> = new Map([
	["joined", false],
	["ready", true],
	["not-ready", false],
	["unknown", false],
])

function newestOf({ to, commit }: RolloutRow): Newest {
	return {
		revision: to.revision,
		...(commit === undefined ? {} : { commit }),
	}
}

function sourceOf(state: SourceState | undefined): LiveModel["source"] {
	if (state === undefined || state.kind === "ready") return { state: "ready" }
	return { state: state.kind, message: state.message, next: state.next }
}

function isReady(node: Node): boolean {
	return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false
}
