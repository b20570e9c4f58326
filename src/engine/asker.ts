import type { InputSource } from "../cluster/index.ts"
import type { LedgerEntry } from "../history/index.ts"
import type { Refusal } from "../kube/index.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"

type DecisionRow = Extract<LedgerEntry, { readonly kind: "decision" }>

/** Who wants something, and why. With a `rule` it is the engine's own decision, else that of the client `by`. */
export type Asker = {
	readonly by: string
	readonly reason?: string
	readonly rule?: string
	/** The id of the request that this answers. */
	readonly request?: string
}

export function sourceOf({ by, rule }: Asker): InputSource {
	return rule === undefined ? { kind: "client", client: by } : { kind: "engine", rule }
}

/** `pause of logging/fluentd by ada: waits for INC-7`. */
export function sayOrder(what: string, { by, reason }: Asker): string {
	return `${what} by ${by}${reason === undefined ? "" : `: ${reason}`}`
}

/** The ledger's row on what was asked; `refusal`: why it was not done. */
export function orderRow(
	recorded: RecordedCluster,
	decision: DecisionRow["decision"],
	what: string,
	asker: Asker,
	refusal: Refusal | undefined,
): DecisionRow {
	const { by, rule = "by-hand", request } = asker
	return {
		kind: "decision",
		at: recorded.cluster.now(),
		decision,
		rule,
		message: sayOrder(what, asker),
		who: by,
		...(request === undefined ? {} : { request }),
		...(refusal === undefined ? {} : { refused: { reason: refusal.reason, message: refusal.message } }),
	}
}
