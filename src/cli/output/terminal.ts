import { asTyped, type Called } from "../called.ts"
import { type Paint, paint } from "./paint.ts"

/** Where a command's words go: data to standard output, everything else to standard error. */
export type Terminal = {
	/** Standard output, as it is. Whoever calls it has made foreign text harmless (`visible`, `oneLine`, `formatTable`). */
	out(text: string): void
	/** A line for people on standard error. */
	err(line: string): void
	/** Standard error as it is, for what redraws itself. */
	drawError(text: string): void
	readonly paint: Paint
	readonly errorPaint: Paint
	readonly outIsTerminal: boolean
	readonly errorIsTerminal: boolean
	/** Columns and rows; asked anew at each use, because windows change. */
	readonly width: number
	readonly height: number
	/** Milliseconds that only grow. */
	monotonic(): number
}

type Streams = { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream }

/** The terminal of this process. Colour only on a terminal, and not with NO_COLOR, TERM=dumb or `--no-color`. */
export function processTerminal(
	streams: Streams,
	env: NodeJS.ProcessEnv,
	argv: readonly string[],
	called: Called,
): Terminal {
	const wanted = !env["NO_COLOR"] && env["TERM"] !== "dumb" && !argv.includes("--no-color")
	return {
		out: (text) => void streams.stdout.write(text),
		err: (line) => void streams.stderr.write(`${asTyped(line, called)}\n`),
		drawError: (text) => void streams.stderr.write(text),
		paint: paint(wanted && streams.stdout.isTTY === true),
		errorPaint: paint(wanted && streams.stderr.isTTY === true),
		outIsTerminal: streams.stdout.isTTY === true,
		errorIsTerminal: streams.stderr.isTTY === true,
		get width() {
			return streams.stdout.columns ?? streams.stderr.columns ?? 80
		},
		get height() {
			return streams.stdout.rows ?? 24
		},
		monotonic: () => performance.now(),
	}
}
