import type { SourceState } from "./ports.ts"

type NotReady = Exclude<SourceState, { readonly kind: "ready" }>

/** What a failed source says of itself; undefined where it is another's failure: a bug, which goes on up. */
export function sourceFailure(problem: unknown): NotReady | undefined {
	if (!(problem instanceof Error && problem.name === "SourceError" && "state" in problem)) return undefined
	return problem.state as NotReady
}

/** The state, or what the source says of itself where it fails meanwhile. */
export async function failureOr(state: SourceState, work: () => Promise<void>): Promise<SourceState> {
	try {
		await work()
		return state
	} catch (problem) {
		const failure = sourceFailure(problem)
		if (failure === undefined) throw problem
		return failure
	}
}
