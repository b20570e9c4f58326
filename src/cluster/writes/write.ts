import { formatInstant, type Instant, jsonEqual } from "../../base/index.ts"
import {
	appliedBy,
	applyOwned,
	checkPreconditions,
	type FieldError,
	invalidRefusal,
	type KubeObject,
	keyOf,
	prepareCreate,
	prepareUpdate,
	type Refusal,
	resourceName,
	validateCreate,
	validateUpdate,
	type WrittenPart,
} from "../../kube/index.ts"
import type { Write } from "../contract.ts"

/** What a write comes to before anything changes: a refusal, or the object before and after. */
export type Judged =
	| { readonly kind: "refused"; readonly refusal: Refusal }
	| {
			readonly kind: "stored"
			readonly before: KubeObject | undefined
			readonly after: KubeObject
			readonly changed: boolean
	  }

type ObjectWrite = Exclude<Write, { readonly verb: "delete" | "fault" }>

/** A1 to A8: judges a write of an object against what is there `now`. */
export function judgeWrite(write: ObjectWrite, live: KubeObject | undefined, now: Instant): Judged {
	const named = keyOf(write.object)
	if (named !== write.key) {
		const message = `the object is ${named}, the request is for ${write.key}`
		return refuse("BadRequest", message)
	}
	if (write.verb === "create") return live === undefined ? judgeCreate(write.object) : exists(live)
	return write.verb === "update" ? judgeUpdate(write, live) : judgeApply(write, live, now)
}

function judgeCreate(object: KubeObject): Judged {
	const { managedFields } = object.metadata
	const clean = prepareCreate(withoutServerFields(object))
	const after = managedFields === undefined ? clean : { ...clean, metadata: { ...clean.metadata, managedFields } }
	const causes = validateCreate(after)
	if (causes.length > 0) return { kind: "refused", refusal: invalidRefusal(after, causes) }
	return { kind: "stored", before: undefined, after, changed: true }
}

function judgeUpdate(write: Extract<ObjectWrite, { readonly verb: "update" }>, live: KubeObject | undefined): Judged {
	if (live === undefined) return missing(write.object)
	const failed = checkPreconditions(live, write.object)
	if (failed !== undefined) return { kind: "refused", refusal: failed }
	if (write.subresource === "status") {
		const { status } = write.object
		const { managedFields } = write.object.metadata
		const metadata = managedFields === undefined ? live.metadata : { ...live.metadata, managedFields }
		return settle(live, status === undefined ? live : { ...live, metadata, status })
	}
	return judgeNext(live, write.object, write.whole === true ? "both" : "spec")
}

/** A13: what is written as a dump may say of managers is another cluster's. */
function judgeApply(
	{ object, before, manager }: Extract<ObjectWrite, { readonly verb: "apply" }>,
	live: KubeObject | undefined,
	now: Instant,
): Judged {
	const after = withoutServerFields(object)
	const merged = live === undefined ? after : applyOwned({ live, before, after })
	// Nodes are rows, which keep no managers.
	const managed =
		object.kind === "Node" ? merged : appliedBy(live, merged, after, { manager, time: formatInstant(now) })
	if (live === undefined) return judgeCreate(managed)
	// Git describes a Node whole; the status of all else is written by those who act on it.
	return judgeNext(live, managed, live.kind === "Node" ? "both" : "spec")
}

function judgeNext(live: KubeObject, object: KubeObject, part: WrittenPart = "spec"): Judged {
	const after = prepareUpdate(live, object, part)
	const causes = validateUpdate(live, after)
	if (causes.length > 0) return { kind: "refused", refusal: invalidRefusal(after, causes) }
	return settle(live, after)
}

/** A write that changes nothing gives no version and no event. */
function settle(before: KubeObject, after: KubeObject): Judged {
	return { kind: "stored", before, after, changed: !jsonEqual(comparable(before), comparable(after)) }
}

function comparable({ metadata, ...rest }: KubeObject) {
	const { resourceVersion: _version, ...kept } = metadata
	return { ...rest, metadata: kept }
}

/** What only the server may say of a new object. */
function withoutServerFields(object: KubeObject): KubeObject {
	const {
		uid: _uid,
		resourceVersion: _version,
		generation: _generation,
		creationTimestamp: _creation,
		deletionTimestamp: _deletion,
		deletionGracePeriodSeconds: _grace,
		managedFields: _fields,
		...metadata
	} = object.metadata
	return { ...object, metadata }
}

/** The identity that the server gives a new object. */
export function stamped(object: KubeObject, uid: string, version: number, now: number): KubeObject {
	const metadata = { ...object.metadata, uid, resourceVersion: String(version), creationTimestamp: formatInstant(now) }
	return { ...object, metadata }
}

export function refuse(
	reason: Refusal["reason"],
	message: string,
	causes: readonly FieldError[] = [],
): Judged & { kind: "refused" } {
	return { kind: "refused", refusal: { reason, message, causes } }
}

function exists(live: KubeObject): Judged {
	return refuse("AlreadyExists", `${resourceName(live)} "${live.metadata.name}" already exists`)
}

export function missing(object: KubeObject): Judged & { kind: "refused" } {
	return refuse("NotFound", `${resourceName(object)} "${object.metadata.name}" not found`)
}
