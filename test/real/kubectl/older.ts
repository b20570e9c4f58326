import { kubectlMinor } from "../../builders/kubectl.ts"

/** What a kubectl much older than the recorded one, such as Debian 12's v1.20, says in words of its own, or cannot do. */
const OWN_WORDS: readonly RegExp[] = [
	/^kubectl (version|cluster-info|api-resources|describe|diff|drain|events)\b/,
	/^kubectl rollout history .*--revision/,
	// managedFields are shown to everybody, and removed labels are labels set.
	/ -o (yaml|json)\b/,
	/^kubectl label .*env|^kubectl label .*-$/,
	// Unknown fields are its own find; conflicts are explained at another address.
	/^kubectl apply -f ds-unknown\.yaml|^kubectl apply --server-side/,
]

const MINOR = kubectlMinor()

/** Why what this kubectl prints is not held against the recorded text; undefined where it is. */
export function otherWords(command: string): string | undefined {
	if (MINOR >= 30 || !OWN_WORDS.some((words) => words.test(command))) return undefined
	return `kubectl v1.${MINOR} has other words for it than the one that was recorded`
}

/** Whether this kubectl asks what the recorded one asked: other versions look at other documents. */
export const asksTheSame = MINOR === 32
