import { rolloutStatus } from "../../../src/cluster/daemonset/index.ts"
import type { Cluster } from "../../../src/cluster/index.ts"
import type { ControllerRevision, DaemonSet } from "../../../src/kube/index.ts"
import { ownRevisions, undoFor } from "./actions.ts"

/** What kubectl says of our cluster where it reads rollouts; undefined for all other commands. */
export function answerOf(cluster: Cluster, action: string): string | undefined {
	const [, verb, name = "", flags = ""] =
		/^kubectl rollout (status|history|undo) (?:ds|daemonset)\/(\S+)(.*)$/.exec(action) ?? []
	const daemonSet = cluster.read(`apps/DaemonSet/default/${name}`) as DaemonSet | undefined
	if (verb === undefined || daemonSet === undefined) return undefined
	if (verb === "history") return /--revision/.test(flags) ? undefined : historyOf(name, ownRevisions(cluster, name))
	if (verb === "undo") {
		const undone = undoFor(cluster, daemonSet, flags)
		// Freedom `client-skew`.
		return undone.kind === "refused" ? undone.message : `daemonset.apps/${name} rolled back`
	}
	const { state, message } = rolloutStatus(daemonSet)
	return state === "error" ? `error: ${message}` : message
}

function historyOf(name: string, revisions: readonly ControllerRevision[]): string {
	const rows = revisions.map(({ revision, metadata }) => [
		String(revision),
		metadata.annotations?.["kubernetes.io/change-cause"] ?? "<none>",
	])
	const lines = [["REVISION", "CHANGE-CAUSE"], ...rows].map(([number = "", cause]) => `${number.padEnd(10)}${cause}`)
	return `daemonset.apps/${name} \n${lines.join("\n")}`
}
