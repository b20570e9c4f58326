import { CliError } from "../failure.ts"
import { progressBar } from "../output/progress.ts"
import type { Terminal } from "../output/terminal.ts"
import type { Watcher } from "../world.ts"
import { createLog, logEvent } from "./log.ts"
import { LiveView } from "./view.ts"

export type WatcherFlags = { readonly logLevel?: string; readonly logFormat?: string }
export type StoppableWatcher = Watcher & { stop(): void }

const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"]

/** The live view where there is a terminal, else a log line per fact; `--log-format` asks for the log on a terminal, too. */
export function openWatcher(terminal: Terminal, flags: WatcherFlags, hint?: string): StoppableWatcher {
	if (terminal.outIsTerminal && flags.logFormat === undefined) return openView(terminal, hint)
	return openLog(terminal, flags)
}

/** A log, and a progress bar where standard error is a terminal. */
export function openLog(terminal: Terminal, flags: WatcherFlags): StoppableWatcher {
	const { logLevel = "info", logFormat = terminal.outIsTerminal ? "pretty" : "json" } = flags
	if (!LEVELS.includes(logLevel))
		throw new CliError(`Cannot log at level "${logLevel}"`, { next: `use ${LEVELS.join(", ")}` })
	if (logFormat !== "json" && logFormat !== "pretty") {
		throw new CliError(`Cannot log as "${logFormat}"`, { next: "use --log-format json or pretty" })
	}
	const log = createLog({
		level: logLevel,
		format: logFormat,
		paint: terminal.paint,
		write: (line) => terminal.out(line),
	})
	const bar = progressBar(terminal)
	return {
		event: (event) => logEvent(log, event),
		follow: () => undefined,
		progress: (done, total, label) => bar.update(done, total, label),
		stop: () => bar.end(),
	}
}

/** A progress bar alone: for long work whose facts nobody wants to read one by one. */
export function openProgress(terminal: Terminal): StoppableWatcher {
	const bar = progressBar(terminal)
	return {
		event: () => undefined,
		follow: () => undefined,
		progress: (done, total, label) => bar.update(done, total, label),
		stop: () => bar.end(),
	}
}

function openView(terminal: Terminal, hint: string | undefined): StoppableWatcher {
	const view = new LiveView(terminal, hint)
	view.start()
	return {
		event: (event) => view.event(event),
		follow: (read) => view.follow(read),
		progress: () => undefined,
		stop: () => view.stop(),
	}
}
