import { type Kind, type KubeObject, type ObjectKey, objectKey } from "../../kube/index.ts"
import { CliError } from "../failure.ts"
import type { ClusterReader } from "../reader.ts"
import { kindOfWord, typeName } from "./kinds.ts"

export type ResourceQuery = { readonly kind: Kind; readonly names: readonly string[] }

const ALL = ["pods", "services", "daemonsets", "deployments", "replicasets", "statefulsets", "jobs", "cronjobs"]

/** kubectl's spellings: `ds`, `ds x y`, `ds/x pods/y`, `ds,pods`, `all`. Throws a CliError for an unknown type. */
export function parseResources(words: readonly string[], reader: ClusterReader): readonly ResourceQuery[] {
	const [first] = words
	if (first === undefined) {
		throw new CliError("You must specify the type of resource to get", {
			next: "try: rollcall get ds, or rollcall get nodes",
		})
	}
	if (words.some((word) => word.includes("/"))) return words.map((word) => parseSlashed(word, reader))
	const types = first === "all" ? ALL : first.split(",")
	return types.map((type) => ({ kind: kindOrThrow(type, reader), names: words.slice(1) }))
}

/** `TYPE/NAME` or `TYPE NAME`, one object. */
export function parseResource(
	words: readonly string[],
	reader: ClusterReader,
): { readonly kind: Kind; readonly name: string } {
	const [query] = parseResources(words, reader)
	const name = query?.names[0]
	if (!query || name === undefined) {
		throw new CliError("You must specify which object", {
			next: "write TYPE/NAME, such as ds/fluentd or node/worker-1",
		})
	}
	return { kind: query.kind, name }
}

/** The key of a named object: `default` is the namespace where none is given. */
export function keyFor(kind: Kind, name: string, namespace: string | undefined): ObjectKey {
	return objectKey({
		group: kind.group,
		kind: kind.kind,
		namespace: kind.namespaced ? (namespace ?? "default") : "",
		name,
	})
}

export function readOrThrow(
	reader: ClusterReader,
	kind: Kind,
	name: string,
	namespace: string | undefined,
): KubeObject {
	const object = reader.read(keyFor(kind, name, namespace))
	if (object) return object
	// The agents of a cluster rarely live in `default`: say where the name does exist.
	const elsewhere = kind.namespaced ? placesOf(reader, kind, name) : []
	throw new CliError(`Error from server (NotFound): ${typeName(kind)} "${name}" not found`, {
		...(elsewhere.length > 0 ? { next: `it is in another namespace: add -n ${elsewhere.join(" or -n ")}` } : {}),
	})
}

function placesOf(reader: ClusterReader, kind: Kind, name: string): readonly string[] {
	const places: string[] = []
	for (const object of reader.list({ group: kind.group, kind: kind.kind })) {
		if (object.metadata.name === name) places.push(object.metadata.namespace ?? "")
	}
	return places.slice(0, 3)
}

function parseSlashed(word: string, reader: ClusterReader): ResourceQuery {
	const [type = "", name = "", ...rest] = word.split("/")
	if (type === "" || name === "" || rest.length > 0) {
		throw new CliError(`Cannot read "${word}": arguments are TYPE/NAME, or a type and then names`, {
			next: "try: rollcall get ds/fluentd -n logging",
		})
	}
	return { kind: kindOrThrow(type, reader), names: [name] }
}

function kindOrThrow(type: string, reader: ClusterReader): Kind {
	const kind = kindOfWord(type, () => reader.list(DEFINITIONS))
	if (kind) return kind
	throw new CliError(`the server doesn't have a resource type "${type}"`, {
		next: "try nodes, ds, pods, events, pc, controllerrevisions, or a kind that your manifests hold",
	})
}

const DEFINITIONS = { group: "apiextensions.k8s.io", kind: "CustomResourceDefinition" } as const
