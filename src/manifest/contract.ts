import type { Finding, KubeObject, ObjectKey } from "../kube/index.ts"

/** One file of a commit's tree, as git names it. Its path is a label: it is never joined to a file system path. */
export type TreeFile = {
	readonly path: string
	/** git's mode: `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
	readonly mode: string
	/** The blob's id: equal ids mean equal bytes. */
	readonly blob: string
	readonly size: number
}

/** What a file holds: a function of its bytes alone, so it is cached by blob id (as JSON, in the state directory). */
export type ParsedFile = {
	readonly documents: readonly ParsedDocument[]
	/** Objects that are known by key but may not be used: their last good version stays. */
	readonly refused: readonly RefusedObject[]
	/** Findings with `file: ""`: the path is put in when the file is read from a tree. */
	readonly findings: readonly Finding[]
	/** False where the file, or a document in it, could not be read: what it last described then still counts. */
	readonly readable: boolean
	/** What the file is for, where that decides how it is read: a kustomization, a kustomize patch, a template. */
	readonly role: FileRole
	/** Only of a kustomization. */
	readonly kustomization?: Kustomization
}

export type FileRole = "manifests" | "kustomization" | "patch" | "template" | "values" | "other"

export type ParsedDocument = {
	/** From 0, counting the documents that have content. */
	readonly index: number
	/** Where the document begins, from 1. */
	readonly line: number
	readonly column: number
	/** Byte offsets in the file of the document's own text, separators aside. */
	readonly start: number
	readonly end: number
	/** The object as Kubernetes reads it, Secrets' values replaced by a keyed digest; `kind: List` items come one by one. */
	readonly object: KubeObject
}

export type RefusedObject = { readonly key: ObjectKey; readonly line: number; readonly message: string }

/** The files of a kustomization, as it spells them, and what it would do to them. */
export type Kustomization = {
	/** Files and folders, relative to the kustomization's own folder. */
	readonly resources: readonly string[]
	/** Patches, replacements and the like: never manifests of their own. */
	readonly inputs: readonly string[]
	/** The fields that change what the files say; Rollcall does not apply them. */
	readonly transformers: readonly string[]
	readonly line: number
}

/** What is read at all, and how much of it. */
export type ReadLimits = {
	/** Bytes of a file. */
	readonly fileSize: number
	/** Files of a commit. */
	readonly files: number
	/** Characters of a document that needs the whole of YAML to be read; more than Kubernetes stores of any object. */
	readonly documentSize: number
	/** Levels of maps and lists in a document. */
	readonly depth: number
	/** Nodes that a document's aliases may stand for. */
	readonly aliasNodes: number
	/** Findings kept of one file; the rest is counted. */
	readonly findings: number
}

/** Every object that the manifests of one commit describe. */
export type Desired = {
	readonly objects: ReadonlyMap<ObjectKey, DesiredObject>
	readonly findings: readonly Finding[]
}

export type DesiredObject = {
	readonly key: ObjectKey
	readonly object: KubeObject
	readonly path: string
	readonly document: number
	readonly line: number
	/** True where the file or document can no longer be read and this is its last good version. */
	readonly retained?: true
	/** True for a Namespace that no manifest defines and an object needs; `path` is that object's. */
	readonly implied?: true
}

export type DesiredOptions = {
	/** Reads the files of every kustomization as they stand, whatever it would do to them. */
	readonly plain?: boolean
	/** Refuses an object that stands in several places; otherwise the first by path counts. */
	readonly strict?: boolean
	readonly limits?: Partial<ReadLimits>
}

/** A file that is new, differs, or (without `file`) is gone. `parsed` is left out where `skipReason` gives a reason. */
export type FileChange = { readonly path: string; readonly file?: TreeFile; readonly parsed?: ParsedFile }

/** One object that a step changed; an equal object that moved to another file is not among these. */
export type DesiredChange = {
	readonly key: ObjectKey
	readonly before?: DesiredObject
	readonly after?: DesiredObject
}

/** What `DesiredState.restore` needs beside the parsed files, as plain JSON: the tree, and what is retained. */
export type SavedDesired = {
	readonly files: readonly { readonly file: TreeFile; readonly retained?: readonly DesiredObject[] }[]
	/** Objects that `strict` refuses, as they last counted. */
	readonly contested: readonly DesiredObject[]
}
