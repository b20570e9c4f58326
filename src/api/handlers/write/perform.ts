import { randomUUID } from "node:crypto"
import { formatInstant, type Instant, type JsonObject } from "../../../base/index.ts"
import type { Verdict } from "../../../cluster/index.ts"
import type { Edit, HandWrite } from "../../../engine/index.ts"
import {
	customShape,
	decode,
	decodingError,
	type FieldValidation,
	fillIn,
	type KubeObject,
	type ObjectKey,
	objectKey,
	prune,
	type Refusal,
} from "../../../kube/index.ts"
import { type Answer, type Headers, json } from "../../ask.ts"
import { refusedBy } from "../../refused.ts"
import type { Resource } from "../../route/resources.ts"
import type { Target } from "../../route/target.ts"
import type { Call } from "../handler.ts"
import { shownAs, storedAs } from "../read.ts"
import { admitted } from "./admission.ts"
import { tooLarge } from "./size.ts"

/** What became of a write, with all that there is to warn of. */
export type Performed = { readonly verdict: Verdict; readonly warnings: readonly string[] }

export type Doing = { readonly dryRun: boolean /** Who, for the ledger. */; readonly by: string }

/** Does it, once it is durable, or says what would become of it. */
export async function perform(call: Call, write: HandWrite, { dryRun, by }: Doing): Promise<Performed> {
	if (dryRun) return rehearse(call, write)
	const { guarded, problem } = guard(write)
	const answer = await call.parts.ask({ id: randomUUID(), by, kind: "write", writes: [guarded] })
	if (problem() !== undefined) throw problem()
	const verdict = answer.verdicts?.[0] ?? { accepted: false, refusal: answer.refusal ?? NOT_JUDGED }
	const own = verdict.accepted ? verdict.warnings : []
	return { verdict, warnings: [...own, ...(answer.warnings ?? [])] }
}

/** The engine works the edit out, among everything else that it does: a bug in that is told here, and not there. */
function guard(write: HandWrite): { readonly guarded: HandWrite; readonly problem: () => unknown } {
	if (write.verb !== "edit") return { guarded: write, problem: () => undefined }
	let problem: unknown
	const edit: Edit["edit"] = (live) => {
		try {
			return write.edit(live)
		} catch (bug) {
			problem = bug ?? "it failed"
			return { refusal: NOT_JUDGED }
		}
	}
	return { guarded: { ...write, edit }, problem: () => problem }
}

const NOT_JUDGED: Refusal = { reason: "BadRequest", message: "the write was not judged", causes: [] }

function rehearse({ cluster }: Call, write: HandWrite): Performed {
	if (write.verb === "patch") return { verdict: { accepted: false, refusal: NOT_JUDGED }, warnings: [] }
	const edited = write.verb === "edit" ? write.edit(cluster.read(write.key)) : { write }
	if ("refusal" in edited) return { verdict: { accepted: false, refusal: edited.refusal }, warnings: [] }
	const verdict = cluster.judge(edited.write)
	if (!verdict.accepted) return { verdict, warnings: [] }
	return { verdict: born(verdict, cluster.now()), warnings: verdict.warnings }
}

/** What is never stored gets a uid and a time of its own, as if it had been. */
function born(verdict: Extract<Verdict, { accepted: true }>, now: Instant): Verdict {
	const { object } = verdict
	if (object === undefined || object.metadata.uid !== undefined) return verdict
	const metadata = { ...object.metadata, uid: randomUUID(), creationTimestamp: formatInstant(now) }
	return { ...verdict, object: { ...object, metadata } }
}

type Shown = {
	readonly status?: number | (() => number)
	readonly warnings?: readonly string[]
	/** What of the object is told; all of it where this is absent. */
	readonly show?: (object: KubeObject) => JsonObject
}

/** The answer to a write of an object: the object as it is stored. */
export async function answerWith(
	call: Call,
	edit: Edit,
	doing: Doing,
	{ status = 200, warnings = [], show = (object) => object }: Shown = {},
): Promise<Answer> {
	const own: string[] = []
	const { verdict, warnings: more } = await perform(call, admitted(call, edit, own), doing)
	const headers = warningHeaders([...warnings, ...own, ...more])
	const { resource, name } = call.target
	if (!verdict.accepted) return withHeaders(refusedBy(verdict.refusal, resource, name), headers)
	const shown = verdict.object && show(shownAs(call.cluster, verdict.object, resource))
	return json(shown, typeof status === "number" ? status : status(), headers)
}

/** A key of the store for the object that a path names; Events are kept under one group. */
export function keyOfTarget({ resource, namespace }: Target, name: string): ObjectKey {
	return objectKey({ ...storedAs(resource), namespace: resource.namespaced ? namespace : "", name })
}

/** How the fields of a custom resource are owned. */
export function shapeIn({ defined }: Resource) {
	return defined?.schema === undefined ? {} : { shape: customShape(defined.schema) }
}

/** The object without what its kind does not know, or why that may not be (A2); work on it follows its size. */
export function decoded(
	{ defined }: Resource,
	object: KubeObject,
	validation: FieldValidation,
	warn: (message: string) => void,
): { readonly object: KubeObject } | { readonly refusal: Refusal } {
	const large = tooLarge(object)
	if (large !== undefined) return { refusal: large }
	const { object: typed, problems: found } = decode(object)
	const pruned = defined?.schema === undefined ? undefined : prune(typed, defined.schema)
	const clean = pruned === undefined ? typed : fillIn(pruned.object, defined?.schema ?? {})
	const unknown = (pruned?.unknown ?? []).map((path) => ({
		kind: "unknown" as const,
		path,
		message: `unknown field "${path}"`,
	}))
	const problems = [...found, ...unknown]
	const wrong = problems.filter(({ kind }) => kind === "type")
	const failed = wrong.length > 0 ? wrong : validation === "Strict" ? problems : []
	const error = decodingError(object.kind, object.apiVersion.replace(/^.*\//, ""), failed)
	if (error !== undefined) return { refusal: { reason: "BadRequest", message: error, causes: [] } }
	if (validation === "Warn") for (const { message } of problems) warn(message)
	return { object: clean as KubeObject }
}

/** `Warning: 299 - "text"`, as HTTP carries it. */
export function warningHeaders(warnings: readonly string[]): Headers {
	const texts = [...new Set(warnings)].map((text) => {
		const plain = text.replace(/\p{C}+/gu, " ").slice(0, LONGEST_WARNING)
		return `299 - "${plain.replace(/["\\]/g, "\\$&")}"`
	})
	// Headers are bytes, not text.
	return texts.length === 0 ? {} : { warning: Buffer.from(texts.slice(0, MOST_WARNINGS).join(", ")).toString("latin1") }
}

const LONGEST_WARNING = 1_000
const MOST_WARNINGS = 16

export function withHeaders(answer: Answer, headers: Headers): Answer {
	return { ...answer, headers: { ...answer.headers, ...headers } }
}
