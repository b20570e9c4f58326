/** A command's end that is no success: what happened, to what, and what to do next. */
export class CliError extends Error {
	override readonly name = "CliError"
	readonly next: string | undefined
	readonly exitCode: number

	constructor(
		message: string,
		options: { readonly next?: string; readonly exitCode?: number; readonly cause?: unknown } = {},
	) {
		super(message, options.cause === undefined ? undefined : { cause: options.cause })
		this.next = options.next
		this.exitCode = options.exitCode ?? 1
	}
}

/** What the work gives; where it fails, the command ends with this exit code, and with the failure's own words. */
export async function orExit<T>(exitCode: number, work: () => Promise<T>): Promise<T> {
	try {
		return await work()
	} catch (error) {
		const next = (error as { readonly next?: unknown }).next
		throw new CliError(error instanceof Error ? error.message : String(error), {
			...(typeof next === "string" ? { next } : {}),
			exitCode,
			cause: error,
		})
	}
}

/** The lines of an error for standard error; the stack only where it was asked for. */
export function failureLines(error: unknown, debug: boolean): readonly string[] {
	const message = error instanceof Error ? error.message : String(error)
	const next = nextStep(error)
	// kubectl's own words stand as they are.
	const lines = [message.startsWith("Error from server") ? message : `error: ${message}`]
	if (next) lines.push(`  next: ${next}`)
	if (debug && error instanceof Error && error.stack) lines.push(error.stack)
	return lines
}

export function exitCodeOf(error: unknown): number {
	return error instanceof CliError ? error.exitCode : 1
}

function nextStep(error: unknown): string | undefined {
	// Edges other than this one throw errors of their own that also say what to do next.
	if (typeof error === "object" && error !== null && "next" in error && typeof error.next === "string")
		return error.next
	if (error instanceof CliError) return undefined
	return "run it again with --log-level debug to see where it happened"
}
