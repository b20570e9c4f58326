import { daemonSetStatus } from "../../src/cluster/daemonset/index.ts"
import { difference, suite } from "./cases.ts"
import { type ClusterCase, censusOf } from "./objects.ts"

type StatusCase = ClusterCase & { readonly raiseObservedGeneration: boolean }

suite<StatusCase>("status", "[S1] [S2] the status numbers are Kubernetes'", (given) =>
	difference(daemonSetStatus(censusOf(given), given.daemonSet, given.raiseObservedGeneration), given.expected),
)
