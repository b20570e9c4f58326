/** A bug in Rollcall itself, never bad input: the run stops. */
export class InvariantError extends Error {
	override readonly name = "InvariantError"
	readonly code = "Invariant"
}

export function invariant(holds: unknown, message: string): asserts holds {
	if (!holds) throw new InvariantError(message)
}
