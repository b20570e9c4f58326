import type { Json } from "../../base/index.ts"
import type { KubeObject } from "../../kube/index.ts"

/** What members of an Event are called in the core group, and in events.k8s.io. */
const NAMES: readonly (readonly [core: string, other: string])[] = [
	["involvedObject", "regarding"],
	["message", "note"],
	["reportingComponent", "reportingController"],
	["count", "deprecatedCount"],
	["firstTimestamp", "deprecatedFirstTimestamp"],
	["lastTimestamp", "deprecatedLastTimestamp"],
	["source", "deprecatedSource"],
]
const TO_OTHER = new Map(NAMES)
const TO_CORE = new Map(NAMES.map(([core, other]) => [other, core]))

/** Events are the same ones in both of their groups; another group may have its own kind of that name. */
export function isEvent({ group, kind }: { readonly group: string; readonly kind: string }): boolean {
	return kind === "Event" && (group === "" || group === "events.k8s.io")
}

/** A core Event as events.k8s.io/v1 shows it. */
export function eventInGroup(event: KubeObject): KubeObject {
	const shown = renamed(event, TO_OTHER, "events.k8s.io/v1")
	return {
		...shown,
		eventTime: shown["eventTime"] ?? null,
		regarding: shown["regarding"] ?? {},
		note: shown["note"] ?? "",
		reportingController: shown["reportingController"] ?? "",
		deprecatedCount: shown["deprecatedCount"] ?? 0,
		deprecatedFirstTimestamp: shown["deprecatedFirstTimestamp"] ?? null,
		deprecatedLastTimestamp: shown["deprecatedLastTimestamp"] ?? null,
		deprecatedSource: shown["deprecatedSource"] ?? {},
	}
}

/** An Event of either group as it is kept. */
export function coreEvent(event: KubeObject): KubeObject {
	return event.apiVersion === "v1" ? event : renamed(event, TO_CORE, "v1")
}

function renamed(event: KubeObject, names: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
	const members = Object.entries(event).map(([name, value]) => [names.get(name) ?? name, value as Json])
	return { ...(Object.fromEntries(members) as KubeObject), apiVersion }
}
