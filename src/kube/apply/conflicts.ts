import { byCodeUnit } from "../../base/index.ts"
import type { Refusal } from "../refusal.ts"
import type { Managed } from "./managers.ts"

type FieldConflict = { readonly owner: string; readonly field: string }

/** The server's answer to an apply that would take fields from others. */
export function conflictRefusal(conflicts: readonly FieldConflict[]): Refusal {
	return {
		reason: "Conflict",
		message: conflictMessage(conflicts),
		causes: conflicts.map(({ owner, field }) => ({
			type: "ManagerConflict",
			field,
			message: `conflict with ${owner}`,
		})),
	}
}

function conflictMessage(conflicts: readonly FieldConflict[]): string {
	const [first] = conflicts
	if (conflicts.length === 1 && first !== undefined) {
		return `Apply failed with 1 conflict: conflict with ${first.owner}: ${first.field}`
	}
	const owners = [...new Set(conflicts.map(({ owner }) => owner))].sort(byCodeUnit)
	const lines = owners.flatMap((owner) => [
		`conflicts with ${owner}:`,
		...conflicts.filter((each) => each.owner === owner).map(({ field }) => `- ${field}`),
	])
	return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`
}

export function sayOwner({ manager, operation, apiVersion, subresource }: Managed): string {
	const how = operation === "Update" ? ` using ${apiVersion}` : ""
	return `${JSON.stringify(manager)}${subresource === undefined ? "" : ` with subresource ${JSON.stringify(subresource)}`}${how}`
}
