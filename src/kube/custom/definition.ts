import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { type Column, itemsAt, textAt } from "../columns/column.ts"
import { definedColumns } from "../columns/defined.ts"
import type { Kind } from "../kinds.ts"
import { groupOf, type KubeObject } from "../object.ts"
import { type JsonPath, parseJsonPath } from "./json-path.ts"
import { hasRules, type Schema } from "./schema.ts"

/** A kind in one of the versions that a CustomResourceDefinition serves. */
export type DefinedKind = Kind & {
	readonly listKind: string
	readonly categories: readonly string[]
	readonly columns: readonly Column[]
	readonly schema: Schema | undefined
	readonly hasStatus: boolean
	/** Where its replicas are. */
	readonly scale: ScalePaths | undefined
	/** Set where the version is deprecated. */
	readonly deprecation: string | undefined
	/** Its schema has rules in CEL, which nobody evaluates here. */
	readonly hasRules: boolean
}

export type ScalePaths = {
	/** `.spec.replicas` */
	readonly replicas: string
	readonly current: JsonPath
	readonly selector: JsonPath
}

/** Which kind a CustomResourceDefinition defines; undefined for any other object. */
export function kindDefinedBy({
	apiVersion,
	kind,
	spec,
}: KubeObject): Pick<Kind, "group" | "kind" | "namespaced"> | undefined {
	if (kind !== "CustomResourceDefinition" || groupOf(apiVersion) !== "apiextensions.k8s.io" || !isObject(spec))
		return undefined
	const namespaced = spec["scope"] === "Namespaced"
	const defined = { group: textAt(spec, "group"), kind: textAt(spec, "names.kind"), namespaced }
	return defined.group === "" || defined.kind === "" ? undefined : defined
}

const known = new WeakMap<KubeObject, readonly DefinedKind[]>()

/** What a CustomResourceDefinition defines: a kind for each version that is served, the preferred one first. */
export function definedKinds(definition: KubeObject): readonly DefinedKind[] {
	const before = known.get(definition)
	if (before !== undefined) return before
	const kinds = readKinds(definition)
	known.set(definition, kinds)
	return kinds
}

function readKinds(definition: KubeObject): readonly DefinedKind[] {
	const { spec } = definition
	const [group, plural] = [textAt(definition, "spec.group"), textAt(definition, "spec.names.plural")]
	const kind = textAt(definition, "spec.names.kind")
	if (!isObject(spec) || group === "" || kind === "" || plural === "") return []
	const names = isObject(spec["names"]) ? spec["names"] : {}
	const shared = {
		group,
		kind,
		plural,
		singular: textAt(names, "singular") || kind.toLowerCase(),
		listKind: textAt(names, "listKind") || `${kind}List`,
		shortNames: texts(names["shortNames"]),
		categories: texts(names["categories"]),
		namespaced: spec["scope"] === "Namespaced",
	}
	return itemsAt(spec, "versions")
		.filter((version) => version["served"] === true && textAt(version, "name") !== "")
		.sort((a, b) => byPriority(textAt(a, "name"), textAt(b, "name")))
		.map((version) => ({ ...shared, ...versionOf(version, `${group}/${textAt(version, "name")} ${kind}`) }))
}

function versionOf(version: JsonObject, named: string) {
	const schema = isObject(version["schema"]) ? version["schema"]["openAPIV3Schema"] : undefined
	const parts = isObject(version["subresources"]) ? version["subresources"] : {}
	const deprecation = textAt(version, "deprecationWarning") || `${named} is deprecated`
	return {
		version: textAt(version, "name"),
		columns: definedColumns(version),
		schema: isObject(schema) ? schema : undefined,
		hasStatus: isObject(parts["status"]),
		scale: isObject(parts["scale"]) ? scaleOf(parts["scale"]) : undefined,
		deprecation: version["deprecated"] === true ? deprecation : undefined,
		hasRules: hasRules(schema),
	}
}

function scaleOf(scale: JsonObject): ScalePaths {
	const nothing: JsonPath = () => []
	return {
		replicas: textAt(scale, "specReplicasPath"),
		current: parseJsonPath(textAt(scale, "statusReplicasPath")) ?? nothing,
		selector: parseJsonPath(textAt(scale, "labelSelectorPath") || " ") ?? nothing,
	}
}

/** As clients prefer versions: `v2`, `v1`, `v1beta2`, `v1alpha1`, then all others by name. */
function byPriority(a: string, b: string): number {
	const [one, other] = [rank(a), rank(b)]
	const first = one.findIndex((number, index) => number !== other[index])
	return first < 0 ? (a < b ? -1 : 1) : (other[first] ?? 0) - (one[first] ?? 0)
}

function rank(version: string): readonly number[] {
	const match = /^v(\d{1,9})(?:(alpha|beta)(\d{1,9}))?$/.exec(version)
	if (match === null) return [0, 0, 0]
	const [, major, stage, minor = "0"] = match
	return [stage === undefined ? 3 : stage === "beta" ? 2 : 1, Number(major), Number(minor)]
}

function texts(value: Json | undefined): readonly string[] {
	return Array.isArray(value) ? value.filter((item) => typeof item === "string") : []
}

/** The CustomResourceDefinition with the status that its controllers give it as soon as it is there. */
export function withEstablished(definition: KubeObject): KubeObject {
	const { creationTimestamp, deletionTimestamp } = definition.metadata
	const { names } = isObject(definition["spec"]) ? definition["spec"] : {}
	const condition = (type: string, reason: string, message: string, since = creationTimestamp): JsonObject => ({
		type,
		status: "True",
		...(since === undefined ? {} : { lastTransitionTime: since }),
		reason,
		message,
	})
	const stored = itemsAt(definition, "spec.versions").filter(({ storage }) => storage === true)
	const leaving = condition(
		"Terminating",
		"InstanceDeletionInProgress",
		"CustomResource deletion is in progress",
		deletionTimestamp,
	)
	const status = {
		conditions: [
			condition("NamesAccepted", "NoConflicts", "no conflicts found"),
			condition("Established", "InitialNamesAccepted", "the initial names have been accepted"),
			...(deletionTimestamp === undefined ? [] : [leaving]),
		],
		...(names === undefined ? {} : { acceptedNames: names }),
		storedVersions: stored.map((version) => textAt(version, "name")),
	}
	return { ...definition, status }
}
