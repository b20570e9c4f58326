import { isObject, type Json, type JsonObject } from "../base/index.ts"
import type { Kustomization } from "./contract.ts"

/** Fields that change, or make, what the files do not say. */
const TRANSFORMERS: readonly string[] = [
	"commonAnnotations",
	"commonLabels",
	"components",
	"configMapGenerator",
	"generators",
	"helmChartInflationGenerator",
	"helmCharts",
	"images",
	"labels",
	"namePrefix",
	"nameSuffix",
	"namespace",
	"patches",
	"patchesJson6902",
	"patchesStrategicMerge",
	"replacements",
	"replicas",
	"secretGenerator",
	"transformers",
	"vars",
]

const FILES = new Set(["kustomization.yaml", "kustomization.yml", "Kustomization"])

export function isKustomizationPath(path: string): boolean {
	return FILES.has(path.slice(path.lastIndexOf("/") + 1))
}

/** What a kustomization would do, read from its document; undefined where it is none (Flux has a kind of that name). */
export function readKustomization(value: Json, line: number): Kustomization | undefined {
	if (!isObject(value)) return undefined
	const group = typeof value["apiVersion"] === "string" ? value["apiVersion"] : "kustomize.config.k8s.io/"
	if (!group.startsWith("kustomize.config.k8s.io/")) return undefined
	return {
		resources: [...strings(value["resources"]), ...strings(value["bases"]), ...strings(value["components"])],
		inputs: inputsOf(value),
		transformers: TRANSFORMERS.filter((field) => !isEmpty(value[field])),
		line,
	}
}

/** The paths that a kustomization names, from the repository's root; those that leave it, and URLs, are dropped. */
export function resolvePath(kustomization: string, named: string): string | undefined {
	if (named.includes("://") || named.startsWith("/")) return undefined
	const steps = kustomization.split("/").slice(0, -1)
	for (const step of named.split("/")) {
		if (step === "" || step === ".") continue
		if (step !== "..") steps.push(step)
		else if (steps.pop() === undefined) return undefined
	}
	return steps.join("/")
}

/** True for a strategic merge patch: directives, or a workload that says too little to be one. */
export function isPatch(object: JsonObject): boolean {
	return hasDirective(object, 0) || isPartialWorkload(object)
}

function inputsOf(value: JsonObject): string[] {
	const listed = ["patchesStrategicMerge", "generators", "transformers", "configurations", "crds"].flatMap((field) =>
		strings(value[field]),
	)
	const patches = ["patches", "patchesJson6902", "replacements"].flatMap((field) => {
		const items = value[field]
		return Array.isArray(items) ? items.flatMap((item) => (isObject(item) ? strings([item["path"] ?? null]) : [])) : []
	})
	return [...listed, ...patches].filter((name) => !name.includes("\n"))
}

function strings(value: Json | undefined): string[] {
	return Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : []
}

function isEmpty(value: Json | undefined): boolean {
	if (value === undefined || value === null || value === "") return true
	return typeof value === "object" && Object.keys(value).length === 0
}

function hasDirective(value: Json | undefined, depth: number): boolean {
	if (depth > 16 || typeof value !== "object" || value === null) return false
	if (Array.isArray(value)) return value.some((item) => hasDirective(item, depth + 1))
	const object = value as JsonObject
	if (Object.hasOwn(object, "$patch") || Object.hasOwn(object, "$retainKeys")) return true
	return Object.values(object).some((item) => hasDirective(item, depth + 1))
}

/** A DaemonSet without a selector whose template says too little for any API version: no labels, or no image. */
function isPartialWorkload(object: JsonObject): boolean {
	if (object["kind"] !== "DaemonSet" || !isObject(object["spec"])) return false
	const { selector, template } = object["spec"]
	if (selector !== undefined) return false
	const { metadata, spec } = isObject(template) ? template : {}
	if (!isObject(metadata) || metadata["labels"] === undefined || !isObject(spec)) return true
	const { containers } = spec
	return !Array.isArray(containers) || containers.some((container) => isObject(container) && !container["image"])
}
