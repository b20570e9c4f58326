import { resourceName } from "./kinds.ts"
import { groupOf, type KubeObject } from "./object.ts"
import type { Refusal } from "./refusal.ts"

/** A10: what a write says about the object it means: its name, its uid, the version it was read at. */
export function checkPreconditions(live: KubeObject, written: KubeObject): Refusal | undefined {
	const [was, says] = [live.metadata, written.metadata]
	if (says.name !== was.name) {
		return refusal(
			"BadRequest",
			`the name of the object (${says.name}) does not match the name on the URL (${was.name})`,
		)
	}
	const version = says.resourceVersion
	if (version !== undefined && version !== "" && !/^\d+$/.test(version)) {
		return refusal("BadRequest", `strconv.ParseUint: parsing "${version}": invalid syntax`)
	}
	const failed = `Operation cannot be fulfilled on ${resourceName(live)} "${was.name}"`
	if (says.uid !== undefined && says.uid !== was.uid) {
		return refusal(
			"Conflict",
			`${failed}: Precondition failed: UID in precondition: ${says.uid}, UID in object meta: ${was.uid}`,
		)
	}
	if (version !== undefined && version !== "" && version !== was.resourceVersion) {
		const detail = "the object has been modified; please apply your changes to the latest version and try again"
		return refusal("Conflict", `${failed}: ${detail}`)
	}
	return undefined
}

/** A10: what a deletion says about the object it means. */
export function checkDelete(
	live: KubeObject,
	asked: { readonly uid?: string; readonly resourceVersion?: string } = {},
): Refusal | undefined {
	const { name, uid, resourceVersion } = live.metadata
	const group = groupOf(live.apiVersion)
	// The server names the kind here, not the resource.
	const failed = `Operation cannot be fulfilled on ${group === "" ? live.kind : `${live.kind}.${group}`} "${name}"`
	if (asked.uid !== undefined && asked.uid !== uid) {
		const why = `the UID in the precondition (${asked.uid}) does not match the UID in record (${uid})`
		return refusal("Conflict", `${failed}: ${why}. The object might have been deleted and then recreated`)
	}
	if (asked.resourceVersion !== undefined && asked.resourceVersion !== resourceVersion) {
		const versions = `(${asked.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion})`
		return refusal(
			"Conflict",
			`${failed}: the ResourceVersion in the precondition ${versions}. The object might have been modified`,
		)
	}
	return undefined
}

function refusal(reason: Refusal["reason"], message: string): Refusal {
	return { reason, message, causes: [] }
}
