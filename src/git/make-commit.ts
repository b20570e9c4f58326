import { gitEnvironment } from "./environment.ts"
import { failure, lastWords } from "./failure.ts"
import { runGit } from "./run.ts"
import type { CommitSettings } from "./user-settings.ts"
import type { FileStep } from "./work-tree.ts"
import { type TreeLine, writeTree } from "./write.ts"

/** One file as it is to be; without bytes it goes. */
export type FileChange = { readonly path: string; readonly bytes: Uint8Array | undefined }

/** Where objects are written, and what it is called to people. */
export type ObjectPlace = { readonly gitDir: string; readonly name: string }

export type Content = {
	readonly parent: string
	readonly files: readonly FileChange[]
	readonly message: string
}

export type MadeCommit = { readonly commit: string; readonly steps: readonly FileStep[] }

/** Adds a commit to the object database, in the user's name; no branch has it yet. */
export async function makeCommit(at: ObjectPlace, content: Content, settings: CommitSettings): Promise<MadeCommit> {
	const steps: FileStep[] = []
	for (const file of content.files) steps.push(await stepOf(at, content.parent, file))
	const lines = steps.map(({ path, after }): TreeLine => {
		return after === undefined ? { path } : { path, mode: after.mode, id: after.id }
	})
	const tree = await writeTree(at.gitDir, content.parent, lines, at.gitDir)
	const made = await git(at, ["commit-tree", tree, "-p", content.parent, ...settings.sign, "-F", "-"], {
		input: content.message,
		settings,
		// A person may have to type a passphrase.
		...(settings.sign.length > 0 ? { limitMs: 300_000 } : {}),
	})
	return { commit: made.toString().trim(), steps }
}

async function stepOf(at: ObjectPlace, parent: string, { path, bytes }: FileChange): Promise<FileStep> {
	const before = await blobAt(at, parent, path)
	const step = { path, ...(before === undefined ? {} : { before }) }
	if (bytes === undefined) return step
	const id = (await git(at, ["hash-object", "-w", "--stdin"], { input: bytes })).toString().trim()
	return { ...step, after: { mode: before?.mode ?? "100644", id, bytes } }
}

async function blobAt(at: ObjectPlace, parent: string, path: string): Promise<FileStep["before"]> {
	const line = (await git(at, ["ls-tree", "-z", "--full-tree", parent, "--", path])).toString().split("\0")[0] ?? ""
	if (line === "") return undefined
	const [mode = "", type = "", id = ""] = line.slice(0, line.indexOf("\t")).split(" ")
	if (type !== "blob" || !mode.startsWith("100"))
		throw failure("refused", `Cannot write ${path}: it is no plain file on the branch`, "change it by hand")
	return { mode, id, bytes: await git(at, ["cat-file", "blob", id]) }
}

type More = { readonly input?: string | Uint8Array; readonly settings?: CommitSettings; readonly limitMs?: number }

/** Runs git on the place, without the network. Fails as `refused` with what git said. */
export async function git({ gitDir, name }: ObjectPlace, args: readonly string[], more: More = {}): Promise<Buffer> {
	const { settings, ...run } = more
	const environment = gitEnvironment({
		protocols: "none",
		gitDir,
		...(settings === undefined ? {} : { config: settings.config, variables: settings.variables }),
	})
	const ran = await runGit(args, { ...run, environment })
	if (ran.code === 0) return ran.stdout
	throw failure("refused", `Cannot write to "${name}": ${lastWords(ran.stderr)}`, "see what it says, and try again")
}
