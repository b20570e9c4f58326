/**
 * The simulated cluster: a deterministic machine over cluster time, true to Kubernetes v1.34 (rules: SPEC.md).
 *
 * Owns all objects, pods, nodes and Events, and everything that can influence a later one, in one value that can be
 * forked, saved and loaded. Promises: the same start, inputs and seed give the same facts, byte for byte, in any
 * slices. Never: reads a clock, throws a die with state, or changes but by an input.
 */
export { createCluster, emptyLike, loadCluster, SnapshotError } from "./cluster.ts"
export type {
	Cluster,
	ClusterOptions,
	ForkChanges,
	Input,
	InputSource,
	ListQuery,
	NodeKind,
	Pace,
	PodSelector,
	Verdict,
	Write,
} from "./contract.ts"
export { rolloutStatus } from "./daemonset/index.ts"
export type { Fact, FactReader, Facts, NodeNumbers, NodeReading, PodFact, PodReading } from "./fact.ts"
export { type Spoken, spokenFor } from "./kubelet/index.ts"
export { type Demand, demandOf } from "./scheduler/index.ts"
export type { LeftOut, NodeTrouble, NoRoom, PodTrouble, Standing } from "./standing.ts"
export { suffixNumber, suffixText } from "./state/names.ts"
