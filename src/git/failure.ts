import type { SourceState } from "../engine/index.ts"
import { redact } from "./redact.ts"

type Kind = Exclude<SourceState["kind"], "ready">
/** Every state of a source but `ready`. */
export type NotReady = Extract<SourceState, { readonly kind: Kind }>

/** The repository, the network or git failed: `state` says how, and what to do next. No credential is ever in it. */
export class SourceError extends Error {
	override readonly name = "SourceError"
	readonly code: Kind
	readonly next: string

	constructor(state: NotReady, cause?: unknown) {
		super(state.message, cause === undefined ? undefined : { cause })
		this.code = state.kind
		this.next = state.next
	}

	get state(): NotReady {
		return { kind: this.code, message: this.message, next: this.next }
	}
}

export function failure(kind: Kind, message: string, next: string): SourceError {
	return new SourceError({ kind, message: redact(message), next: redact(next) })
}

/** Any error as the state it leaves the source in; what is not ours is a bug and goes on up. */
export function stateOf(error: unknown): NotReady {
	if (error instanceof SourceError) return error.state
	throw error
}

/** What git said, in one line: its last word is the reason, progress and hints aside. */
export function lastWords(stderr: string): string {
	const lines = stderr
		.split(/[\r\n]+/)
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("hint:"))
	const fatal = lines.filter((line) => /^(fatal|error):/.test(line))
	const said = (fatal.length > 0 ? fatal : lines).slice(0, 3).map((line) => line.replace(/^(fatal|error): /, ""))
	return redact(said.join("; ").slice(0, 600))
}
