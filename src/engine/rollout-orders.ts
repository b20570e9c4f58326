import { deepFreeze, formatInstant } from "../base/index.ts"
import type { Write } from "../cluster/index.ts"
import type { LedgerEntry } from "../history/index.ts"
import {
	type DaemonSet,
	isPaused,
	type KubeObject,
	keyParts,
	type ObjectKey,
	PAUSED_ANNOTATION,
	type Refusal,
} from "../kube/index.ts"
import { type Asker, orderRow, sayOrder, sourceOf } from "./asker.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import type { Answer } from "./requests.ts"

type DecisionRow = Extract<LedgerEntry, { readonly kind: "decision" }>

/** kubectl's: the moment of the newest restart, in the pod template. */
const RESTARTED_ANNOTATION = "kubectl.kubernetes.io/restartedAt"

/** Stops the rolling update of a DaemonSet at the next node boundary; placement goes on (rule R10). `wall`: for the record. */
export function pause(recorded: RecordedCluster, daemonSet: ObjectKey, asker: Asker, wall: number): Answer {
	const live = recorded.cluster.read(daemonSet)
	const order = { decision: "pause", daemonSet, asker, wall } as const
	if (live === undefined) return refuse(recorded, order, notFound(daemonSet))
	if (isPaused(live)) return refuse(recorded, order, conflict(`${resource(daemonSet)} is already paused`))
	if (isOfGit(recorded, daemonSet)) return refuse(recorded, order, ofGit(daemonSet))
	const since = formatInstant(recorded.cluster.now())
	const value = JSON.stringify({ by: asker.by, since, ...(asker.reason === undefined ? {} : { reason: asker.reason }) })
	const object = part(live, { [PAUSED_ANNOTATION]: value })
	return perform(recorded, order, { verb: "apply", key: daemonSet, manager: MANAGER, object })
}

/** Lets it go on. */
export function resume(recorded: RecordedCluster, daemonSet: ObjectKey, asker: Asker, wall: number): Answer {
	const live = recorded.cluster.read(daemonSet)
	const order = { decision: "resume", daemonSet, asker, wall } as const
	if (live === undefined) return refuse(recorded, order, notFound(daemonSet))
	if (!isPaused(live)) return refuse(recorded, order, conflict(`${resource(daemonSet)} is not paused`))
	if (isOfGit(recorded, daemonSet)) return refuse(recorded, order, ofGit(daemonSet))
	const before = part(live, { [PAUSED_ANNOTATION]: live.metadata.annotations?.[PAUSED_ANNOTATION] ?? "" })
	return perform(recorded, order, { verb: "apply", key: daemonSet, manager: MANAGER, object: part(live), before })
}

/** Replaces every pod, at the pace of the DaemonSet's strategy, by an annotation that git does not own. */
export function restart(recorded: RecordedCluster, daemonSet: ObjectKey, asker: Asker, wall: number): Answer {
	const live = recorded.cluster.read(daemonSet) as DaemonSet | undefined
	const order = { decision: "restart", daemonSet, asker, wall } as const
	if (live === undefined) return refuse(recorded, order, notFound(daemonSet))
	// kubectl's words, of Deployments.
	const paused = `${resource(daemonSet)} can't restart paused daemonset (run rollout resume first)`
	if (isPaused(live)) return refuse(recorded, order, conflict(paused))
	const now = formatInstant(recorded.cluster.now())
	if (live.spec.template.metadata?.annotations?.[RESTARTED_ANNOTATION] === now) return refuse(recorded, order, TOO_SOON)
	const template = { metadata: { annotations: { [RESTARTED_ANNOTATION]: now } } }
	const object = { ...part(live), spec: { template } } as KubeObject
	return perform(recorded, order, { verb: "apply", key: daemonSet, manager: "kubectl-rollout", object })
}

const MANAGER = "rollcall-rollout"
const TOO_SOON = conflict(
	"if restart has already been triggered within the past second, please wait before attempting to trigger another",
)

type Order = {
	readonly decision: "pause" | "resume" | "restart"
	readonly daemonSet: ObjectKey
	readonly asker: Asker
	readonly wall: number
}

function perform(recorded: RecordedCluster, order: Order, write: Write): Answer {
	let refusal: Refusal | undefined
	const source = sourceOf(order.asker)
	const verdicts = recorded.act({ source, writes: [deepFreeze(write)] }, order.wall, ([verdict]) => {
		if (verdict !== undefined && !verdict.accepted) refusal = verdict.refusal
		return [rowOf(recorded, order, refusal)]
	})
	const message = sayOrder(whatOf(order), order.asker)
	return refusal === undefined ? { message, verdicts } : { message, refusal, verdicts }
}

function refuse(recorded: RecordedCluster, order: Order, refusal: Refusal): Answer {
	recorded.note(rowOf(recorded, order, refusal))
	return { message: sayOrder(whatOf(order), order.asker), refusal }
}

function rowOf(recorded: RecordedCluster, order: Order, refusal: Refusal | undefined): DecisionRow {
	const { decision, daemonSet, asker } = order
	const row = orderRow(recorded, decision, whatOf(order), asker, refusal)
	return { ...row, object: daemonSet }
}

function whatOf({ decision, daemonSet }: Order): string {
	const { namespace, name } = keyParts(daemonSet)
	return `${decision} of ${namespace}/${name}`
}

/** What names the object, with these annotations and nothing else. */
function part({ apiVersion, kind, metadata }: KubeObject, annotations?: Readonly<Record<string, string>>): KubeObject {
	const { name, namespace } = metadata
	const named = { name, ...(namespace === undefined ? {} : { namespace }) }
	return { apiVersion, kind, metadata: annotations === undefined ? named : { ...named, annotations } }
}

function isOfGit(recorded: RecordedCluster, daemonSet: ObjectKey): boolean {
	return recorded.applied("commit").get(daemonSet)?.metadata.annotations?.[PAUSED_ANNOTATION] !== undefined
}

function ofGit(daemonSet: ObjectKey): Refusal {
	const message = `${resource(daemonSet)} has ${PAUSED_ANNOTATION} from its manifest: change it there, with a commit`
	return conflict(message)
}

function notFound(daemonSet: ObjectKey): Refusal {
	return { reason: "NotFound", message: `${resource(daemonSet)} not found`, causes: [] }
}

function conflict(message: string): Refusal {
	return { reason: "Conflict", message, causes: [] }
}

function resource(daemonSet: ObjectKey): string {
	return `daemonsets.apps "${keyParts(daemonSet).name}"`
}
