import {
	type BackOffs,
	beginSync,
	claim,
	type Expectations,
	expect,
	HASH_LABEL,
	nextStep,
	type SyncPlace,
	type SyncStep,
	type SyncView,
	type SyncWrite,
	syncStep,
	takeCensus,
	targetNodeName,
} from "../../src/cluster/daemonset/index.ts"
import type { ControllerRevision, DaemonSet, KubeObject, Node, Pod } from "../../src/kube/index.ts"
import { ownerOf } from "./objects.ts"

/**
 * A cluster of plain objects that a sync runs over, without a watch: pods to create and to delete are noted, all else
 * is done at once.
 */
export type World = {
	readonly now: number
	daemonSet: DaemonSet
	readonly nodes: readonly Node[]
	pods: readonly Pod[]
	revisions: readonly ControllerRevision[]
	expectations: Expectations | undefined
	readonly backOffs: BackOffs
}

export type SyncRun = {
	readonly refused?: "being-deleted" | "selects-everything"
	readonly steps: readonly SyncStep[]
	/** The step that created or deleted pods, or failed trying. */
	readonly acted?: SyncStep
	readonly created: readonly string[]
	readonly deleted: readonly string[]
	readonly revisionsCreated: number
	readonly error?: string
}

/** One sync from its first step to its last. */
export function runSync(world: World): SyncRun {
	const begun = beginSync(world.daemonSet)
	const notes = { created: [] as string[], deleted: [] as string[], revisionsCreated: 0 }
	if (typeof begun === "string") return { refused: begun, steps: [], ...notes }
	const steps: SyncStep[] = []
	let acted: SyncStep | undefined
	let error: string | undefined
	let at: SyncPlace | undefined = begun
	const cached = world.daemonSet
	while (at !== undefined) {
		steps.push(at.step)
		const outcome = syncStep(viewOf(world, cached), at)
		if (outcome.expect !== undefined) {
			world.expectations = expect(outcome.expect.creations, outcome.expect.deletions, world.now)
			if (outcome.expect.creations + outcome.expect.deletions > 0) acted = at.step
		}
		for (const write of outcome.writes) perform(world, write, notes)
		if (outcome.error !== undefined) {
			error = outcome.error
			acted = at.step
		}
		const after = { expectations: world.expectations, now: world.now }
		at = nextStep(at, outcome, after, cached.spec.updateStrategy?.type)
	}
	return {
		steps,
		...(acted === undefined ? {} : { acted }),
		...(error === undefined ? {} : { error }),
		...notes,
	}
}

function viewOf(world: World, daemonSet: DaemonSet): SyncView {
	const claims = claim(ownerOf(daemonSet), world.pods)
	return {
		daemonSet,
		expectations: world.expectations,
		backOffs: world.backOffs,
		burst: 250,
		paused: false,
		hard: false,
		revisions: () => world.revisions,
		revisionNamed: (name) => world.revisions.find(({ metadata }) => metadata.name === name),
		claims: () => ({
			adopt: claims.adopt.map((pod) => world.pods.indexOf(pod)),
			release: claims.release.map((pod) => world.pods.indexOf(pod)),
		}),
		census: (hash) => takeCensus({ daemonSet, nodes: world.nodes, pods: claims.claimed, hash }, world.now),
		liveHashes: () => {
			const placed = claims.claimed.filter(({ spec }) => targetNodeName(spec) !== undefined)
			return new Set(placed.map(({ metadata }) => metadata.labels?.[HASH_LABEL] ?? ""))
		},
	}
}

type Notes = { readonly created: string[]; readonly deleted: string[]; revisionsCreated: number }

function perform(world: World, write: SyncWrite, notes: Notes): void {
	const { daemonSet } = world
	const claimed = claim(ownerOf(daemonSet), world.pods).claimed
	switch (write.kind) {
		case "create-revision":
			world.revisions = [...world.revisions, write.revision]
			notes.revisionsCreated++
			return
		case "update-revision":
			world.revisions = world.revisions.map((each) =>
				each.metadata.name === write.revision.metadata.name ? write.revision : each,
			)
			return
		case "delete-revision":
			world.revisions = world.revisions.filter(({ metadata }) => metadata.name !== write.name)
			return
		case "raise-collision-count":
			setStatus(world, { collisionCount: write.collisionCount })
			return
		case "relabel-pods":
			world.pods = world.pods.map((pod) => (claimed.includes(pod) ? relabelled(pod, write.hash) : pod))
			return
		case "adopt-pod":
		case "release-pod":
			world.pods = world.pods.map((pod, handle) =>
				handle === write.pod ? withOwner(pod, write.kind === "adopt-pod" ? daemonSet : undefined) : pod,
			)
			return
		case "create-pods": {
			const census = takeCensus({ daemonSet, nodes: world.nodes, pods: claimed, hash: write.hash }, world.now)
			notes.created.push(...write.nodes.map(census.nodeName))
			return
		}
		case "delete-pods":
			notes.deleted.push(...write.pods.map((pod) => claimed[pod]?.metadata.name ?? `no pod ${pod}`))
			return
		case "store-status":
			setStatus(world, write.status)
			return
	}
}

function setStatus(world: World, status: object): void {
	world.daemonSet = { ...world.daemonSet, status: { ...world.daemonSet.status, ...status } } as DaemonSet
}

function relabelled(pod: Pod, hash: string): Pod {
	return { ...pod, metadata: { ...pod.metadata, labels: { ...pod.metadata.labels, [HASH_LABEL]: hash } } } as Pod
}

function withOwner(pod: Pod, owner: KubeObject | undefined): Pod {
	const uid = owner?.metadata.uid ?? ""
	const name = owner?.metadata.name ?? ""
	const reference = { apiVersion: "apps/v1", kind: "DaemonSet", name, uid, controller: true }
	return { ...pod, metadata: { ...pod.metadata, ownerReferences: owner === undefined ? [] : [reference] } } as Pod
}
