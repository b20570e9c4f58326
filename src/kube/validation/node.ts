import { type JsonObject, jsonEqual } from "../../base/index.ts"
import { validateTaints } from "./affinity.ts"
import { type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"
import { isNetwork } from "./network.ts"
import { validateQuantity } from "./resources.ts"

export function validateNode(errors: FieldErrors, object: JsonObject): void {
	const spec = memberOf(object, "spec") ?? {}
	const status = memberOf(object, "status") ?? {}
	validateTaints(errors, itemsOf(spec, "taints"), "metadata.taints")
	for (const list of ["capacity", "allocatable"]) {
		for (const [name, amount] of Object.entries(memberOf(status, list) ?? {})) {
			validateQuantity(errors, name, amount, `status.${list}.${name}`)
		}
	}
	validateNetworks(errors, textsOf(spec, "podCIDRs"))
}

function validateNetworks(errors: FieldErrors, networks: readonly string[]): void {
	for (const [index, network] of networks.entries()) {
		if (!isNetwork(network)) {
			errors.invalid(
				`spec.podCIDRs[${index}]`,
				network,
				"must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)",
			)
		}
	}
	for (const [index, network] of networks.entries()) {
		if (networks.indexOf(network) < index) errors.duplicate(`spec.podCIDRs[${index}]`, network)
	}
	const families = new Set(networks.map((network) => network.includes(":")))
	if (networks.length > 1 && (networks.length > 2 || families.size < 2)) {
		errors.invalid("spec.podCIDRs", networks, "may specify no more than one CIDR for each IP family")
	}
}

export function validateNodeUpdate(errors: FieldErrors, before: JsonObject, after: JsonObject): void {
	const [old, now] = [memberOf(before, "spec") ?? {}, memberOf(after, "spec") ?? {}]
	const had = textsOf(old, "podCIDRs")
	if (had.length > 0 && !jsonEqual(had, textsOf(now, "podCIDRs"))) {
		errors.forbidden("spec.podCIDRs", 'node updates may not change podCIDR except from "" to valid')
	}
	const provider = textOf(old, "providerID")
	if (provider !== "" && provider !== textOf(now, "providerID")) {
		errors.forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid')
	}
	if (textOf(old, "externalID") !== textOf(now, "externalID")) {
		errors.forbidden("spec.externalID", "may not be updated")
	}
	const seen = new Set<string>()
	for (const [index, address] of itemsOf(memberOf(after, "status") ?? {}, "addresses").entries()) {
		const text = `${textOf(address, "type")} ${textOf(address, "address")}`
		if (seen.has(text)) errors.duplicate(`status.addresses[${index}]`, address)
		seen.add(text)
	}
}
