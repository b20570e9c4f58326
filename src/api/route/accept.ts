/** How an answer is to be shaped, by the `Accept` header: the first of its wishes that can be met. */
export type Shape = "json" | "table" | "metadata"

/** Old clients, and some that are not, ask for Tables of the older one. */
export type MetaVersion = "v1" | "v1beta1"

export type Accepted = {
	readonly shape: Shape
	/** Of meta.k8s.io, that a Table or metadata alone come in. */
	readonly metaVersion: MetaVersion
	readonly isYaml: boolean
}

const JSON_TYPES: ReadonlySet<string> = new Set(["application/json", "application/*", "*/*"])
const YAML_TYPE = "application/yaml"
const PLAIN: Accepted = { shape: "json", metaVersion: "v1", isYaml: false }
const VERSIONS: readonly MetaVersion[] = ["v1", "v1beta1"]
const SHAPES: ReadonlyMap<string, Shape> = new Map([
	["table", "table"],
	["partialobjectmetadata", "metadata"],
	["partialobjectmetadatalist", "metadata"],
])

/** Undefined where nothing that is wished for can be given. */
export function acceptedOf(accept: string): Accepted | undefined {
	if (accept.trim() === "") return PLAIN
	for (const wish of accept.split(",")) {
		const [type = "", ...parameters] = wish.split(";").map((part) => part.trim().toLowerCase())
		const isYaml = type === YAML_TYPE
		if (!isYaml && !JSON_TYPES.has(type)) continue
		const as = parameters.find((parameter) => parameter.startsWith("as="))?.slice(3)
		if (as === undefined) return { ...PLAIN, isYaml }
		const shape = SHAPES.get(as)
		const metaVersion = VERSIONS.find((version) => parameters.includes(`v=${version}`))
		if (shape !== undefined && metaVersion !== undefined && parameters.includes("g=meta.k8s.io")) {
			return { shape, metaVersion, isYaml }
		}
	}
	return undefined
}
