import { formatInstant, type Instant } from "../../base/index.ts"
import { type Kubeconfig, kubeconfigAt, kubeconfigOf, wayIn } from "../compose/index.ts"
import { CliError } from "../failure.ts"
import { shortCommit } from "../ledger/words.ts"
import { momentNamed } from "../moment.ts"
import { openReader } from "../open-reader.ts"
import type { KubeconfigOptions } from "../world.ts"

/** What reaches the API that `rollcall run` serves, or the cluster of a moment there. */
export async function kubeconfig({ state, at, name }: KubeconfigOptions): Promise<Kubeconfig> {
	const way = wayOrThrow(state)
	return at === undefined ? kubeconfigOf(way, name) : kubeconfigAt(way, await pastNamed(state, at), name)
}

function wayOrThrow(state: string): NonNullable<ReturnType<typeof wayIn>> {
	try {
		const way = wayIn(state)
		if (way !== undefined) return way
	} catch (cause) {
		const why = cause instanceof Error ? cause.message : cause
		const next = "the next start of rollcall run writes it anew; it is for its owner alone"
		throw new CliError(`Cannot read the kubeconfig in ${state}: ${why}`, { next, cause })
	}
	const next = "start rollcall run without --no-api, or name another --state"
	throw new CliError(`Cannot make a kubeconfig for ${state}: the Kubernetes API was never served there`, { next })
}

/** Throws a CliError where nobody can say what was then. */
async function pastNamed(state: string, text: string): Promise<{ readonly when: string; readonly label: string }> {
	const reader = await openReader(state)
	try {
		const { at, commit } = await momentNamed(text, reader)
		reader.at(at)
		return commit === undefined
			? { when: exactly(at), label: exactly(at) }
			: { when: commit, label: shortCommit(commit) }
	} finally {
		reader.close()
	}
}

/** Cluster time is finer than what formatInstant shows. */
function exactly(at: Instant): string {
	return at % 1000 === 0 ? formatInstant(at) : new Date(at).toISOString()
}
