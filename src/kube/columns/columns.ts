import { CLUSTER } from "./cluster.ts"
import { type Column, NAME, text } from "./column.ts"
import { NETWORK } from "./network.ts"
import { RULES } from "./rules.ts"
import { STORAGE } from "./storage.ts"
import { WORKLOADS } from "./workloads.ts"

const COLUMNS: ReadonlyMap<string, readonly Column[]> = new Map([
	...CLUSTER,
	...WORKLOADS,
	...NETWORK,
	...STORAGE,
	...RULES,
])

/** Of Role, LimitRange, CustomResourceDefinition and other kinds that the server has no columns for. */
const OTHERS: readonly Column[] = [
	NAME,
	{ ...text("Created At", (object) => object.metadata.creationTimestamp ?? null), type: "date" },
]

/** The API server's columns for a built-in kind. */
export function columnsOf(group: string, kind: string): readonly Column[] {
	return COLUMNS.get(`${group}/${kind}`) ?? OTHERS
}
