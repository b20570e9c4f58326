import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { cell } from "./lines.ts"

type Source = { readonly title: string; readonly lines: (source: JsonObject) => readonly string[] }

const SOURCES: ReadonlyMap<string, Source> = new Map<string, Source>([
	[
		"hostPath",
		{
			title: "HostPath (bare host directory volume)",
			lines: (source) => [`Path:\t${cell(source["path"])}`, `HostPathType:\t${cell(source["type"])}`],
		},
	],
	[
		"emptyDir",
		{
			title: "EmptyDir (a temporary directory that shares a pod's lifetime)",
			lines: (source) => [
				`Medium:\t${cell(source["medium"])}`,
				`SizeLimit:\t${cell(source["sizeLimit"] ?? "<unset>")}`,
			],
		},
	],
	[
		"configMap",
		{
			title: "ConfigMap (a volume populated by a ConfigMap)",
			lines: (source) => [`Name:\t${cell(source["name"])}`, `Optional:\t${cell(source["optional"] ?? false)}`],
		},
	],
	[
		"secret",
		{
			title: "Secret (a volume populated by a Secret)",
			lines: (source) => [
				`SecretName:\t${cell(source["secretName"])}`,
				`Optional:\t${cell(source["optional"] ?? false)}`,
			],
		},
	],
	[
		"projected",
		{
			title: "Projected (a volume that contains injected data from multiple sources)",
			lines: (source) =>
				Array.isArray(source["sources"]) ? source["sources"].filter(isObject).flatMap(projectedLines) : [],
		},
	],
])

/** The volumes of a pod or of a template, where each line stands `indent` deep. */
export function volumeLines(volumes: Json | undefined, indent: string): readonly string[] {
	if (!Array.isArray(volumes) || volumes.length === 0) return [`${indent}Volumes:\t<none>`]
	return [
		`${indent}Volumes:`,
		...volumes.filter(isObject).flatMap((volume) => {
			const kind = Object.keys(volume).find((member) => member !== "name") ?? ""
			const source = SOURCES.get(kind)
			const content = isObject(volume[kind]) ? volume[kind] : {}
			const lines = [`Type:\t${source?.title ?? (kind || "<unknown>")}`, ...(source?.lines(content) ?? [])]
			const name = indent === "" ? "  " : `${indent} `
			return [`${name}${cell(volume["name"])}:`, ...lines.map((line) => `    ${line}`)]
		}),
	]
}

function projectedLines(source: JsonObject): readonly string[] {
	const { serviceAccountToken: token, configMap, secret, downwardAPI } = source
	if (isObject(token)) return [`TokenExpirationSeconds:\t${cell(token["expirationSeconds"])}`]
	if (isObject(configMap)) {
		return [
			`ConfigMapName:\t${cell(configMap["name"])}`,
			`ConfigMapOptional:\t${cell(configMap["optional"] ?? "<nil>")}`,
		]
	}
	if (isObject(secret))
		return [`SecretName:\t${cell(secret["name"])}`, `SecretOptionalName:\t${cell(secret["optional"] ?? "<nil>")}`]
	return downwardAPI === undefined ? [] : ["DownwardAPI:\ttrue"]
}
