import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import { KINDS, type Kind } from "../../kube/index.ts"

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch"

/** A kind as a path names it, with what discovery says of it. */
export type Resource = Kind & {
	readonly verbs: readonly Verb[]
	readonly categories: readonly string[]
	readonly subresources: readonly Subresource[]
	/** What a CustomResourceDefinition says of its objects. */
	readonly schema?: JsonObject
}

export type Subresource = {
	readonly name: string
	readonly verbs: readonly Verb[]
	/** Of what it takes and gives; the resource's own where absent. */
	readonly kind?: Pick<Kind, "group" | "version" | "kind">
}

const ALL: readonly Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
const STATUS: Subresource = { name: "status", verbs: ["get", "patch", "update"] }

const CATEGORIES: { readonly [category: string]: string } = {
	all: "pods replicationcontrollers services daemonsets deployments replicasets statefulsets horizontalpodautoscalers cronjobs jobs",
	"api-extensions":
		"apiservices mutatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations customresourcedefinitions",
}

const WITH_STATUS = new Set(
	(
		"namespaces nodes persistentvolumeclaims persistentvolumes pods replicationcontrollers resourcequotas services " +
		"apiservices daemonsets deployments replicasets statefulsets horizontalpodautoscalers cronjobs jobs " +
		"certificatesigningrequests ingresses servicecidrs poddisruptionbudgets volumeattachments " +
		"validatingadmissionpolicies customresourcedefinitions resourceclaims flowschemas prioritylevelconfigurations"
	).split(" "),
)

const OWN_SUBRESOURCES: { readonly [plural: string]: readonly Subresource[] } = {
	pods: [
		{ name: "attach", verbs: ["create", "get"], kind: { group: "", version: "v1", kind: "PodAttachOptions" } },
		{ name: "eviction", verbs: ["create"], kind: { group: "policy", version: "v1", kind: "Eviction" } },
		{ name: "exec", verbs: ["create", "get"], kind: { group: "", version: "v1", kind: "PodExecOptions" } },
		{ name: "log", verbs: ["get"] },
		{
			name: "portforward",
			verbs: ["create", "get"],
			kind: { group: "", version: "v1", kind: "PodPortForwardOptions" },
		},
	],
}

/** What exists only as an answer: nothing of it is stored. */
const ANSWERS: readonly Resource[] = [
	virtual("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", false, ["create"]),
	virtual("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false, ["create"]),
	virtual("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false, ["create"]),
	virtual("metrics.k8s.io/v1beta1", "NodeMetrics", "nodes", false, ["get", "list"]),
	virtual("metrics.k8s.io/v1beta1", "PodMetrics", "pods", true, ["get", "list"]),
]

const BUILT_IN: readonly Resource[] = [...KINDS.map(resourceOf), ...ANSWERS]
const BY_PATH: ReadonlyMap<string, Resource> = new Map(
	BUILT_IN.map((resource) => [pathOf(resource.group, resource.version, resource.plural), resource]),
)
const GROUPS: ReadonlySet<string> = new Set(BUILT_IN.map(({ group }) => group))

/** The resource that a path names; undefined where there is none. */
export function findResource(
	cluster: Cluster | undefined,
	group: string,
	version: string,
	plural: string,
): Resource | undefined {
	const known = BY_PATH.get(pathOf(group, version, plural))
	if (known !== undefined || GROUPS.has(group)) return known
	return definedResources(cluster).find(
		(resource) => resource.group === group && resource.version === version && resource.plural === plural,
	)
}

/** All of them, those of the cluster's CustomResourceDefinitions last. */
export function allResources(cluster: Cluster | undefined): readonly Resource[] {
	return [...BUILT_IN, ...definedResources(cluster).filter(({ group }) => !GROUPS.has(group))]
}

function definedResources(cluster: Cluster | undefined): readonly Resource[] {
	const definitions = cluster?.list({ group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" }) ?? []
	return [...definitions].flatMap(({ spec }) => (isObject(spec) ? resourcesOf(spec) : []))
}

function resourcesOf(spec: { readonly [member: string]: Json }): readonly Resource[] {
	const { group, scope, names, versions } = spec
	if (typeof group !== "string" || !isObject(names) || !Array.isArray(versions)) return []
	const { kind, plural, singular, shortNames, categories } = names
	if (typeof kind !== "string" || typeof plural !== "string") return []
	return versions.filter(isObject).flatMap(({ name, served, subresources, schema }) => {
		if (typeof name !== "string" || served !== true) return []
		const hasStatus = isObject(subresources) && isObject(subresources["status"])
		return {
			group,
			version: name,
			kind,
			plural,
			singular: typeof singular === "string" && singular !== "" ? singular : kind.toLowerCase(),
			shortNames: texts(shortNames),
			namespaced: scope === "Namespaced",
			verbs: ALL,
			categories: texts(categories),
			subresources: hasStatus ? [STATUS] : [],
			...(isObject(schema) && isObject(schema["openAPIV3Schema"]) ? { schema: schema["openAPIV3Schema"] } : {}),
		}
	})
}

function resourceOf(kind: Kind): Resource {
	const { plural } = kind
	return {
		...kind,
		verbs: plural === "namespaces" ? ALL.filter((verb) => verb !== "deletecollection") : ALL,
		categories: Object.keys(CATEGORIES).filter((category) => CATEGORIES[category]?.split(" ").includes(plural)),
		subresources: [
			...(kind.group === "" ? (OWN_SUBRESOURCES[plural] ?? []) : []),
			...(WITH_STATUS.has(plural) ? [STATUS] : []),
		],
	}
}

function virtual(
	groupVersion: string,
	kind: string,
	plural: string,
	namespaced: boolean,
	verbs: readonly Verb[],
): Resource {
	const [group = "", version = ""] = groupVersion.split("/")
	const names = { kind, plural, singular: plural.replace(/s$/, ""), shortNames: [] }
	return { group, version, ...names, namespaced, verbs, categories: [], subresources: [] }
}

function texts(value: Json | undefined): readonly string[] {
	return Array.isArray(value) ? value.filter((item) => typeof item === "string") : []
}

function pathOf(group: string, version: string, plural: string): string {
	return `${group}/${version}/${plural}`
}
