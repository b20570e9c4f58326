import { quarantinedBy, type RecordedCluster, waitingBy } from "../engine/index.ts"
import { unsealedSteps, whyOf } from "../history/index.ts"
import { namesIn, openLedger } from "./compose/index.ts"
import { CliError } from "./failure.ts"
import { restoredOrThrow } from "./past/restored.ts"
import type { ClusterReader } from "./reader.ts"
import type { Reader } from "./world.ts"

/** The state directory as it is, beside a running Rollcall or without one. Throws where nothing is recorded yet. */
export async function openReader(directory: string): Promise<Reader> {
	const { state, tracked, recorded, at, close } = openLedger(directory)
	const now = state.mark()?.at ?? state.lastAt()
	if (now === undefined) {
		close()
		const next = "start rollcall run, or name another --state"
		throw new CliError(`Cannot read ${directory}: nothing is recorded there yet`, { next })
	}
	// Lists of the ledger need no cluster; restoring a large one takes seconds.
	let restored: ClusterReader | undefined
	const cluster = (): ClusterReader => {
		const then = restored === undefined ? recorded() : undefined
		if (then !== undefined) restored = readerOf(then)
		if (restored !== undefined) return restored
		throw new CliError(
			`Cannot show the cluster in ${directory}: it has a ledger alone, as after rollcall ledger import`,
			{
				next: "see rollcall history for what the ledger has",
			},
		)
	}
	return {
		cluster: {
			now: () => now,
			read: (key) => cluster().read(key),
			list: (query) => cluster().list(query),
			why: (daemonSet) => cluster().why(daemonSet),
			stepsSoFar: (row) => (row.verdict === undefined ? cluster().stepsSoFar(row) : undefined),
		},
		at: (moment) => readerOf(restoredOrThrow(at(moment), moment, state.ledger)),
		ledger: state.ledger,
		...(tracked && { git: namesIn(directory, tracked) }),
		quarantined: quarantinedBy(state.rest()),
		waiting: waitingBy(state.rest()),
		close,
	}
}

function readerOf({ cluster, history }: RecordedCluster): ClusterReader {
	return {
		now: () => cluster.now(),
		read: (key) => cluster.read(key),
		list: (query) => cluster.list(query),
		why: (daemonSet) => whyOf(cluster, history, daemonSet),
		stepsSoFar: ({ daemonSet, rollout, verdict }) => {
			const unsealed = verdict === undefined ? unsealedSteps(history, daemonSet) : undefined
			return unsealed?.rollout === rollout ? [...unsealed.steps] : undefined
		},
	}
}
