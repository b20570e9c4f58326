/** Colours: the identity where there are none, so that nobody asks twice. */
export type Paint = {
	readonly [name in "bold" | "dim" | "red" | "green" | "yellow" | "cyan"]: (text: string) => string
}

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const

export function paint(enabled: boolean): Paint {
	const colour = (code: number) =>
		enabled ? (text: string) => (text === "" ? "" : `\u001b[${code}m${text}\u001b[0m`) : (text: string) => text
	return {
		bold: colour(CODES.bold),
		dim: colour(CODES.dim),
		red: colour(CODES.red),
		green: colour(CODES.green),
		yellow: colour(CODES.yellow),
		cyan: colour(CODES.cyan),
	}
}

export const plain: Paint = paint(false)
