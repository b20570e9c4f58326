import { keyParts, type ObjectKey } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import { type SharedFlags, stateDirOf } from "../flags.ts"
import type { Shell } from "../shell.ts"
import type { Reader } from "../world.ts"

/** `ds/NAME` and `NAME` as they stand; kubectl also takes the type as a word of its own, before the names. */
export function daemonSetWords(words: readonly string[]): readonly string[] {
	const [type = "", ...names] = words
	if (!/^(ds|daemonsets?)(\.apps)?$/i.test(type) || names.some((name) => name.includes("/"))) return words
	if (names.length > 0) return names.map((name) => `${type}/${name}`)
	throw new CliError("Cannot tell which DaemonSet is meant", {
		next: `name it: ${type}/NAME; rollcall get ds -A lists them`,
	})
}

/** The same for a command that takes one alone. */
export function daemonSetWord(words: readonly string[]): string {
	const [word, ...others] = daemonSetWords(words)
	if (word !== undefined && others.length === 0) return word
	throw new CliError("Cannot take several DaemonSets at once", { next: "name one: ds/NAME" })
}

/** The DaemonSet that a command names, as the ledger or the cluster knows it. */
export async function daemonSetNamed(shell: Shell, word: string, flags: SharedFlags): Promise<ObjectKey> {
	const { openReader } = await shell.world()
	const reader = await openReader(stateDirOf(flags, shell))
	try {
		return await oneDaemonSet(reader, word, flags.namespace)
	} finally {
		reader.close()
	}
}

/** The one DaemonSet that is meant. Throws a CliError where there is none, or one in each of several namespaces. */
export async function oneDaemonSet(reader: Reader, word: string, namespace: string | undefined): Promise<ObjectKey> {
	const { findDaemonSets } = await import("../ledger/find.ts")
	const [found, ...others] = findDaemonSets(reader, word, namespace)
	if (found === undefined) {
		throw new CliError(`Cannot find a DaemonSet "${word}" in the ledger or the cluster`, {
			next: "rollcall get ds -A lists the DaemonSets, rollcall history all rollouts",
		})
	}
	if (others.length === 0) return found
	const namespaces = [found, ...others].map((key) => `-n ${keyParts(key).namespace}`)
	throw new CliError(`Cannot tell which "${word}" is meant: there are ${namespaces.length}`, {
		next: `add ${namespaces.join(" or ")}`,
	})
}
