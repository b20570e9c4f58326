import { createHash } from "node:crypto"
import { mkdir, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import { GitError } from "simple-git"
import { isObject } from "../base/index.ts"
import type { Clock } from "../engine/index.ts"
import type { Address } from "./address.ts"
import { isBranchName } from "./branch-name.ts"
import { type Credentials, reachOf } from "./credentials.ts"
import { gitEnvironment } from "./environment.ts"
import { failure, lastWords, SourceError } from "./failure.ts"
import { missingBranch } from "./local.ts"
import { clearLeftovers, growth, packCount } from "./mirror-folder.ts"
import { resolveHost } from "./network.ts"
import type { Origin, Place } from "./origin.ts"
import type { Secret } from "./redact.ts"
import { fetchFailure, pushEnd } from "./remote-failure.ts"
import { type Ran, runGit } from "./run.ts"
import { simple } from "./simple.ts"

type Remote = Extract<Address, { kind: "remote" }>
export type Mirrored = {
	readonly remote: Remote
	readonly branch: string | undefined
	readonly stateDir: string
	readonly credentials: Credentials
	readonly allowLoopback: boolean
	readonly intervalMs: number
	readonly sleep: Clock["sleep"]
	readonly fetchMs: number
	readonly fetchBytes: number
}
type Ref = { readonly id: string; readonly ref: string }

/** Packs that are kept apart before they are made one: each fetch leaves one. */
const PACKS = 50
const LONGEST_WAIT = 16
/** git runs it on this machine, for a repository that is not ours. */
const QUIET_RECEIVER = "git -c core.hooksPath=/dev/null receive-pack"

/** A remote repository, mirrored: bare, made by us, one branch of it, fetched when asked. */
export function mirrorOrigin(options: Mirrored): Origin {
	return new Mirror(options)
}

/** A remote repository, mirrored; and the way back to it. */
export class Mirror implements Origin {
	readonly #options: Mirrored
	readonly #dir: string
	readonly #closing = new AbortController()
	#branch: string | undefined
	#made = 0
	#cleared = false
	#failures = 0

	constructor(options: Mirrored) {
		this.#options = options
		this.#branch = options.branch
		// The URL is never a folder's name: what a user types is a key here, not a path.
		this.#dir = join(options.stateDir, "mirrors", `${keyOf(options.remote.url)}.git`)
	}

	get name(): string {
		return this.#options.remote.name
	}

	get branch(): string | undefined {
		return this.#branch
	}

	async prepare(): Promise<void> {
		if (this.#branch !== undefined) return
		try {
			this.#branch = await this.#defaultBranch()
		} catch (error) {
			// What it was the last time serves while the remote cannot be asked.
			const known = await simple({ protocols: "none", gitDir: this.#dir })
				.raw(["config", "--get", "rollcall.branch"])
				.catch(() => "")
			if (!isBranchName(known.trim())) throw error
			this.#branch = known.trim()
		}
	}

	async update(): Promise<Place> {
		try {
			const place = await this.#fetch()
			this.#failures = 0
			return place
		} catch (error) {
			this.#failures++
			throw this.#asFailure(error)
		}
	}

	async place(): Promise<Place> {
		if (this.#branch === undefined || !(await this.#exists()))
			throw failure("missing", `"${this.name}" has not been fetched yet`, "wait for the first fetch")
		const at = await stat(this.#dir)
		return { gitDir: this.#dir, commonDir: this.#dir, identity: `${at.ino}:${this.#made}`, ref: this.#ref() }
	}

	/**
	 * Sends a commit of the mirror to a branch of the remote, as a plain fast-forward, or to one that is not there yet.
	 * False where the branch has moved on, or is there. The remote's own rules decide; a `file://` one runs no hook.
	 */
	async push(commit: string, branch: string, isNew: boolean): Promise<boolean> {
		const { remote } = this.#options
		const ref = `refs/heads/${branch}`
		const quiet = ["--porcelain", "--no-verify", "--no-signed", "--no-follow-tags", "--recurse-submodules=no"]
		// With a lease on nothing the remote makes the branch, and never moves one.
		const how = isNew ? [`--force-with-lease=${ref}:`] : []
		const local = remote.scheme === "file" ? [`--receive-pack=${QUIET_RECEIVER}`] : []
		const args = ["push", ...quiet, ...how, ...local, "--end-of-options", remote.url, `${commit}:${ref}`]
		const ran = await this.#ask(args, this.#dir)
		if (ran.code === 0) return true
		return pushEnd(this.name, branch, ran)
	}

	async explain(_place: Place, lastTip: string | undefined): Promise<Error> {
		return missingBranch(this.name, this.#branch ?? "", await this.#refs(["--heads"]), lastTip)
	}

	async quarantine(): Promise<void> {
		const aside = `${this.#dir}.damaged`
		await rm(aside, { recursive: true, force: true })
		await rename(this.#dir, aside).catch(() => {})
		this.#made++
	}

	async watch(moved: () => void, signal: AbortSignal): Promise<void> {
		moved()
		while (!signal.aborted) {
			// A remote that does not answer is asked less often, up to sixteen times the interval.
			const times = Math.min(LONGEST_WAIT, 2 ** Math.min(10, Math.max(0, this.#failures - 1)))
			await this.#options.sleep(this.#options.intervalMs * times, signal)
			if (!signal.aborted) moved()
		}
	}

	close(): void {
		this.#closing.abort()
	}

	/** A disk that is full or not ours to write is a state of the source; a bug is not. */
	#asFailure(error: unknown): unknown {
		const code = isObject(error) ? error["code"] : undefined
		if (error instanceof SourceError || (typeof code !== "string" && !(error instanceof GitError))) return error
		const what = typeof code === "string" ? code : lastWords(String(error))
		const { stateDir } = this.#options
		return failure(
			"unreachable",
			`Cannot keep a copy of "${this.name}" in "${stateDir}": ${what}`,
			"check its disk and its rights, or name another --state",
		)
	}

	async #fetch(): Promise<Place> {
		await this.prepare()
		if (!this.#cleared) await clearLeftovers(this.#dir)
		this.#cleared = true
		const branch = this.#branch ?? ""
		if (!(await this.#exists())) await this.#make(branch)
		// One branch, under a name of our own: nothing that the server calls its refs becomes a path here.
		const refspec = `+refs/heads/${branch}:${this.#ref()}`
		const quiet = ["--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"]
		const args = ["fetch", ...quiet, "--end-of-options", this.#options.remote.url, refspec]
		const ran = await this.#ask(args, this.#dir).finally(() => clearLeftovers(this.#dir))
		if (/couldn't find remote ref/i.test(ran.stderr))
			throw await this.explain(await this.place(), await this.#lastTip())
		if (ran.code !== 0) throw fetchFailure(this.name, ran.stderr)
		if ((await packCount(this.#dir)) > PACKS) await this.#tidy()
		return this.place()
	}

	/** The mirror has the remote's own kind of ids; a bare repository without templates, so without hooks. */
	async #make(branch: string): Promise<void> {
		const refs = await this.#refs(["--heads"])
		const found = refs.find((one) => one.ref === `refs/heads/${branch}`)
		if (found === undefined) throw missingBranch(this.name, branch, refs, undefined)
		const format = found.id.length === 64 ? "sha256" : "sha1"
		await mkdir(join(this.#dir, ".."), { recursive: true, mode: 0o700 })
		const making = `${this.#dir}.making`
		await rm(making, { recursive: true, force: true })
		await simple({ protocols: "none" }).raw([
			"init",
			"--quiet",
			"--bare",
			"--template=",
			`--object-format=${format}`,
			making,
		])
		// The remote's default, for when it cannot be asked; a branch that the user named is none.
		if (this.#options.branch === undefined)
			await simple({ protocols: "none", gitDir: making }).raw(["config", "rollcall.branch", branch])
		await rename(making, this.#dir)
		this.#made++
	}

	async #defaultBranch(): Promise<string> {
		const ran = await this.#ask(["ls-remote", "--symref", "--end-of-options", this.#options.remote.url, "HEAD"])
		if (ran.code !== 0) throw fetchFailure(this.name, ran.stderr)
		const branch = /^ref: refs\/heads\/(\S+)\tHEAD$/m.exec(ran.stdout.toString("utf8"))?.[1]
		if (branch !== undefined && isBranchName(branch)) return branch
		const refs = await this.#refs(["--heads"])
		if (refs.length === 0) throw missingBranch(this.name, "main", refs, undefined)
		throw failure("no-branch", `"${this.name}" has no default branch`, "name the branch with --branch")
	}

	async #refs(which: readonly string[]): Promise<readonly Ref[]> {
		const ran = await this.#ask(["ls-remote", ...which, "--end-of-options", this.#options.remote.url])
		if (ran.code !== 0) throw fetchFailure(this.name, ran.stderr)
		const lines = ran.stdout.toString("utf8").split("\n")
		const refs = lines.flatMap((line) => {
			const [id = "", ref = ""] = line.split("\t")
			return ref.startsWith("refs/heads/") && isBranchName(ref.slice("refs/heads/".length)) ? [{ id, ref }] : []
		})
		return refs.slice(0, 5000)
	}

	async #ask(args: readonly string[], gitDir?: string): Promise<Ran> {
		const { remote, credentials, allowLoopback, fetchMs, fetchBytes } = this.#options
		const pinned = await resolveHost(remote, allowLoopback)
		const { secrets, ...way } = await reachOf(remote, credentials, pinned)
		const before = gitDir === undefined ? 0 : await growth(gitDir)
		const ran = await runGit(args, {
			environment: gitEnvironment({ ...way, ...(gitDir === undefined ? {} : { gitDir }) }),
			limitMs: fetchMs,
			limitBytes: 16 * 1024 * 1024,
			signal: this.#closing.signal,
			...(gitDir === undefined ? {} : { watchdog: () => tooLarge(gitDir, before, fetchBytes) }),
		})
		// A server may send back what it was sent.
		const hide = (text: string, secret: Secret): string => text.replaceAll(secret.reveal(), "[redacted]")
		return { ...ran, stderr: secrets.reduce(hide, ran.stderr) }
	}

	async #lastTip(): Promise<string | undefined> {
		const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", this.#ref()]
		const ran = await runGit(args, { environment: gitEnvironment({ protocols: "none", gitDir: this.#dir }) })
		return ran.code === 0 ? ran.stdout.toString("utf8").trim() : undefined
	}

	/** Many packs become one. What no branch reaches is kept: the ledger may refer to it. */
	async #tidy(): Promise<void> {
		await runGit(["repack", "-a", "-d", "-k", "-q"], {
			environment: gitEnvironment({ protocols: "none", gitDir: this.#dir, config: [["pack.threads", "1"]] }),
			limitMs: 600_000,
			signal: this.#closing.signal,
		})
	}

	#ref(): string {
		return `refs/rollcall/${keyOf(this.#branch ?? "")}`
	}

	async #exists(): Promise<boolean> {
		return (await stat(join(this.#dir, "HEAD")).catch(() => undefined))?.isFile() === true
	}
}

async function tooLarge(gitDir: string, before: number, limit: number): Promise<string | undefined> {
	const grown = (await growth(gitDir)) - before
	return grown > limit ? `it brought more than ${Math.round(limit / 1024 / 1024)} MiB` : undefined
}

function keyOf(text: string): string {
	return createHash("sha256").update(text).digest("hex").slice(0, 24)
}
