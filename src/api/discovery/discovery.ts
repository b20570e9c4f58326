import { byCodeUnit, type JsonObject } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import { isAnswered } from "../handlers/index.ts"
import { allResources, type Resource, type Subresource, type Verb } from "../route/resources.ts"

export const AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"

/** Whether the client wishes for everything in one answer. */
export function wantsAggregated(accept: string): boolean {
	return accept.replaceAll(" ", "").includes(AGGREGATED)
}

/** `/api` or `/apis` in one answer: kinds, verbs and subresources of every group. */
export function aggregated(cluster: Cluster | undefined, isCore: boolean): JsonObject {
	const items = groupsOf(cluster)
		.filter(({ name }) => (name === "") === isCore)
		.map(({ name, versions }) => ({
			metadata: name === "" ? {} : { name },
			versions: versions.map(({ version, resources }) => ({
				version,
				resources: resources.map(discovered),
				freshness: "Current",
			})),
		}))
	return { kind: "APIGroupDiscoveryList", apiVersion: "apidiscovery.k8s.io/v2", metadata: {}, items }
}

/** `/api`. */
export function coreVersions(): JsonObject {
	return { kind: "APIVersions", versions: ["v1"], serverAddressByClientCIDRs: [] }
}

/** `/apis`. */
export function groupList(cluster: Cluster | undefined): JsonObject {
	const groups = groupsOf(cluster).filter(({ name }) => name !== "")
	return { kind: "APIGroupList", apiVersion: "v1", groups: groups.map(groupOf) }
}

/** `/apis/apps`; undefined where there is no such group. */
export function oneGroup(cluster: Cluster | undefined, name: string): JsonObject | undefined {
	const group = groupsOf(cluster).find((group) => group.name === name)
	return group === undefined ? undefined : { kind: "APIGroup", apiVersion: "v1", ...groupOf(group) }
}

/** `/apis/apps/v1`, `/api/v1`; undefined where there is no such version. */
export function resourceList(cluster: Cluster | undefined, name: string, version: string): JsonObject | undefined {
	const group = groupsOf(cluster).find((group) => group.name === name)
	const found = group?.versions.find((known) => known.version === version)
	if (found === undefined) return undefined
	const groupVersion = name === "" ? version : `${name}/${version}`
	const resources = found.resources.flatMap((resource) => [
		{
			name: resource.plural,
			singularName: resource.singular,
			namespaced: resource.namespaced,
			kind: resource.kind,
			verbs: served(resource),
			...optional(resource),
		},
		...resource.subresources.map(({ name, verbs, kind }) => ({
			name: `${resource.plural}/${name}`,
			singularName: "",
			namespaced: resource.namespaced,
			...(kind === undefined || kind.group === resource.group ? {} : { group: kind.group, version: kind.version }),
			kind: kind?.kind ?? resource.kind,
			verbs,
		})),
	])
	return { kind: "APIResourceList", apiVersion: "v1", groupVersion, resources }
}

type Group = {
	readonly name: string
	readonly versions: readonly { readonly version: string; readonly resources: readonly Resource[] }[]
}

function groupsOf(cluster: Cluster | undefined): readonly Group[] {
	const groups = new Map<string, Map<string, Resource[]>>()
	for (const resource of allResources(cluster)) {
		const versions = groups.get(resource.group) ?? new Map<string, Resource[]>()
		groups.set(resource.group, versions)
		versions.set(resource.version, [...(versions.get(resource.version) ?? []), resource])
	}
	const names = new Set([...FIRST.filter((name) => groups.has(name)), ...groups.keys()])
	return Array.from(names, (name) => ({
		name,
		versions: Array.from(groups.get(name) ?? [], ([version, resources]) => ({
			version,
			resources: resources.sort((a, b) => byCodeUnit(a.plural, b.plural)),
		})),
	}))
}

/** The order in which a server tells of its own groups; a name that two of them have is the first one's. */
const FIRST = (
	" apiregistration.k8s.io apps events.k8s.io authentication.k8s.io authorization.k8s.io autoscaling batch " +
	"certificates.k8s.io networking.k8s.io policy rbac.authorization.k8s.io storage.k8s.io admissionregistration.k8s.io " +
	"apiextensions.k8s.io scheduling.k8s.io coordination.k8s.io node.k8s.io discovery.k8s.io resource.k8s.io " +
	"flowcontrol.apiserver.k8s.io"
).split(" ")

function groupOf({ name, versions }: Group): JsonObject {
	const named = versions.map(({ version }) => ({ groupVersion: `${name}/${version}`, version }))
	return { name, versions: named, preferredVersion: named[0] ?? null }
}

function discovered(resource: Resource): JsonObject {
	const { group, version, plural, singular, namespaced, subresources } = resource
	// Group and version are those of the list that it stands in, unless others are named.
	const named = (kind: NonNullable<Subresource["kind"]>) =>
		kind.group === group && kind.version === version ? { group: "", version: "", kind: kind.kind } : kind
	return {
		resource: plural,
		responseKind: named({ group, version, kind: resource.kind }),
		scope: namespaced ? "Namespaced" : "Cluster",
		singularResource: singular,
		verbs: served(resource),
		...optional(resource),
		...(subresources.length === 0
			? {}
			: {
					subresources: subresources.map((subresource) => ({
						subresource: subresource.name,
						responseKind: named(subresource.kind ?? { group, version, kind: resource.kind }),
						verbs: subresource.verbs,
					})),
				}),
	}
}

function optional({ shortNames, categories }: Resource): JsonObject {
	return {
		...(shortNames.length === 0 ? {} : { shortNames }),
		...(categories.length === 0 ? {} : { categories }),
	}
}

/** What nobody answers is not announced. */
function served({ group, verbs }: Resource): readonly Verb[] {
	return verbs.filter((verb) => isAnswered(group, verb))
}
