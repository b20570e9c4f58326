/** How an answer is to be shaped, by the `Accept` header: the first of its wishes that can be met. */
export type Shape = "json" | "table" | "metadata"

/** Undefined where nothing that is wished for can be given. */
export function shapeOf(accept: string): Shape | undefined {
	if (accept.trim() === "") return "json"
	for (const wish of accept.split(",")) {
		const [type = "", ...parameters] = wish.split(";").map((part) => part.trim().toLowerCase())
		if (type !== "application/json" && type !== "application/*" && type !== "*/*") continue
		const as = parameters.find((parameter) => parameter.startsWith("as="))?.slice(3)
		if (as === undefined) return "json"
		if (!parameters.includes("g=meta.k8s.io")) continue
		if (as === "table") return "table"
		if (as === "partialobjectmetadata" || as === "partialobjectmetadatalist") return "metadata"
	}
	return undefined
}
