import { type Json, jsonEqual } from "../base/index.ts"
import { applyDefaults } from "./defaults/apply-defaults.ts"
import type { KubeObject } from "./object.ts"
import type { DaemonSet } from "./types.ts"

/** True where two DaemonSets have the same pod template, defaults aside; none at all is only like none. */
export function isSameTemplate(a: KubeObject | undefined, b: KubeObject | undefined): boolean {
	if (a === undefined || b === undefined) return a === b
	return jsonEqual(templateOf(a), templateOf(b))
}

function templateOf(object: KubeObject): Json {
	return (applyDefaults(object) as DaemonSet).spec.template as unknown as Json
}
