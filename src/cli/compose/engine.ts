import {
	Engine,
	type EngineSettings,
	type RollbackWriter,
	type Source,
	type Told,
	type Tracked,
	trackedBy,
	type Verify,
} from "../../engine/index.ts"
import { openSource, openWriter, type SourceOptions, type Trust, trustDigest } from "../../git/index.ts"
import { openInbox, openParseCache, openStore, type StateDirectory, secretKey } from "../../store/index.ts"
import { systemClock } from "../clock.ts"
import { CliError } from "../failure.ts"
import { readFleet } from "../read-fleet.ts"
import { rollbackWriter } from "../undo/rollback-writer.ts"
import { openReading } from "./reading.ts"

/** What `run` and `replay` are asked for. */
export type RunRequest = Omit<EngineSettings, "secretKey" | "fleet" | "verify"> &
	Omit<SourceOptions, "stateDir" | "trust"> & {
		readonly state: string
		/** A file of NodePools, Nodes or a dump. */
		readonly fleet?: string
		/** Which commits must be signed, and by which keys; without it, none. */
		readonly signatures?: Trust & Pick<Verify, "mode">
		/** For the lock's message: `rollcall run /srv/fleet`. */
		readonly what: string
		/** Rollbacks are written to the branch. */
		readonly allowWrite?: boolean
	}

export type OpenedEngine = {
	readonly engine: Engine
	readonly source: Source
	readonly state: StateDirectory
	close(): Promise<void>
}

/** Builds the engine with all that it needs: the one place that sees every part. */
export async function openEngine(request: RunRequest, observe: (told: Told) => void): Promise<OpenedEngine> {
	const state = openStore(request.state, { what: request.what })
	const opened: { close(): unknown }[] = [state]
	const close = async (): Promise<void> => {
		for (const part of opened.reverse()) await part.close()
	}
	try {
		const { fleet: path, signatures, ...asked } = request
		const fleet = path === undefined ? {} : { fleet: await readFleet(path) }
		const source = await openTracked(request, trackedBy(state.rest()))
		opened.push(source)
		const cache = openParseCache(request.state)
		opened.push(cache)
		const verify = await verifyOf({ ...(signatures && { signatures }) })
		const settings = { ...asked, secretKey: secretKey(request.state), ...fleet, ...verify }
		const inbox = openInbox(request.state)
		const rollbacks = request.allowWrite === true ? await openRollbacks(request, { source, state }) : undefined
		if (rollbacks !== undefined) opened.push(rollbacks)
		const parts = { source, store: state, cache, clock: systemClock, inbox, observe, ...(rollbacks && { rollbacks }) }
		const engine = new Engine(parts, settings)
		return { engine, source, state, close }
	} catch (failure) {
		await close()
		throw failure
	}
}

/** What an engine that may write to its branch writes rollbacks with. */
export async function openRollbacks(
	request: RunRequest,
	{ source, state }: Pick<OpenedEngine, "source" | "state">,
): Promise<RollbackWriter & { close(): Promise<void> }> {
	const { branch, name: repository } = source
	const opened = await openReading({ ...request, repository, branch })
	const writer = await openWriter({ ...request, repository, branch, stateDir: request.state })
	const rollbacks = rollbackWriter({ source, reading: opened.reading, ledger: state.ledger, writer })
	const close = async (): Promise<void> => {
		writer.close()
		await opened.close()
	}
	return { ...rollbacks, close }
}

/** Which signatures are good enough, as the engine wants to know it. Fails as `refused` where keys cannot be read. */
export async function verifyOf({ signatures }: Pick<RunRequest, "signatures">): Promise<{ readonly verify?: Verify }> {
	if (signatures === undefined) return {}
	const { mode, ...trust } = signatures
	return { verify: { mode, keys: await trustDigest(trust) } }
}

/** The repository to follow: the one that the history is of, at the branch that it is of unless another one is named. */
async function openTracked(request: RunRequest, tracked: Tracked | undefined): Promise<Source> {
	const { signatures, ...rest } = request
	const options = { ...rest, stateDir: request.state, ...(signatures === undefined ? {} : { trust: signatures }) }
	if (tracked === undefined) return openSource(options)
	const source = await openSource({ ...options, branch: request.branch ?? tracked.branch })
	if (source.name === tracked.repository && source.branch === tracked.branch) return source
	if (source.name === tracked.repository && (await isGone(request, tracked.branch))) return source
	await source.close()
	const other = `--state DIR gives it a directory of its own`
	if (source.name !== tracked.repository) {
		const message = `Cannot use ${request.state} for ${source.name}: it holds the history of ${tracked.repository}`
		throw new CliError(message, { next: other })
	}
	throw new CliError(
		`Cannot follow branch "${source.branch}" in ${request.state}: it holds the history of branch "${tracked.branch}"`,
		{ next: `go on with --branch ${tracked.branch}; ${other}` },
	)
}

/** True where the branch was deleted, or renamed: its history goes on under another name. */
async function isGone(request: RunRequest, branch: string): Promise<boolean> {
	const source = await openSource({ ...request, stateDir: request.state, branch })
	try {
		return (await source.poll()).kind === "no-branch"
	} finally {
		await source.close()
	}
}
