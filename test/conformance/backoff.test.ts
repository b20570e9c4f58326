import { type BackOff, isBackingOff, isForgotten, nextBackOff } from "../../src/cluster/daemonset/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type BackOffCase = Case & { readonly atMs: readonly number[]; readonly gcBeforeEach: boolean }

suite<BackOffCase>("backoff", "[M3] failed pods wait as long as in Kubernetes", (given) => {
	let entry: BackOff | undefined
	const got = given.atMs.map((now) => {
		if (given.gcBeforeEach && entry !== undefined && isForgotten(entry, now)) entry = undefined
		if (isBackingOff(entry, now)) return { deleted: false, requeueAfterMs: entry.delayMs }
		entry = nextBackOff(entry, now)
		return { deleted: true, backoffMs: entry.delayMs }
	})
	return difference(got, given.expected)
})
