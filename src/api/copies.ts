import type { Cluster } from "../cluster/index.ts"

export type CopyOf = (cluster: Cluster) => Cluster

/** Copies a cluster once for all who want it as it is at one moment: nobody changes a copy. */
export function sharedCopies(): CopyOf {
	let newest: { readonly copy: WeakRef<Cluster>; readonly moment: string } | undefined
	return (cluster) => {
		const moment = `${cluster.version()} ${cluster.sequence()} ${cluster.now()}`
		const known = newest?.moment === moment ? newest.copy.deref() : undefined
		if (known !== undefined) return known
		const copy = cluster.fork()
		newest = { copy: new WeakRef(copy), moment }
		return copy
	}
}
