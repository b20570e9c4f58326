import { byCodeUnit, type JsonObject } from "../../base/index.ts"
import type { KubeObject, StringMap } from "../object.ts"
import type { LabelSelector } from "../types.ts"
import {
	AGE,
	type Column,
	firstOf,
	itemsAt,
	labelText,
	NAME,
	NONE,
	orNone,
	selectorText,
	text,
	textAt,
	UNSET,
	valueAt,
	wide,
} from "./column.ts"

export const NETWORK: readonly (readonly [kind: string, columns: readonly Column[]])[] = [
	[
		"/Service",
		[
			NAME,
			text("Type", "spec.type"),
			text(
				"Cluster-IP",
				(service) => textsAt(service, "spec.clusterIPs")[0] ?? orNone(textAt(service, "spec.clusterIP")),
			),
			text("External-IP", externalIp),
			text("Port(s)", (service) => orNone(itemsAt(service, "spec.ports").map(servicePort).join(","))),
			AGE,
			wide(
				text("Selector", (service) => orNone(labelText(valueAt(service, "spec.selector") as StringMap | undefined))),
			),
		],
	],
	["/Endpoints", [NAME, text("Endpoints", endpoints), AGE]],
	[
		"discovery.k8s.io/EndpointSlice",
		[
			NAME,
			text("AddressType", "addressType"),
			text("Ports", (slice) => orUnset(firstOf(itemsAt(slice, "ports").map(slicePort), 3))),
			text("Endpoints", (slice) =>
				orUnset(
					firstOf(
						itemsAt(slice, "endpoints").flatMap((endpoint) => textsAt(endpoint, "addresses")),
						3,
					),
				),
			),
			AGE,
		],
	],
	[
		"networking.k8s.io/Ingress",
		[
			NAME,
			text("Class", "spec.ingressClassName", NONE),
			text("Hosts", hosts),
			text("Address", balancers),
			text("Ports", (ingress) => (itemsAt(ingress, "spec.tls").length > 0 ? "80, 443" : "80")),
			AGE,
		],
	],
	[
		"networking.k8s.io/IngressClass",
		[
			{ ...NAME, cell: (object) => withDefault(object, "ingressclass.kubernetes.io/is-default-class") },
			text("Controller", "spec.controller"),
			text("Parameters", parameters),
			AGE,
		],
	],
	[
		"networking.k8s.io/NetworkPolicy",
		[
			NAME,
			text("Pod-Selector", (policy) =>
				orNone(selectorText(valueAt(policy, "spec.podSelector") as LabelSelector | undefined)),
			),
			AGE,
		],
	],
	["networking.k8s.io/ServiceCIDR", [NAME, text("CIDRs", (range) => textsAt(range, "spec.cidrs").join(",")), AGE]],
	["networking.k8s.io/IPAddress", [NAME, text("ParentRef", parentOf)]],
]

/** The name, marked where an annotation makes it the default of its kind. */
export function withDefault({ metadata }: KubeObject, ...annotations: readonly string[]): string {
	const isDefault = annotations.some((annotation) => metadata.annotations?.[annotation] === "true")
	return isDefault ? `${metadata.name} (default)` : metadata.name
}

export function textsAt(object: JsonObject, path: string): readonly string[] {
	const value = valueAt(object, path)
	return Array.isArray(value) ? value.filter((item) => typeof item === "string") : []
}

function orUnset(text: string): string {
	return text === "" ? UNSET : text
}

function externalIp(service: KubeObject): string {
	const own = textsAt(service, "spec.externalIPs")
	switch (textAt(service, "spec.type")) {
		case "ClusterIP":
		case "NodePort":
			return orNone(own.join(","))
		case "LoadBalancer":
			return [...[balancers(service)].filter((text) => text !== ""), ...own].join(",") || "<pending>"
		case "ExternalName":
			return textAt(service, "spec.externalName")
		default:
			return "<unknown>"
	}
}

/** Addresses of the load balancers, each once, in order. */
function balancers(object: KubeObject): string {
	const found = itemsAt(object, "status.loadBalancer.ingress").map(
		(ingress) => textAt(ingress, "ip") || textAt(ingress, "hostname"),
	)
	return [...new Set(found)]
		.filter((text) => text !== "")
		.sort(byCodeUnit)
		.join(",")
}

function servicePort(port: JsonObject): string {
	const outside = Number(textAt(port, "nodePort")) > 0 ? `:${textAt(port, "nodePort")}` : ""
	return `${textAt(port, "port")}${outside}/${textAt(port, "protocol")}`
}

function slicePort(port: JsonObject): string {
	return textAt(port, "port") || textAt(port, "name") || "*"
}

function endpoints(object: KubeObject): string {
	const subsets = itemsAt(object, "subsets")
	const addresses = subsets.flatMap((subset) => {
		const ips = itemsAt(subset, "addresses").map((address) => textAt(address, "ip"))
		const ports = itemsAt(subset, "ports").map((port) => textAt(port, "port"))
		if (ports.length === 0) return ips
		return ports.flatMap((port) => ips.map((ip) => (ip.includes(":") ? `[${ip}]:${port}` : `${ip}:${port}`)))
	})
	return subsets.length === 0 ? NONE : firstOf(addresses, 3)
}

/** The hosts of the first rules that have one; how many more rules there are counts those without one as well. */
function hosts(ingress: KubeObject): string {
	const rules = itemsAt(ingress, "spec.rules").map((rule) => textAt(rule, "host"))
	const named = rules.filter((host) => host !== "")
	const [, , third] = named
	const isMore = third !== undefined && rules.indexOf(third) < rules.length - 1
	return `${named.slice(0, 3).join(",") || "*"}${isMore ? ` + ${rules.length - 3} more...` : ""}`
}

function parameters(ingressClass: KubeObject): string {
	const reference = valueAt(ingressClass, "spec.parameters")
	if (reference === undefined) return NONE
	const group = textAt(ingressClass, "spec.parameters.apiGroup")
	const kind = textAt(ingressClass, "spec.parameters.kind")
	return `${kind}${group === "" ? "" : `.${group}`}/${textAt(ingressClass, "spec.parameters.name")}`
}

function parentOf(address: KubeObject): string {
	const part = (name: string) => textAt(address, `spec.parentRef.${name}`)
	if (part("name") === "") return NONE
	const resource = `${part("resource")}${part("group") === "" ? "" : `.${part("group")}`}`.toLowerCase()
	return [resource, part("namespace"), part("name")].filter((text) => text !== "").join("/")
}
