import { keyParts, type ObjectKey } from "../kube/index.ts"
import type { DriftRule } from "../manifest/index.ts"

/** Whether others may change this field of this object, by the rules of the repository. */
export function isIgnored(rules: readonly DriftRule[], key: ObjectKey, path: string): boolean {
	const { kind, namespace, name } = keyParts(key)
	return rules.some(
		(rule) =>
			matches(rule.kind, kind) &&
			matches(rule.namespace, namespace) &&
			matches(rule.name, name) &&
			rule.fields.some((field) => isAtOrBelow(field, path)),
	)
}

function matches(pattern: string | undefined, text: string): boolean {
	return pattern === undefined || new RegExp(`^${pattern.split("*").map(literal).join(".*")}$`, "s").test(text)
}

/** A `*` stays within its brackets, or between two dots. */
function isAtOrBelow(field: string, path: string): boolean {
	const pattern = field
		.split(/(\[[^\]]*\])/)
		.map((part) =>
			part
				.split("*")
				.map(literal)
				.join(part.startsWith("[") ? "[^\\]]*" : "[^.[\\]]*"),
		)
		.join("")
	return new RegExp(`^${pattern}(?:[.[].*)?$`, "s").test(path)
}

function literal(text: string): string {
	return text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")
}
