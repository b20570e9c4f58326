import { isObject, type Json, type JsonObject } from "../base/index.ts"
import type { Verdict, Write } from "../cluster/index.ts"
import type { KubeObject, ObjectKey, Refusal } from "../kube/index.ts"

/** What a person, or a client of the API, asks of a running Rollcall other than through git. */
export type Request = {
	/** Given by who asks, and never again: a request is acted on once, whatever is killed in between. */
	readonly id: string
	/** Who asks: a name for the ledger. */
	readonly by: string
	readonly reason?: string
} & Order

export type Order =
	| { readonly kind: "pause" | "resume" | "restart"; readonly daemonSet: ObjectKey }
	/** Of the whole source: no commit is applied, commits are again, the branch is looked at now. */
	| { readonly kind: "suspend" | "resume-source" | "sync" }
	/** Writes by another hand than git's, judged one by one; together they are one input. */
	| { readonly kind: "write"; readonly writes: readonly HandWrite[] }

export type HandWrite = ObjectWrite | Patch | Edit

type ObjectWrite = Exclude<Write, { readonly verb: "fault" }>

export type Patch = {
	readonly verb: "patch"
	readonly key: ObjectKey
	readonly type: "merge" | "strategic" | "json"
	readonly patch: Json
}

/** Worked out when its turn comes, from what is there then: only who is in the same process can ask for one. */
export type Edit = {
	readonly verb: "edit"
	readonly key: ObjectKey
	/** What the ledger calls it. */
	readonly as: "create" | "update" | "patch" | "apply" | "evict"
	readonly edit: (live: KubeObject | undefined) => Edited
}

export type Edited = { readonly write: ObjectWrite } | { readonly refusal: Refusal }

/** What became of a request, once it is durable. `verdicts`: of a write, in the order of its writes. */
export type Answer = {
	readonly message: string
	/** Nothing, or with several writes not all, was done. */
	readonly refusal?: Refusal
	readonly verdicts?: readonly Verdict[]
	/** What of git's it changed, and what becomes of that. */
	readonly warnings?: readonly string[]
}

const WRITES = 1_000
const ID = /^[A-Za-z0-9][A-Za-z0-9-]{7,63}$/

/** The request that a text holds, or what is wrong with it. */
export function parseRequest(text: string): Request | { readonly problem: string } {
	let value: unknown
	try {
		value = JSON.parse(text)
	} catch {
		return { problem: "it is not JSON" }
	}
	if (!isObject(value)) return { problem: "it is not an object" }
	const problem = problemOf(value)
	return problem === undefined ? (value as Request) : { problem }
}

function problemOf(value: JsonObject): string | undefined {
	const { id, by, reason, kind } = value
	if (typeof id !== "string" || !ID.test(id)) return "it has no id of 8 to 64 letters, digits and dashes"
	if (!isWord(by)) return "it does not say by whom it is"
	if (reason !== undefined && typeof reason !== "string") return "its reason is no text"
	if (kind === "pause" || kind === "resume" || kind === "restart") {
		return isWord(value["daemonSet"]) ? undefined : "it names no daemonSet"
	}
	if (kind === "suspend" || kind === "resume-source" || kind === "sync") return undefined
	if (kind !== "write") return `its kind ${JSON.stringify(kind)} is not known`
	const writes = value["writes"]
	if (!Array.isArray(writes) || writes.length === 0 || writes.length > WRITES) return `it has not 1 to ${WRITES} writes`
	return writes.map(writeProblem).find((problem) => problem !== undefined)
}

function writeProblem(write: Json): string | undefined {
	if (!isObject(write) || !isWord(write["key"])) return "a write names no key"
	const { verb, object, type, patch } = write
	if (verb === "delete") return undefined
	if (verb === "patch") {
		const known = type === "merge" || type === "strategic" || type === "json"
		return known && patch !== undefined ? undefined : "a patch has no type that is known"
	}
	if (verb !== "create" && verb !== "update" && verb !== "apply") return `the verb ${JSON.stringify(verb)} is not known`
	return isObjectOfKubernetes(object) ? undefined : "a write has no object with apiVersion, kind and metadata.name"
}

function isObjectOfKubernetes(object: Json | undefined): object is KubeObject {
	if (!isObject(object)) return false
	const { apiVersion, kind, metadata } = object
	return isWord(apiVersion) && isWord(kind) && isObject(metadata) && isWord(metadata["name"])
}

function isWord(value: Json | undefined): value is string {
	return typeof value === "string" && value !== "" && value.length <= 1_000
}
