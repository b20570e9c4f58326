import { type ChildProcess, spawn } from "node:child_process"
import { failure } from "./failure.ts"

export type Run = {
	readonly environment: Readonly<Record<string, string>>
	/** Where the process stands; git gets its repository by name, so this matters to discovery alone. */
	readonly folder?: string
	readonly input?: string | Uint8Array
	/** The process and all it started are killed after this long; 60 s unless said. */
	readonly limitMs?: number
	/** … and when it says more than this many bytes; 64 MiB unless said. */
	readonly limitBytes?: number
	readonly signal?: AbortSignal
	/** Asked now and then while it runs: a text kills it, and is the reason given. */
	readonly watchdog?: () => Promise<string | undefined>
}

export type Ran = { readonly code: number; readonly stdout: Buffer; readonly stderr: string }

/** Runs git once, without a shell, in a process group of its own. Fails as `unreachable` where a limit was met. */
export function runGit(args: readonly string[], run: Run): Promise<Ran> {
	return runProgram("git", args, run)
}

/** The same for a program that git itself would run. */
export async function runProgram(program: string, args: readonly string[], run: Run): Promise<Ran> {
	const child = spawn(program, args, {
		cwd: run.folder ?? "/",
		env: run.environment,
		detached: true,
		stdio: ["pipe", "pipe", "pipe"],
	})
	// Without a process there are no pipes either; the reason comes as an event.
	if (child.pid === undefined) throw await spawnFailure(child, program)
	let stopped: string | undefined
	const stop = (reason: string): void => {
		stopped ??= reason
		killGroup(child)
	}
	const timers = guard(run, stop)
	const out: Buffer[] = []
	let bytes = 0
	let stderr = ""
	child.stdout.on("data", (chunk: Buffer) => {
		bytes += chunk.length
		if (bytes > (run.limitBytes ?? 64 * 1024 * 1024)) stop("it said too much")
		else out.push(chunk)
	})
	child.stderr.on("data", (chunk: Buffer) => {
		stderr = (stderr + chunk.toString("utf8")).slice(-16_384)
	})
	// A child that ends before it has read everything is no news: its exit code is.
	child.stdin.on("error", () => {})
	child.stdin.end(run.input ?? "")
	try {
		const code = await ended(child)
		if (stopped !== undefined)
			throw failure("unreachable", `${program} ${args[0]} was stopped: ${stopped}`, "try again, or raise the limit")
		return { code, stdout: Buffer.concat(out), stderr }
	} finally {
		for (const clear of timers) clear()
	}
}

function guard(run: Run, stop: (reason: string) => void): readonly (() => void)[] {
	const limitMs = run.limitMs ?? 60_000
	const timer = setTimeout(() => stop(`it took longer than ${Math.round(limitMs / 1000)} s`), limitMs)
	const aborted = (): void => stop("Rollcall is closing")
	if (run.signal?.aborted) aborted()
	run.signal?.addEventListener("abort", aborted, { once: true })
	const clears = [() => clearTimeout(timer), () => run.signal?.removeEventListener("abort", aborted)]
	const { watchdog } = run
	if (watchdog !== undefined) {
		const interval = setInterval(async () => {
			const reason = await watchdog()
			if (reason !== undefined) stop(reason)
		}, 200)
		clears.push(() => clearInterval(interval))
	}
	return clears
}

function ended(child: ChildProcess): Promise<number> {
	return new Promise((resolve, reject) => {
		child.on("error", reject)
		child.on("close", (code) => resolve(code ?? -1))
	})
}

/** Why no process was made: git is not there, or the machine has no room for one. */
export function spawnFailure(child: ChildProcess, program = "git"): Promise<Error> {
	return new Promise((resolve) => {
		child.once("error", (error: NodeJS.ErrnoException) => {
			const missing = error.code === "ENOENT"
			const next = missing
				? `install ${program}${program === "git" ? " 2.38 or newer" : ""}`
				: "it is tried again; check the limits of processes and open files"
			const kind = missing ? "refused" : "unreachable"
			resolve(failure(kind, `Cannot run ${program}: ${missing ? "it is not installed" : error.code}`, next))
		})
	})
}

/** A fetch has children of its own (ssh, index-pack), which must not outlive it. */
export function killGroup(child: ChildProcess): void {
	if (child.pid === undefined) return
	try {
		process.kill(-child.pid, "SIGKILL")
	} catch {
		child.kill("SIGKILL")
	}
}
