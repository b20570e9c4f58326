import { jsonEqual } from "../base/index.ts"
import type { RefusedObject } from "../history/index.ts"
import type { Finding, ObjectKey } from "../kube/index.ts"
import {
	CONFIG_PATH,
	type DesiredObject,
	type DesiredOptions,
	DesiredState,
	type FileChange,
	type ParsedFile,
	parseFile,
	type RepositoryConfig,
	readConfig,
	skipReason,
	type TreeFile,
} from "../manifest/index.ts"
import type { ParseCache, Source } from "./ports.ts"
import { sourceFailure } from "./source-failure.ts"

/** How many blobs are read and parsed at a time, so that the texts of a large repository are never all in memory. */
const BLOBS_AT_ONCE = 256

export type ReadingOptions = DesiredOptions & {
	/** Secrets' values are replaced by a digest with this key before anything else sees them. */
	readonly secretKey: string
}

/** What a step to another commit brought. */
export type Step = {
	/** The objects that may differ from those of the commit before. */
	readonly changed: readonly ObjectKey[]
	/** What is wrong with the files that changed. */
	readonly findings: readonly Finding[]
	/** Objects of those files that cannot be taken; their last good versions stay. */
	readonly refused: readonly RefusedObject[]
}

type Differing = { readonly path: string; readonly after?: TreeFile }

/** Where in the history the reader stands, and what the manifests there describe. Moving costs what differs. */
export class Reading {
	readonly #source: Source
	readonly #cache: ParseCache
	readonly #options: ReadingOptions
	#desired: DesiredState
	#config: RepositoryConfig = {}
	#configFindings: readonly Finding[] = []
	#commit: string | undefined

	constructor(source: Source, cache: ParseCache, options: ReadingOptions) {
		this.#source = source
		this.#cache = cache
		this.#options = options
		this.#desired = new DesiredState(options)
	}

	get commit(): string | undefined {
		return this.#commit
	}

	/** Objects by key, each with where it stands. */
	get objects(): ReadonlyMap<ObjectKey, DesiredObject> {
		return this.#desired.objects
	}

	/** True where no file here could hold manifests. */
	get isEmpty(): boolean {
		return this.#desired.files.size === 0
	}

	/** What the repository's own configuration says, where it last could be read. */
	get config(): RepositoryConfig {
		return this.#config
	}

