import type { JsonObject } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import { firstOf, itemsAt, orNone, textAt, valueAt } from "./column.ts"

/** What a HorizontalPodAutoscaler goes by: `cpu: 12%/80%, 5/10 (avg) + 1 more...`. */
export function metricsText(autoscaler: KubeObject): string {
	const current = itemsAt(autoscaler, "status.currentMetrics")
	const texts = itemsAt(autoscaler, "spec.metrics").map((metric, index) => metricText(metric, current[index] ?? {}))
	return orNone(firstOf(texts, 2, ", "))
}

/** The member that has what a type of metric says, and whether it names a resource. */
const SOURCES: { readonly [type: string]: { readonly member: string; readonly named?: true } } = {
	External: { member: "external" },
	Pods: { member: "pods" },
	Object: { member: "object" },
	Resource: { member: "resource", named: true },
	ContainerResource: { member: "containerResource", named: true },
}

function metricText(metric: JsonObject, status: JsonObject): string {
	const type = textAt(metric, "type")
	const source = Object.hasOwn(SOURCES, type) ? SOURCES[type] : undefined
	if (source === undefined) return "<unknown type>"
	const { member, named } = source
	const target = (what: string) => textAt(metric, `${member}.target.${what}`)
	const now = (what: string) => textAt(status, `${member}.current.${what}`) || "<unknown>"
	const isAverage = valueAt(metric, `${member}.target.averageValue`) !== undefined
	const prefix = named ? `${textAt(metric, `${member}.name`)}: ` : ""
	if (isAverage)
		return `${prefix}${now("averageValue")}/${target("averageValue")}${named || member === "pods" ? "" : " (avg)"}`
	if (!named) return `${now("value")}/${target("value")}`
	const percent = (text: string) => (/^\d+$/.test(text) ? `${text}%` : text)
	return `${prefix}${percent(now("averageUtilization"))}/${percent(target("averageUtilization") || "<auto>")}`
}
