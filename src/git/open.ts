import { setTimeout as timer } from "node:timers/promises"
import type { Clock, Source } from "../engine/index.ts"
import { type Address, parseAddress } from "./address.ts"
import { isBranchName } from "./branch-name.ts"
import type { Credentials } from "./credentials.ts"
import { type NotReady, SourceError, stateOf } from "./failure.ts"
import { localOrigin } from "./local.ts"
import { Mirror, type Mirrored, mirrorOrigin } from "./mirror.ts"
import type { Origin } from "./origin.ts"
import { Signatures, type Trust } from "./signatures.ts"
import { checkGit } from "./simple.ts"
import { GitSource } from "./source.ts"
import type { Limits } from "./tree-files.ts"
import { localWriter, remoteWriter, type Writer } from "./writer.ts"

export type SourceOptions = {
	/** A path, a URL (https, ssh) or `user@host:path`. */
	readonly repository: string
	/** The short name; without one the repository's own default: its HEAD. */
	readonly branch?: string
	/** Folders or files to watch, relative to the root of the repository; without any, all of it. */
	readonly paths?: readonly string[]
	/** Where mirrors of URLs are kept. A local repository needs none. */
	readonly stateDir: string
	/** Also `file://` URLs, and folders that belong to another user. */
	readonly allowLocal?: boolean
	/** Also servers on this machine, and http:// to them. */
	readonly allowLoopback?: boolean
	readonly credentials?: Credentials
	/** How often a URL is asked; 15 s unless said. */
	readonly intervalMs?: number
	/** How often a local repository is asked though nothing was noticed; 1 s unless said. */
	readonly safetyMs?: number
	readonly limits?: Partial<Limits> & { readonly fetchMs?: number; readonly fetchBytes?: number }
	/** Whose signatures count; without it, nobody's. */
	readonly trust?: Trust
	readonly clock?: Pick<Clock, "sleep">
}

const MIB = 1024 * 1024
const LIMITS: Limits = { fileBytes: 4 * MIB, files: 100_000, depth: 64, totalBytes: 1024 * MIB }
const FETCH_MS = 10 * 60_000
const FETCH_BYTES = 4096 * MIB

/**
 * The repository as a source of commits. What is wrong with it, or with what was typed, is what `poll` says; only a
 * git that is missing or too old fails here, with a `SourceError`. Asking a source that is not ready for commits or
 * files fails with a `SourceError` too, whose `state` is what `poll` says.
 */
export async function openSource(options: SourceOptions): Promise<Source> {
	await checkGit()
	const origin = originOf(options)
	if (!("prepare" in origin)) return refusedSource(origin.name, options.branch ?? "HEAD", origin.state)
	const paths = pathsOf(options.paths ?? [])
	if (!Array.isArray(paths)) return refusedSource(origin.name, options.branch ?? "HEAD", paths as NotReady)
	await origin.prepare().catch((error) => stateOf(error))
	return new GitSource(origin, paths, { ...LIMITS, ...options.limits }, new Signatures(options.trust ?? {}))
}

/** What brings commits to the repository that the options name. Throws a `SourceError` where none can be brought there. */
export async function openWriter(options: SourceOptions & { readonly branch: string }): Promise<Writer> {
	await checkGit()
	const { allowLocal = false, allowLoopback = false } = options
	const address = parseAddress(options.repository, { allowLocal, allowLoopback })
	if (address.kind === "refused") throw new SourceError(address.state)
	if (address.kind === "local") return localWriter({ dir: address.path, allowLocal }, options.branch)
	return remoteWriter(new Mirror(mirrored(options, address)))
}

function originOf(options: SourceOptions): Origin | { readonly name: string; readonly state: NotReady } {
	const { allowLocal = false, allowLoopback = false, branch } = options
	const address = parseAddress(options.repository, { allowLocal, allowLoopback })
	if (address.kind === "refused") return address
	if (branch !== undefined && !isBranchName(branch)) {
		const message = `Cannot follow ${JSON.stringify(branch.slice(0, 80))}: it is not the name of a branch`
		return { name: address.name, state: { kind: "refused", message, next: "name a branch as git branch lists it" } }
	}
	const sleep = options.clock?.sleep ?? sleepFor
	if (address.kind === "local")
		return localOrigin({ path: address.path, branch, allowLocal, safetyMs: options.safetyMs ?? 1000, sleep })
	return mirrorOrigin(mirrored(options, address))
}

function mirrored(options: SourceOptions, remote: Extract<Address, { kind: "remote" }>): Mirrored {
	return {
		remote,
		branch: options.branch,
		stateDir: options.stateDir,
		credentials: options.credentials ?? {},
		allowLoopback: options.allowLoopback === true,
		intervalMs: options.intervalMs ?? 15_000,
		sleep: options.clock?.sleep ?? sleepFor,
		fetchMs: options.limits?.fetchMs ?? FETCH_MS,
		fetchBytes: options.limits?.fetchBytes ?? FETCH_BYTES,
	}
}

async function sleepFor(durationMs: number, signal: AbortSignal): Promise<void> {
	await timer(durationMs, undefined, { signal }).catch(() => {})
}

/** Watched paths in git's own form, without those inside another; "." is all of it. */
function pathsOf(paths: readonly string[]): readonly string[] | NotReady {
	const clean: string[] = []
	for (const path of paths) {
		const parts = path.split("/").filter((part) => part !== "" && part !== ".")
		if (path.startsWith("/") || parts.includes("..") || /\p{Cc}/u.test(path)) {
			const message = `Cannot watch ${JSON.stringify(path.slice(0, 200))}: it is not a path inside the repository`
			return { kind: "refused", message, next: "name folders from the root of the repository, such as clusters/prod" }
		}
		clean.push(parts.join("/"))
	}
	if (clean.includes("")) return []
	return clean.filter((path) => !clean.some((other) => path.startsWith(`${other}/`))).sort()
}

/** A source of which nothing can be had but the reason. */
function refusedSource(name: string, branch: string, state: NotReady): Source {
	const refuse = (): Promise<never> => Promise.reject(new SourceError(state))
	return {
		name,
		branch,
		poll: async () => state,
		files: refuse,
		changedFiles: refuse,
		read: refuse,
		commit: refuse,
		isAncestor: refuse,
		signatures: refuse,
		resolve: refuse,
		// biome-ignore lint/correctness/useYield: there is nothing to yield
		async *walk() {
			await refuse()
		},
		watch: (moved, signal) =>
			new Promise((resolve) => {
				moved()
				if (signal.aborted) resolve()
				signal.addEventListener("abort", () => resolve(), { once: true })
			}),
		close: async () => {},
	}
}
