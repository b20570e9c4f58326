import { resourceName } from "./kinds.ts"
import type { KubeObject } from "./object.ts"
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

function refusal(reason: Refusal["reason"], message: string): Refusal {
	return { reason, message, causes: [] }
}
