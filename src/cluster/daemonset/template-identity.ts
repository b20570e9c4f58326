import { canonicalJson, type Json, type JsonObject } from "../../base/index.ts"
import type { PodTemplate } from "../../kube/index.ts"

/**
 * H1: two templates are one version where the API's types read them alike. Empty members of plain types vanish there;
 * optional numbers, booleans and structures are told apart from absent ones, so these names keep what they hold.
 */
const KEEPS_ZERO: ReadonlySet<string> = new Set([
	"activeDeadlineSeconds",
	"allowPrivilegeEscalation",
	"automountServiceAccountToken",
	"defaultMode",
	"enableServiceLinks",
	"expirationSeconds",
	"fsGroup",
	"hostProcess",
	"hostUsers",
	"minDomains",
	"mode",
	"optional",
	"preemptionPolicy",
	"priority",
	"privileged",
	"readOnlyRootFilesystem",
	"runAsGroup",
	"runAsNonRoot",
	"runAsUser",
	"runtimeClassName",
	"setHostnameAsFQDN",
	"shareProcessNamespace",
	"terminationGracePeriodSeconds",
	"tolerationSeconds",
])

/** Maps and plain structures: empty is the same as absent. Elsewhere `{}` says something (`emptyDir: {}`). */
const EMPTY_IS_ABSENT: ReadonlySet<string> = new Set([
	"annotations",
	"labels",
	"limits",
	"matchLabels",
	"metadata",
	"nodeSelector",
	"overhead",
	"requests",
	"resources",
])

/** Members of maps are the user's own: a label may be called "mode", and an empty label value is a value. */
const MAPS: ReadonlySet<string> = new Set(["annotations", "labels", "matchLabels", "nodeSelector"])

/** A memo, not state: records never change, and every sync asks about the same few. */
const known = new WeakMap<object, string>()

/**
 * The one text of a template: equal texts are one version (rule H1). The order of lists matters; the `$patch` of a
 * revision's data does not.
 */
export function templateIdentity(template: PodTemplate): string {
	const before = known.get(template)
	if (before !== undefined) return before
	const { $patch: _, ...rest } = template as unknown as JsonObject
	const identity = canonicalJson(typed(rest) ?? {})
	known.set(template, identity)
	return identity
}

function typed(value: Json): Json | undefined {
	if (Array.isArray(value)) return value.map((item) => typed(item) ?? null)
	if (typeof value !== "object" || value === null) return value
	const members: [string, Json][] = []
	for (const [name, item] of Object.entries(value)) {
		const kept = MAPS.has(name) ? item : typed(item)
		if (kept !== undefined && !isAbsent(name, kept)) members.push([name, kept])
	}
	return Object.fromEntries(members)
}

function isAbsent(name: string, value: Json): boolean {
	if (value === null || value === undefined) return true
	if (Array.isArray(value)) return value.length === 0
	if (typeof value === "object") return EMPTY_IS_ABSENT.has(name) && Object.keys(value).length === 0
	return (value === 0 || value === false || value === "") && !KEEPS_ZERO.has(name)
}