	/** Everything that is wrong where the reader stands. */
	get findings(): readonly Finding[] {
		return [...this.#configFindings, ...this.#desired.findings]
	}

	/** Last good versions of what cannot be read here: all that a restart needs to remember. */
	retained(): readonly DesiredObject[] {
		return [...this.#desired.retained.values()]
	}

	/**
	 * Stands again where it stood before a restart. False where that commit is gone, as after a force push and a clean-up:
	 * it knows the last good versions, and any object may differ at the next commit.
	 */
	async restore(commit: string, retained: readonly DesiredObject[], config: RepositoryConfig = {}): Promise<boolean> {
		const isThere = (await this.#source.resolve(commit)) !== undefined
		const files = isThere
			? (await this.#source.files(commit)).filter(({ path }) => path !== CONFIG_PATH)
			: filesOf(retained)
		const parsed = isThere ? await this.#parse(files) : new Map<string, ParsedFile>()
		const saved = files.map((file) => ({ file, retained: retained.filter(({ path }) => path === file.path) }))
		this.#desired = DesiredState.restore(
			{ files: saved, contested: retained },
			(file) => parsed.get(cacheKey(file)),
			this.#options,
		)
		this.#config = config
		this.#commit = commit
		return isThere
	}

	/** Reads another commit, forward or back. */
	async moveTo(commit: string): Promise<Step> {
		const all = await this.#differing(commit)
		await this.#configure(all.find(({ path }) => path === CONFIG_PATH))
		const differing = all.filter(({ path }) => path !== CONFIG_PATH)
		const parsed = await this.#parse(differing.flatMap(({ after }) => after ?? []))
		const changes = differing.map(({ path, after }): FileChange => {
			if (after === undefined) return { path }
			const content = parsed.get(cacheKey(after))
			return { path, file: after, ...(content === undefined ? {} : { parsed: content }) }
		})
		const changed = this.#desired.apply(changes)
		this.#commit = commit
		return {
			changed: changed.map(({ key }) => key),
			findings: [
				...(all.length > differing.length ? this.#configFindings : []),
				...this.#desired.findingsOf(differing.map(({ path }) => path)),
			],
			refused: changes.flatMap(({ path, parsed: file }) =>
				(file?.refused ?? []).map((object) => ({ ...object, path })),
			),
		}
	}

	/** What cannot be read leaves what was said last. */
	async #configure(changed: Differing | undefined): Promise<void> {
		if (changed === undefined) return
		const { after } = changed
		const skipped = after && skipReason(after, this.#options.limits)
		const [bytes] = after === undefined || skipped !== undefined ? [] : await this.#source.read([after.blob])
		const unread = { config: undefined, findings: skipped === undefined ? [] : [skipped] }
		const read = bytes === undefined ? unread : readConfig(bytes)
		this.#config = after === undefined ? {} : (read.config ?? this.#config)
		this.#configFindings = read.findings
	}

	async #differing(commit: string): Promise<readonly Differing[]> {
		if (this.#commit !== undefined) {
			try {
				return await this.#source.changedFiles(this.#commit, commit)
			} catch (problem) {
				// Only where it is gone, as after a force push and a clean-up, is it of no use to try again.
				if (sourceFailure(problem) === undefined || (await this.#source.resolve(this.#commit)) !== undefined)
					throw problem
			}
		}
		return differing(this.#desired.files, await this.#source.files(commit))
	}

	/** What these versions of files say, in their order; undefined where there is none, or it is not read. */
	async parsed(files: readonly (TreeFile | undefined)[]): Promise<readonly (ParsedFile | undefined)[]> {
		const known = await this.#parse(files.flatMap((file) => file ?? []))
		return files.map((file) => file && known.get(cacheKey(file)))
	}

	async #parse(files: readonly TreeFile[]): Promise<ReadonlyMap<string, ParsedFile>> {
		const wanted = new Map(
			files
				.filter((file) => skipReason(file, this.#options.limits) === undefined)
				.map((file) => [cacheKey(file), file]),
		)
		const parsed = new Map(this.#cache.get([...wanted.keys()]))
		const missing = [...wanted].filter(([key]) => !parsed.has(key))
		for (let first = 0; first < missing.length; first += BLOBS_AT_ONCE) {
			const batch = missing.slice(first, first + BLOBS_AT_ONCE)
			const texts = await this.#source.read(batch.map(([, { blob }]) => blob))
			const fresh = new Map(
				batch.map(([key, { path }], index) => [
					key,
					parseFile(texts[index] ?? new Uint8Array(), { ...this.#options, name: path }),
				]),
			)
			this.#cache.put(fresh)
			for (const [key, file] of fresh) parsed.set(key, file)
		}
		return parsed
	}
}

/** What differs from the files that are known: for when the commit they are of is gone. */
function differing(known: ReadonlyMap<string, { readonly file: TreeFile }>, files: readonly TreeFile[]): Differing[] {
	const there = new Set(files.map(({ path }) => path))
	const gone = [...known.keys()].filter((path) => !there.has(path)).map((path) => ({ path }))
	const changed = files.filter((file) => !jsonEqual(known.get(file.path)?.file, file))
	return [...gone, ...changed.map((after) => ({ path: after.path, after }))]
}

/** Files of which nothing is known but that they said this. */
function filesOf(retained: readonly DesiredObject[]): TreeFile[] {
	const paths = new Set(retained.map(({ path }) => path).filter((path) => path !== ""))
	return [...paths].map((path) => ({ path, blob: "", mode: "100644", size: 0 }))
}

/** The bytes decide how a file is read, but for kustomizations, which are known by their name. */
function cacheKey({ path, blob }: TreeFile): string {
	return /(^|\/)kustomization(\.ya?ml)?$/i.test(path) ? `${blob}/kustomization` : blob
}
