import { deepFreeze, isObject, type Json } from "../base/index.ts"
import type { Verdict, Write } from "../cluster/index.ts"
import type { LedgerEntry } from "../history/index.ts"
import {
	decode,
	decodingError,
	fieldChanges,
	findKind,
	jsonPatch,
	type KubeObject,
	keyParts,
	mergePatch,
	type ObjectKey,
	type Refusal,
	sayKey,
	strategicPatch,
} from "../kube/index.ts"
import { withoutSecrets } from "../manifest/index.ts"
import { type Asker, orderRow, sourceOf } from "./asker.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import type { Answer, Edit, HandWrite, Patch } from "./requests.ts"

type Manner = {
	readonly wall: number
	readonly secretKey: string
	/** Whether the ledger says what was asked, where nothing, or not all, was done. */
	readonly tells: (said: Said) => boolean
}

/** What was asked, by whom, and why it was not done; without that it changed nothing. */
export type Said = { readonly message: string; readonly by: string; readonly refusal: Refusal | undefined }

/**
 * Writes by another hand than git's: one input, each write judged by itself, and a row for each that changes something.
 * A Secret's values become digests with `secretKey` before anything is kept.
 */
export function writeByHand(
	recorded: RecordedCluster,
	wanted: readonly HandWrite[],
	asker: Asker,
	{ wall, secretKey, tells }: Manner,
): Answer {
	const { cluster } = recorded
	/** As the writes before leave it. */
	const objects = new Map<ObjectKey, KubeObject | undefined>()
	const live = (key: ObjectKey): KubeObject | undefined => (objects.has(key) ? objects.get(key) : cluster.read(key))
	const editOf = ({ key, edit }: Edit): Planned => {
		const edited = edit(live(key))
		return "refusal" in edited ? edited : { write: withoutSecretsIn(edited.write, secretKey, live(key)) }
	}
	const plans = wanted.map((write): Plan => {
		const before = live(write.key)
		const plan = write.verb === "edit" ? editOf(write) : planOf(write, before, secretKey)
		if ("write" in plan) objects.set(write.key, "object" in plan.write ? plan.write.object : undefined)
		return { ...plan, key: write.key, before }
	})
	const writes = plans.flatMap((plan) => ("write" in plan ? [plan.write] : []))
	const message = whatOf(wanted)
	let verdicts: readonly Verdict[] = []
	let refusal: Refusal | undefined
	const describe = (acted: readonly Verdict[]): readonly LedgerEntry[] => {
		const rest = [...acted]
		verdicts = plans.map((plan) => ("write" in plan ? (rest.shift() ?? BUG) : { accepted: false, ...plan }))
		const refused = verdicts.flatMap((verdict) => (verdict.accepted ? [] : [verdict.refusal]))
		refusal = refused[0] && { ...refused[0], message: refused.map(({ message }) => message).join("; ") }
		const changed = plans.flatMap((plan, index) => writeRow(recorded, plan, verdicts[index], asker.by))
		const said = { message, by: asker.by, refusal }
		if ((changed.length === 0 || refusal !== undefined) && !tells(said)) return changed
		return [orderRow(recorded, "write", message, asker, refusal), ...changed]
	}
	if (writes.length === 0) recorded.note(...describe([]))
	else recorded.attempt({ source: sourceOf(asker), writes: deepFreeze(writes) }, wall, describe)
	return refusal === undefined ? { message, verdicts } : { message, refusal, verdicts }
}

function withoutSecretsIn(write: Write, secretKey: string, live: KubeObject | undefined): Write {
	return "object" in write ? { ...write, object: withoutSecrets(write.object, secretKey, live) } : write
}

type Plan = { readonly key: ObjectKey; readonly before: KubeObject | undefined } & Planned
type Planned = { readonly write: Write } | { readonly refusal: Refusal }

const BUG: Verdict = { accepted: false, refusal: bad("it was not judged") }

/** A patch becomes the update that it comes to now; replaying it decides nothing. */
function planOf(write: Exclude<HandWrite, Edit>, live: KubeObject | undefined, secretKey: string): Planned {
	if (write.verb === "delete") return { write }
	if (write.verb !== "patch") {
		const read = readObject(write.object)
		if ("refusal" in read) return read
		return { write: withoutSecretsIn({ ...write, object: read.object }, secretKey, live) }
	}
	if (live === undefined) return { refusal: notFound(write.key) }
	const { resourceVersion: _, ...metadata } = live.metadata
	const patched = patch({ ...live, metadata }, write)
	if ("refusal" in patched) return patched
	const read = readObject(patched.object)
	if ("refusal" in read) return read
	return { write: withoutSecretsIn({ verb: "update", key: write.key, object: read.object }, secretKey, live) }
}

function patch(live: KubeObject, { type, patch }: Patch): { readonly object: Json } | { readonly refusal: Refusal } {
	if (type === "json") {
		const patched = jsonPatch(live, patch)
		return "error" in patched ? { refusal: bad(patched.error) } : patched
	}
	if (!isObject(patch)) return { refusal: bad("a patch is an object") }
	return { object: type === "merge" ? mergePatch(live, patch) : strategicPatch(live, patch) }
}

/** A2: as the API server's strict decoding reads it. */
function readObject(value: Json): { readonly object: KubeObject } | { readonly refusal: Refusal } {
	if (!isObject(value) || !isObject(value["metadata"])) return { refusal: bad("it is no object with metadata") }
	const { object, problems } = decode(value)
	const { apiVersion, kind } = value
	const error = decodingError(String(kind), String(apiVersion).replace(/^.*\//, ""), problems)
	return error === undefined ? { object: object as KubeObject } : { refusal: bad(error) }
}

function notFound(key: ObjectKey): Refusal {
	const { group, kind, name } = keyParts(key)
	const plural = findKind(group, kind)?.plural ?? `${kind.toLowerCase()}s`
	const resource = group === "" ? plural : `${plural}.${group}`
	return { reason: "NotFound", message: `${resource} "${name}" not found`, causes: [] }
}

function bad(message: string): Refusal {
	return { reason: "BadRequest", message, causes: [] }
}

function writeRow(recorded: RecordedCluster, plan: Plan, verdict: Verdict | undefined, client: string): LedgerEntry[] {
	if (!("write" in plan) || !verdict?.accepted || !verdict.changed) return []
	const { key, before, write } = plan
	const at = recorded.cluster.now()
	if (write.verb === "delete") return [{ kind: "write", at, client, key, action: "delete", fields: [] }]
	if (before === undefined) return [{ kind: "write", at, client, key, action: "create", fields: [] }]
	// What the client wrote: what the server made of it besides, as the taint of a cordon, is not the client's.
	const after = write.verb === "update" ? write.object : verdict.object
	// Read as what was written is read: members that decoding fills in are nobody's change.
	const was = decode(before).object as KubeObject
	return [{ kind: "write", at, client, key, action: "update", fields: fieldChanges(was, after) }]
}

function whatOf(writes: readonly HandWrite[]): string {
	const [first, ...others] = writes
	if (first === undefined) return "nothing"
	const what = `${first.verb === "edit" ? first.as : first.verb} of ${sayKey(first.key)}`
	return others.length === 0 ? what : `${what} and ${others.length} more writes`
}
