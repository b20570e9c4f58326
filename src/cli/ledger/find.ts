import { keyOf, keyParts, type ObjectKey } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import type { Reader } from "../world.ts"

/**
 * The DaemonSets that `ds/NAME`, `NAME` or `NAMESPACE/NAME` means, in any namespace unless one is given: those of the
 * cluster, and those that the ledger remembers. Throws a CliError for another type.
 */
export function findDaemonSets(reader: Reader, text: string, namespace: string | undefined): readonly ObjectKey[] {
	const [type, rest] = text.includes("/") ? splitOnce(text) : [undefined, text]
	const isType = type !== undefined && /^(ds|daemonsets?)(\.apps)?$/i.test(type)
	if (type !== undefined && !isType && /^(no|nodes?|po|pods?)$/i.test(type)) {
		throw new CliError(`Cannot show the history of ${text}: only DaemonSets have rollouts`, {
			next: "for a node try rollcall trace node/NAME",
		})
	}
	const name = rest
	const space = namespace ?? (isType ? undefined : type)
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
