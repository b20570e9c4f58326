import { keyOf, keyParts, type ObjectKey, resolveKind } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import type { Reader } from "../world.ts"

/**
 * The DaemonSets that `ds/NAME`, `NAME` or `NAMESPACE/NAME` means, in any namespace unless one is given: those of the
 * cluster, and those that the ledger remembers. Throws a CliError for another type.
 */
export function findDaemonSets(reader: Reader, text: string, namespace: string | undefined): readonly ObjectKey[] {
	const [type, name] = text.includes("/") ? splitOnce(text) : [undefined, text]
	const kind = type === undefined ? undefined : resolveKind(type)
	if (kind !== undefined && kind.kind !== "DaemonSet") {
		throw new CliError(`Cannot find rollouts of ${text}: only DaemonSets have them`, {
			next: kind.kind === "Node" ? `try rollcall trace ${text}` : "name one: ds/NAME; rollcall get ds -A lists them",
		})
	}
	if (kind === undefined && type !== undefined && namespace !== undefined && namespace !== type) return []
	const space = namespace ?? (kind === undefined ? type : undefined)
	const keys = new Set<ObjectKey>()
	for (const row of reader.ledger.rollouts()) keys.add(row.daemonSet)
	for (const row of reader.ledger.seen()) keys.add(row.daemonSet)
	const isMeant = (key: ObjectKey): boolean => {
		const parts = keyParts(key)
		return parts.name === name && (space === undefined || parts.namespace === space)
	}
	const known = [...keys].filter(isMeant).sort()
	if (known.length > 0) return known
	// One without a rollout yet. Restoring a large cluster takes seconds, so it is asked last.
	const live = [...reader.cluster.list({ group: "apps", kind: "DaemonSet" })].map(keyOf)
	return live.filter(isMeant).sort()
}

function splitOnce(text: string): readonly [string, string] {
	const slash = text.indexOf("/")
	return [text.slice(0, slash), text.slice(slash + 1)]
}
