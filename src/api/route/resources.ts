import type { Cluster } from "../../cluster/index.ts"
import { type DefinedKind, definedKinds, KINDS, type Kind, type KubeObject } from "../../kube/index.ts"

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch"

/** A kind as a path names it, with what discovery says of it. */
export type Resource = Kind & {
	readonly verbs: readonly Verb[]
	readonly categories: readonly string[]
	readonly subresources: readonly Subresource[]
	/** Where a CustomResourceDefinition defines it. */
	readonly defined?: DefinedKind
}

export type Subresource = {
	readonly name: string
	readonly verbs: readonly Verb[]
	/** Of what it takes and gives; the resource's own where absent. */
	readonly kind?: Pick<Kind, "group" | "version" | "kind">
}

const ALL: readonly Verb[] = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
const OWN_VERBS: { readonly [plural: string]: readonly Verb[] } = {
	componentstatuses: ["get", "list"],
	namespaces: ALL.filter((verb) => verb !== "deletecollection"),
}
const STATUS: Subresource = { name: "status", verbs: ["get", "patch", "update"] }

const SCALE: Subresource = {
	name: "scale",
	verbs: ["get", "patch", "update"],
	kind: { group: "autoscaling", version: "v1", kind: "Scale" },
}

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

const WITH_SCALE = new Set("replicationcontrollers deployments replicasets statefulsets".split(" "))

const OWN_SUBRESOURCES: { readonly [plural: string]: readonly Subresource[] } = {
	pods: [
		{ name: "attach", verbs: ["create", "get"], kind: { group: "", version: "v1", kind: "PodAttachOptions" } },
		{ name: "binding", verbs: ["create"], kind: { group: "", version: "v1", kind: "Binding" } },
		{ name: "eviction", verbs: ["create"], kind: { group: "policy", version: "v1", kind: "Eviction" } },
		{ name: "exec", verbs: ["create", "get"], kind: { group: "", version: "v1", kind: "PodExecOptions" } },
		{ name: "log", verbs: ["get"] },
		{
			name: "portforward",
			verbs: ["create", "get"],
			kind: { group: "", version: "v1", kind: "PodPortForwardOptions" },
		},
	],
	serviceaccounts: [
		{ name: "token", verbs: ["create"], kind: { group: "authentication.k8s.io", version: "v1", kind: "TokenRequest" } },
	],
}

/** What exists only as an answer: nothing of it is stored. */
const ANSWERS: readonly Resource[] = [
	virtual("authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", false, ["create"]),
	virtual("authentication.k8s.io/v1", "TokenReview", "tokenreviews", false, ["create"]),
	virtual("authorization.k8s.io/v1", "LocalSubjectAccessReview", "localsubjectaccessreviews", true, ["create"]),
	virtual("authorization.k8s.io/v1", "SelfSubjectAccessReview", "selfsubjectaccessreviews", false, ["create"]),
	virtual("authorization.k8s.io/v1", "SelfSubjectRulesReview", "selfsubjectrulesreviews", false, ["create"]),
	virtual("authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", false, ["create"]),
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
	const definition = cluster?.read(`${DEFINITION.group}/${DEFINITION.kind}//${plural}.${group}`)
	return definition && resourcesOf(definition).find((resource) => resource.version === version)
}

/** All of them, those of the cluster's CustomResourceDefinitions last. */
export function allResources(cluster: Cluster | undefined): readonly Resource[] {
	const definitions = cluster?.list(DEFINITION) ?? []
	return [...BUILT_IN, ...[...definitions].flatMap(resourcesOf).filter(({ group }) => !GROUPS.has(group))]
}

const DEFINITION = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" } as const

function resourcesOf(definition: KubeObject): readonly Resource[] {
	return definedKinds(definition).map((defined) => {
		const { group, version, kind, plural, singular, shortNames, namespaced, categories } = defined
		const subresources = [...(defined.hasStatus ? [STATUS] : []), ...(defined.scale === undefined ? [] : [SCALE])]
		return {
			group,
			version,
			kind,
			plural,
			singular,
			shortNames,
			namespaced,
			categories,
			defined,
			verbs: ALL,
			subresources,
		}
	})
}

function resourceOf(kind: Kind): Resource {
	const { plural } = kind
	return {
		...kind,
		verbs: OWN_VERBS[plural] ?? ALL,
		categories: Object.keys(CATEGORIES).filter((category) => CATEGORIES[category]?.split(" ").includes(plural)),
		subresources: [
			...(kind.group === "" ? (OWN_SUBRESOURCES[plural] ?? []) : []),
			...(WITH_SCALE.has(plural) ? [SCALE] : []),
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

function pathOf(group: string, version: string, plural: string): string {
	return `${group}/${version}/${plural}`
}
