import { expect as expectations, HASH_LABEL, revisionHash, targetNodeName } from "../../src/cluster/daemonset/index.ts"
import type { Pod } from "../../src/kube/index.ts"
import { difference, suite } from "./cases.ts"
import { type Choice, type ClusterCase, choiceDifference, instantOf } from "./objects.ts"
import { runSync, type SyncRun, type World } from "./world.ts"

type SyncCase = ClusterCase & {
	readonly pendingExpectations?: { readonly add: number; readonly del: number }
	readonly expected: {
		readonly phase: string
		readonly create?: Choice
		readonly delete?: Choice
		readonly error?: true
		readonly status: object
		readonly revisionsCreated: number
	}
}

const NO_CHOICE: Choice = { must: [], count: 0 }

suite<SyncCase>("sync", "[S1] [S2] [S3] a whole sync does what Kubernetes' does", (given) => {
	const { expected } = given
	const world = worldOf(given)
	const run = runSync(world)
	const nodeOf = new Map(given.pods.map((pod) => [pod.metadata.name, targetNodeName(pod.spec) ?? ""]))
	return (
		difference(
			{
				phase: phaseOf(run, given.daemonSet.spec.updateStrategy?.type),
				error: run.error !== undefined,
				revisionsCreated: run.revisionsCreated,
				status: { ...NO_STATUS, ...world.daemonSet.status },
			},
			{
				phase: expected.phase,
				error: expected.error ?? false,
				revisionsCreated: expected.revisionsCreated,
				status: expected.status,
			},
		) ??
		choiceDifference(run.created, expected.create ?? NO_CHOICE) ??
		choiceDifference(run.deleted, expected.delete ?? NO_CHOICE, (pod) => nodeOf.get(pod) ?? "")
	)
})

const NO_STATUS = {
	currentNumberScheduled: 0,
	desiredNumberScheduled: 0,
	numberAvailable: 0,
	numberMisscheduled: 0,
	numberReady: 0,
	numberUnavailable: 0,
	observedGeneration: 0,
	updatedNumberScheduled: 0,
}

function worldOf(given: SyncCase): World {
	const { daemonSet, pendingExpectations: pending } = given
	const now = instantOf(given)
	return {
		now,
		daemonSet,
		nodes: given.nodes,
		// The case's hash stands for the current template; ours has letters of its own.
		pods: given.pods.map((pod) => withHash(pod, given.hash, revisionHash(daemonSet.spec.template, undefined))),
		revisions: [],
		expectations: pending === undefined ? undefined : expectations(pending.add, pending.del, now),
		backOffs: new Map(),
	}
}

function withHash(pod: Pod, from: string, to: string): Pod {
	const { labels } = pod.metadata
	if (labels?.[HASH_LABEL] !== from) return pod
	return { ...pod, metadata: { ...pod.metadata, labels: { ...labels, [HASH_LABEL]: to } } } as Pod
}

function phaseOf(run: SyncRun, strategy: string | undefined): string {
	if (run.refused !== undefined) return run.refused
	if (!run.steps.includes("place")) return "waiting-for-expectations"
	if (run.acted === "place") return "manage"
	return strategy === "RollingUpdate" ? "rolling-update" : "nothing-to-manage"
}
