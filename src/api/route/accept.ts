/** How an answer is to be shaped, by the `Accept` header: the first of its wishes that can be met. */
export type Shape = "json" | "table" | "metadata"

export type Accepted = {
	readonly shape: Shape
	readonly isYaml: boolean
}

const JSON_TYPES: ReadonlySet<string> = new Set(["application/json", "application/*", "*/*"])
const YAML_TYPE = "application/yaml"
const PLAIN: Accepted = { shape: "json", isYaml: false }

/** Undefined where nothing that is wished for can be given. */
export function acceptedOf(accept: string): Accepted | undefined {
	if (accept.trim() === "") return PLAIN
	for (const wish of accept.split(",")) {
		const [type = "", ...parameters] = wish.split(";").map((part) => part.trim().toLowerCase())
		const isYaml = type === YAML_TYPE
		if (!isYaml && !JSON_TYPES.has(type)) continue
		const as = parameters.find((parameter) => parameter.startsWith("as="))?.slice(3)
		if (as === undefined) return { ...PLAIN, isYaml }
		if (!parameters.includes("g=meta.k8s.io")) continue
		if (as === "table") return { shape: "table", isYaml }
		if (as === "partialobjectmetadata" || as === "partialobjectmetadatalist") return { shape: "metadata", isYaml }
	}
	return undefined
}

export function shapeOf(accept: string): Shape | undefined {
	return acceptedOf(accept)?.shape
}
