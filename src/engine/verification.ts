import type { CommitRecord, Signature, SignatureState } from "../history/index.ts"
import type { Source } from "./ports.ts"

/** Which commits must be signed by a key of the user's: the one that is taken, or every one that it brings in. */
export type Verify = {
	readonly mode: "head" | "every"
	/** A hash over the keys: with others, a commit that is held may pass. */
	readonly keys: string
}

/** The commits of a step, with what their signatures came to, and why the step is not taken where they do not suffice. */
export type Verified = {
	readonly record: CommitRecord
	readonly passedOver: readonly CommitRecord[]
	readonly problem?: string
}

/** Problems that are named; a long history without signatures has one for each commit. */
const NAMED = 3

/** Asks the source for the signatures that the mode wants. `passedOver`: what lies between the last commit that was read and `record`. */
export async function verified(
	source: Source,
	{ mode }: Verify,
	record: CommitRecord,
	passedOver: readonly CommitRecord[],
): Promise<Verified> {
	const line = mode === "head" ? [record] : [...passedOver, record]
	const side = mode === "head" ? [] : line.flatMap(({ brings }) => brings.map(({ commit }) => commit))
	const commits = [...line.map(({ commit }) => commit), ...side]
	const signatures = await source.signatures(commits)
	const problems = commits.flatMap((commit, index) => problemOf(commit, signatures[index]) ?? [])
	const signed = line.map((commit, index) => ({ ...commit, ...signatureOf(signatures[index]) }))
	return {
		record: signed.at(-1) ?? record,
		passedOver: mode === "head" ? passedOver : signed.slice(0, -1),
		...(problems.length === 0 ? {} : { problem: say(problems) }),
	}
}

const SAYS: { readonly [state in Exclude<SignatureState, "good">]: string } = {
	none: "is not signed",
	bad: "has a signature that does not fit it",
	"unknown-key": "is signed by a key that is not among those to trust",
	expired: "has a signature that has expired",
	"expired-key": "is signed by a key that has expired",
	"revoked-key": "is signed by a key that was revoked",
	unreadable: "has a signature that cannot be checked here",
}

function problemOf(commit: string, signature: Signature | undefined): string | undefined {
	const { state = "unreadable", key } = signature ?? {}
	if (state === "good") return undefined
	return `${commit.slice(0, 8)} ${SAYS[state]}${key === undefined ? "" : ` (${key})`}`
}

function signatureOf(signature: Signature | undefined): Pick<CommitRecord, "signature"> {
	return signature === undefined ? {} : { signature }
}

function say(problems: readonly string[]): string {
	const more = problems.length > NAMED ? [`and ${problems.length - NAMED} more`] : []
	return [...problems.slice(0, NAMED), ...more].join("; ")
}
