import { formatInstant, type Instant, parseInstant } from "../../base/index.ts"
import type { StringMap, Taint, Toleration } from "../../kube/index.ts"
import { oneLine } from "../output/visible.ts"

// Shown by kubectl as something of its own, or of no use to a reader.
const HIDDEN_ANNOTATIONS = new Set(["kubectl.kubernetes.io/last-applied-configuration"])

/** `Name:\tfirst`, then `\tsecond` …: the layout in which `describe` shows labels, taints and tolerations. */
export function listLines(title: string, items: readonly string[]): readonly string[] {
	if (items.length === 0) return [`${title}:\t<none>`]
	return items.map((item, index) => `${index === 0 ? `${title}:` : ""}\t${cell(item)}`)
}

export function labelItems(labels: StringMap | undefined): readonly string[] {
	return Object.keys(labels ?? {})
		.sort()
		.map((key) => `${key}=${labels?.[key] ?? ""}`)
}

export function annotationItems(annotations: StringMap | undefined): readonly string[] {
	return Object.keys(annotations ?? {})
		.filter((key) => !HIDDEN_ANNOTATIONS.has(key))
		.sort()
		.map((key) => `${key}: ${annotations?.[key] ?? ""}`)
}

/** `dedicated=db:NoSchedule`; without a value `key:NoSchedule`. */
export function taintText(taint: Taint): string {
	return `${taint.key}${taint.value ? `=${taint.value}` : ""}:${taint.effect}`
}

/** `key=value:NoExecute op=Exists for 300s`, in order of key. */
export function tolerationItems(tolerations: readonly Toleration[] | undefined): readonly string[] {
	return [...(tolerations ?? [])]
		.sort((a, b) => ((a.key ?? "") < (b.key ?? "") ? -1 : (a.key ?? "") > (b.key ?? "") ? 1 : 0))
		.map((toleration) => {
			let text = toleration.key ?? ""
			if (toleration.value) text += `=${toleration.value}`
			if (toleration.effect) text += `:${toleration.effect}`
			if (toleration.operator === "Exists" && !toleration.value) text += `${text === "" ? "" : " "}op=Exists`
			return toleration.tolerationSeconds === undefined ? text : `${text} for ${toleration.tolerationSeconds}s`
		})
}

const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

/** `Fri, 20 Nov 2026 18:19:27 +0000`, as `describe` writes times. */
export function longTime(timestamp: unknown): string {
	const at = typeof timestamp === "string" ? parseInstant(timestamp) : undefined
	return at === undefined ? "<unset>" : rfc1123(at)
}

function rfc1123(at: Instant): string {
	const date = new Date(at)
	const day = `${date.getUTCDate()}`.padStart(2, "0")
	const time = formatInstant(at).slice(11, 19)
	return `${DAYS[date.getUTCDay()]}, ${day} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()} ${time} +0000`
}

/** A value as it may stand in a cell. */
export function cell(value: unknown): string {
	return oneLine(value === undefined || value === null ? "" : String(value))
}
