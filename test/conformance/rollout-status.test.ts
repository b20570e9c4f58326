import { rolloutStatus } from "../../src/cluster/daemonset/index.ts"
import type { DaemonSet } from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type StatusCase = Case & { readonly daemonSet: DaemonSet }

suite<StatusCase>("rollout-status", "rolloutStatus says what kubectl says", (given) => {
	const got = rolloutStatus(given.daemonSet)
	return difference(got.state === "error" ? { error: true } : got, given.expected)
})
