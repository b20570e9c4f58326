import type { HandWrite } from "../../engine/index.ts"
import type { Kind, KubeObject } from "../../kube/index.ts"
import { stateDirOf } from "../flags.ts"
import { keyFor, parseResource, parseResources, readOrThrow } from "../get/query.ts"
import type { ClusterReader } from "../reader.ts"
import type { Shell } from "../shell.ts"
import { type AskFlags, asked } from "./asked.ts"

/** What a command of kubectl's that writes comes to: its lines, and the writes behind them. */
export type Hand = { readonly writes: readonly HandWrite[]; readonly lines: readonly string[] }

/** Reads the cluster, works out what to write, has it done, and prints what kubectl prints. */
export async function byHand(
	shell: Shell,
	flags: AskFlags,
	workOut: (cluster: ClusterReader) => Hand | Promise<Hand>,
): Promise<void> {
	const [{ openReader }, { visible }] = await Promise.all([shell.world(), import("../output/visible.ts")])
	const state = stateDirOf(flags, shell)
	const reader = await openReader(state)
	let hand: Hand
	try {
		hand = await workOut(reader.cluster)
	} finally {
		reader.close()
	}
	if (hand.writes.length > 0) await asked(shell, state, { kind: "write", writes: hand.writes }, flags)
	for (const line of hand.lines) shell.terminal.out(visible(`${line}\n`))
}

export type Named = { readonly key: string; readonly object: KubeObject }

/** The objects that a command line names. Throws a CliError, in kubectl's words, for one that is not there. */
export function named(
	cluster: ClusterReader,
	words: readonly string[],
	namespace: string | undefined,
): readonly Named[] {
	return parseResources(words, cluster).flatMap(({ kind, names }) =>
		names.map((name) => find(cluster, kind, name, namespace)),
	)
}

export function namedOne(cluster: ClusterReader, word: string, namespace: string | undefined): Named {
	const { kind, name } = parseResource([word], cluster)
	return find(cluster, kind, name, namespace)
}

function find(cluster: ClusterReader, kind: Kind, name: string, namespace: string | undefined): Named {
	return { key: keyFor(kind, name, namespace), object: readOrThrow(cluster, kind, name, namespace) }
}

export function merge(key: string, patch: object): HandWrite {
	return { verb: "patch", key, type: "merge", patch: patch as KubeObject }
}
