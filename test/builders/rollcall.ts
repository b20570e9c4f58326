import { type OpenedEngine, openEngine, openLedger, type RunRequest } from "../../src/cli/compose/index.ts"
import type { Fact } from "../../src/cluster/index.ts"
import type { LedgerEntry } from "../../src/history/index.ts"
import type { Repository } from "./repository.ts"
import { temporaryDirectory } from "./temporary-directory.ts"

const forEver = new AbortController().signal

export type Rollcall = {
	readonly state: string
	readonly request: RunRequest
	readonly entries: readonly LedgerEntry[]
	readonly facts: readonly Fact[]
	/** Applies the newest commit and settles, as `rollcall run --once` does: a start and a stop each. */
	once(): Promise<void>
	/** Walks the history from its first commit, as `rollcall replay` does. */
	replay(options?: { readonly settle?: boolean }): Promise<void>
	/** The canonical text of everything that the ledger holds. */
	exported(): string
	open(): Promise<OpenedEngine>
}

/** Rollcall on a real repository with a real state directory, as fast as it can. */
export function rollcallOn(repository: Pick<Repository, "path">, request: Partial<RunRequest> = {}): Rollcall {
	const state = request.state ?? temporaryDirectory()
	const entries: LedgerEntry[] = []
	const facts: Fact[] = []
	const whole: RunRequest = {
		repository: repository.path,
		branch: "main",
		paths: [],
		seed: "test",
		speed: "max",
		backfill: 500,
		strict: false,
		plain: false,
		largestShare: 0.5,
		what: "test",
		...request,
		state,
	}
	const open = (): Promise<OpenedEngine> =>
		openEngine(whole, (told) => {
			entries.push(...told.entries)
			facts.push(...told.facts)
		})
	const during = async (work: (opened: OpenedEngine) => Promise<unknown>): Promise<void> => {
		const opened = await open()
		try {
			await work(opened)
			opened.engine.stop()
		} finally {
			await opened.close()
		}
	}
	return {
		state,
		request: whole,
		entries,
		facts,
		open,
		once: () => during(({ engine }) => engine.once(forEver)),
		replay: ({ settle = false } = {}) =>
			during(({ engine }) => engine.walk({ settle, paced: false }, forEver, () => {})),
		exported: () => {
			const ledger = openLedger(state)
			try {
				return [...ledger.state.export()].join("\n")
			} finally {
				ledger.close()
			}
		},
	}
}

/** The rows of one kind, in order. */
export function rowsOf<Kind extends LedgerEntry["kind"]>(
	entries: readonly LedgerEntry[],
	kind: Kind,
): Extract<LedgerEntry, { readonly kind: Kind }>[] {
	return entries.filter((entry): entry is Extract<LedgerEntry, { readonly kind: Kind }> => entry.kind === kind)
}
