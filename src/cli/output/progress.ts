import type { Terminal } from "./terminal.ts"
import { oneLine } from "./visible.ts"
import { truncate } from "./width.ts"

export type Progress = {
	/** Draws at most ten times a second; `label` says what is being worked on. */
	update(done: number, total: number, label: string): void
	/** Takes the bar away. */
	end(): void
}

const REDRAW_MS = 100

/** A bar on standard error; silent where that is no terminal. */
export function progressBar(terminal: Terminal): Progress {
	if (!terminal.errorIsTerminal) return { update: () => undefined, end: () => undefined }
	let drawnAt = Number.NEGATIVE_INFINITY
	return {
		update(done, total, label) {
			const now = terminal.monotonic()
			if (now - drawnAt < REDRAW_MS && done < total) return
			drawnAt = now
			terminal.drawError(`\r\u001b[2K${progressLine(done, total, label, terminal.width)}`)
		},
		end() {
			terminal.drawError("\r\u001b[2K")
		},
	}
}

/** `[#####·····]  50%  50/100  4f2c1e9 subject`, in at most `width` columns. */
export function progressLine(done: number, total: number, label: string, width: number): string {
	const share = total > 0 ? Math.min(1, done / total) : 1
	const bar = 20
	const filled = Math.round(share * bar)
	const percent = `${Math.floor(share * 100)}`.padStart(3)
	return truncate(
		`[${"#".repeat(filled)}${"·".repeat(bar - filled)}] ${percent}%  ${done}/${total}  ${oneLine(label)}`,
		width - 1,
	)
}
