import { type JsonObject, sha256 } from "../../base/index.ts"
import type { Cluster } from "../../cluster/index.ts"
import { type DescribedKind, OPEN_API_FORMAT, openApiOf } from "../../kube/index.ts"
import { type Answer, type Ask, plain, tagged } from "../ask.ts"
import { noPath } from "../refused.ts"
import { allResources, type Resource } from "../route/resources.ts"
import { OPEN_API_PROTOBUF, openApiProtobuf, wantsProtobuf } from "./open-api-protobuf.ts"

/** `/openapi/v2` and `/openapi/v3`: what clients learn of the kinds. Documents are made when they are first asked for. */
export class OpenApi {
	readonly #documents = new Map<string, Answer["body"]>()
	/** The length of all of them. */
	#kept = 0

	answer(ask: Ask, path: readonly string[], cluster: Cluster | undefined): Answer {
		const { accept, ifNoneMatch } = ask
		const groups = groupsOf(cluster)
		const [version, ...name] = path
		if (version === "v2" && name.length === 0) return this.#everything(groups, ifNoneMatch, wantsProtobuf(accept))
		if (version !== "v3") return noPath()
		if (name.length === 0) return tagged(index(groups), ask)
		const group = groups.find((group) => group.path === name.join("/"))
		return group === undefined ? noPath() : this.#document(group, ifNoneMatch)
	}

	#document({ hash, resources }: Group, ifNoneMatch: string): Answer {
		const make = (): string => JSON.stringify(openApiOf(resources.map(describedBy)))
		// The address has the hash in it: another document has another address.
		return this.#tagged({ hash, ifNoneMatch, type: "application/json", cache: FOREVER }, make)
	}

	#everything(groups: readonly Group[], ifNoneMatch: string, inProtobuf: boolean): Answer {
		const hash = hashOf(groups.map((group) => group.hash).join())
		const make = (): string => {
			const { info, paths, components } = openApiOf(groups.flatMap(({ resources }) => resources.map(describedBy)))
			return inDefinitions(JSON.stringify({ swagger: "2.0", info, paths, definitions: schemasIn(components) }))
		}
		const tag = { ifNoneMatch, cache: "no-cache" }
		return inProtobuf
			? this.#tagged({ ...tag, hash: `pb${hash}`, type: OPEN_API_PROTOBUF }, () => openApiProtobuf(JSON.parse(make())))
			: this.#tagged({ ...tag, hash: `v2${hash}`, type: "application/json" }, make)
	}

	#tagged({ hash, ifNoneMatch, type, cache }: Tag, make: () => Answer["body"]): Answer {
		const headers = { etag: `"${hash}"`, vary: "Accept", "cache-control": cache, ...(cache === FOREVER ? LONG : {}) }
		if (ifNoneMatch === headers.etag) return { status: 304, headers, body: "" }
		const known = this.#documents.get(hash) ?? this.#keep(hash, make())
		return { status: 200, headers: { "content-type": type, ...headers }, body: known }
	}

	#keep(hash: string, document: Answer["body"]): Answer["body"] {
		if (this.#kept + document.length > MOST) {
			this.#documents.clear()
			this.#kept = 0
		}
		this.#documents.set(hash, document)
		this.#kept += document.length
		return document
	}
}

/** Each definition that comes or changes makes documents anew. */
const MOST = 32 * 1024 * 1024

type Tag = { readonly hash: string; readonly ifNoneMatch: string; readonly type: string; readonly cache: string }
const FOREVER = "public, immutable"
const LONG = { expires: "Thu, 31 Dec 2099 23:59:59 GMT" }

type Group = { readonly path: string; readonly hash: string; readonly resources: readonly Resource[] }

function groupsOf(cluster: Cluster | undefined): readonly Group[] {
	const groups = new Map<string, Resource[]>()
	for (const resource of allResources(cluster)) {
		const { group, version } = resource
		const path = group === "" ? `api/${version}` : `apis/${group}/${version}`
		groups.set(path, [...(groups.get(path) ?? []), resource])
	}
	return Array.from(groups, ([path, resources]) => ({ path, resources, hash: hashOf(path, resources) }))
}

function index(groups: readonly Group[]): Answer {
	const paths = groups.map(({ path, hash }) => [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }])
	// JSON that says that it is text: so does the real server.
	return plain(JSON.stringify({ paths: Object.fromEntries(paths) }))
}

function describedBy({ defined, ...kind }: Resource): DescribedKind {
	return { ...kind, ...(defined?.schema === undefined ? {} : { schema: defined.schema }) }
}

/** Of what makes a document, which is much less than the document. */
function hashOf(path: string, resources: readonly Resource[] = []): string {
	return sha256(JSON.stringify([OPEN_API_FORMAT, path, resources.map(fingerprint)]))
		.slice(0, 32)
		.toUpperCase()
}

const fingerprints = new WeakMap<object, string>()

/** Schemas of custom resources are long, and the same until their definition is another one. */
function fingerprint({ defined, ...kind }: Resource): JsonObject | string {
	if (defined === undefined) return kind as unknown as JsonObject
	const known = fingerprints.get(defined) ?? sha256(JSON.stringify(defined))
	fingerprints.set(defined, known)
	return known
}

function schemasIn(components: JsonObject[string] | undefined): JsonObject {
	return (components as { readonly schemas?: JsonObject } | undefined)?.schemas ?? {}
}

/** The same schemas, where version 2 has them. */
function inDefinitions(document: string): string {
	return document.replaceAll("#/components/schemas/", "#/definitions/")
}
