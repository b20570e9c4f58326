import { byCodeUnit } from "../../base/index.ts"
import { ageOf, type KubeObject, keyParts, lastSeen, type ObjectKey } from "../../kube/index.ts"
import type { ClusterReader } from "../reader.ts"
import { cell } from "./lines.ts"

type Involved = { readonly kind?: string; readonly name?: string; readonly namespace?: string }

/** The Events about one object, oldest first. */
export function eventsAbout(reader: ClusterReader, key: ObjectKey): readonly KubeObject[] {
	const { kind, namespace, name } = keyParts(key)
	const events: KubeObject[] = []
	for (const event of reader.list({ group: "", kind: "Event" })) {
		const involved = (event["involvedObject"] ?? {}) as Involved
		if (involved.kind === kind && involved.name === name && (involved.namespace ?? "") === namespace) events.push(event)
	}
	return events.sort((a, b) => byCodeUnit(timeOf(a), timeOf(b)))
}

/** The table at the end of every `describe`. */
export function eventLines(reader: ClusterReader, key: ObjectKey): readonly string[] {
	const events = eventsAbout(reader, key)
	if (events.length === 0) return ["Events:\t<none>"]
	return [
		"Events:",
		"  Type\tReason\tAge\tFrom\tMessage",
		"  ----\t------\t----\t----\t-------",
		...events.map((event) => {
			const source = event["source"] as { readonly component?: string } | undefined
			const from = source?.component ?? event["reportingComponent"]
			return `  ${cell(event["type"])}\t${cell(event["reason"])}\t${eventAge(event, reader.now())}\t${cell(from)}\t${cell(event["message"]).trim()}`
		}),
	]
}

/** `3s`, or `3s (x4 over 20s)` where it was counted up. */
function eventAge(event: KubeObject, now: number): string {
	const last = ageOf(lastSeen(event), now)
	const count = event["count"]
	return typeof count === "number" && count > 1
		? `${last} (x${count} over ${ageOf(event["firstTimestamp"], now)})`
		: last
}

function timeOf(event: KubeObject): string {
	return String(lastSeen(event) ?? "")
}
