import { CONFIG_PATH, type TreeFile } from "../manifest/index.ts"
import { Commits } from "./commits.ts"
import { gitEnvironment } from "./environment.ts"
import { failure } from "./failure.ts"
import { Objects } from "./objects.ts"
import type { Place } from "./origin.ts"
import { Refs } from "./refs.ts"
import { runGit } from "./run.ts"
import { type Change, TreeChanges } from "./tree-changes.ts"
import { type Limits, missingObject, tooMuch, treeFiles } from "./tree-files.ts"

/** Blobs on their way at once: what is asked for together is held together. */
const BYTES_AT_ONCE = 64 * 1024 * 1024

/** The largest tree or commit that is read. */
const OBJECT_BYTES = 64 * 1024 * 1024

/** One repository, read through processes that stay until it is closed or replaced. */
export class Reader {
	readonly identity: string
	readonly gitDir: string
	readonly objects: Objects
	readonly commits: Commits
	readonly refs: Refs
	readonly #environment: Readonly<Record<string, string>>
	readonly #changes: TreeChanges
	readonly #paths: readonly string[]
	readonly #limits: Limits
	#listed: { readonly commit: string; readonly files: Promise<readonly TreeFile[]> } | undefined

	constructor(place: Place, paths: readonly string[], limits: Limits) {
		const environment = gitEnvironment({ protocols: "none", gitDir: place.gitDir })
		this.identity = place.identity
		this.gitDir = place.gitDir
		this.#environment = environment
		this.objects = new Objects(environment, Math.max(OBJECT_BYTES, limits.fileBytes + 1024))
		this.commits = new Commits(environment, this.objects)
		this.refs = new Refs(place, environment)
		// The configuration at the root counts wherever the manifests are.
		this.#paths = paths.length === 0 ? paths : [...paths, CONFIG_PATH]
		this.#changes = new TreeChanges(environment, this.objects, this.#paths, limits)
		this.#limits = limits
	}

	async has(commit: string): Promise<boolean> {
		return (await this.objects.info([commit]))[0]?.type === "commit"
	}

	/** The commit that a person names: an id, its beginning, a branch, a tag, `HEAD~2`; undefined where there is none. */
	async resolve(revision: string): Promise<string | undefined> {
		const args = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`]
		const { code, stdout } = await runGit(args, { environment: this.#environment })
		return code === 0 ? stdout.toString().trim() : undefined
	}

	/** The last listing is kept: a new commit is listed once to see that it is whole, and then by the engine. */
	files(commit: string): Promise<readonly TreeFile[]> {
		if (this.#listed?.commit !== commit) {
			const files = this.#list(commit)
			files.catch(() => {
				this.#listed = undefined
			})
			this.#listed = { commit, files }
		}
		return this.#listed.files
	}

	async #list(commit: string): Promise<readonly TreeFile[]> {
		const { tree } = await this.commits.one(commit)
		return treeFiles(this.objects, tree, this.#paths, this.#limits)
	}

	async changes(base: string, commit: string): Promise<readonly Change[]> {
		const [before, after] = await this.objects.info([base, commit])
		for (const [id, info] of [
			[base, before],
			[commit, after],
		] as const)
			if (info?.type !== "commit") throw missingObject(id, "")
		return this.#changes.between(base, commit)
	}

	async read(blobs: readonly string[]): Promise<readonly Uint8Array[]> {
		const infos = await this.objects.info(blobs)
		const read: Uint8Array[] = []
		let batch: string[] = []
		let bytes = 0
		const flush = async (): Promise<void> => {
			for (const [index, object] of (await this.objects.contents(batch)).entries()) {
				if (object?.type !== "blob") throw missingBlob(batch[index] ?? "")
				read.push(object.bytes)
			}
			batch = []
			bytes = 0
		}
		let total = 0
		for (const [index, blob] of blobs.entries()) {
			const info = infos[index]
			if (info?.type !== "blob") throw missingBlob(blob)
			if (info.size > this.#limits.fileBytes)
				throw failure(
					"refused",
					`Cannot read blob ${blob}: ${info.size} bytes are more than a file may have`,
					"raise the limit",
				)
			total += info.size
			if (total > this.#limits.totalBytes) throw tooMuch("more bytes than are read at once")
			if (bytes + info.size > BYTES_AT_ONCE) await flush()
			batch.push(blob)
			bytes += info.size
		}
		await flush()
		return read
	}

	close(): void {
		this.objects.close()
		this.refs.close()
		this.#changes.close()
	}
}

function missingBlob(id: string): Error {
	return failure(
		"corrupt",
		`Cannot read blob ${id}: it is missing or damaged`,
		"run git fsck there, and fetch it from another clone",
	)
}
