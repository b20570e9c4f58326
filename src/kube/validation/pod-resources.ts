import type { Json, JsonObject } from "../../base/index.ts"
import { dnsLabelProblems, subdomainProblems } from "../labels.ts"
import { compareQuantities, formatQuantity, type Quantity, quantityOf } from "../quantity.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"
import { validateQuantity, validateResourceName } from "./resources.ts"

const SUPPORTED = ["cpu", "hugepages-", "memory"]

/** What a pod asks for as a whole: no less than its containers together, and none of them may go beyond it. */
export function validatePodResources(errors: FieldErrors, spec: JsonObject, field: string): void {
	const resources = memberOf(spec, "resources")
	if (resources === undefined) return
	if (resources["claims"] !== undefined) {
		errors.forbidden(`${field}.claims`, "claims cannot be set for Resources at pod-level")
	}
	const [limits, requests] = [memberOf(resources, "limits") ?? {}, memberOf(resources, "requests") ?? {}]
	for (const [name, amount] of Object.entries(limits)) validateAmount(errors, name, amount, `${field}.limits[${name}]`)
	for (const [name, amount] of Object.entries(requests)) {
		validateAmount(errors, name, amount, `${field}.requests[${name}]`)
		const [requested, most] = [quantityOf(amount), quantityOf(limits[name])]
		if (requested === undefined || most === undefined || compareQuantities(requested, most) <= 0) continue
		const detail = `must be less than or equal to ${name} limit of ${formatQuantity(most)}`
		errors.invalid(`${field}.requests`, formatQuantity(requested), detail)
	}
	for (const [name, together] of requestsOf(spec)) {
		const asked = quantityOf(requests[name]) ?? NOTHING
		if (compareQuantities(together, asked) <= 0) continue
		const detail = `must be greater than or equal to aggregate container requests of ${formatQuantity(together)}`
		errors.invalid(`${field}.requests[${name}]`, formatQuantity(asked), detail)
	}
	for (const [index, container] of itemsOf(spec, "containers").entries()) {
		for (const [name, amount] of Object.entries(listOf(container, "limits"))) {
			const [limit, most] = [quantityOf(amount), quantityOf(limits[name])]
			if (limit === undefined || most === undefined || compareQuantities(limit, most) <= 0) continue
			const detail = `must be less than or equal to pod limits of ${formatQuantity(most)}`
			errors.invalid(`${field}.containers[${index}][${name}].limits`, formatQuantity(limit), detail)
		}
	}
}

const NOTHING: Quantity = { nano: 0n, format: "DecimalSI" }

function validateAmount(errors: FieldErrors, name: string, amount: Json, field: string): void {
	const before = errors.list.length
	validateResourceName(errors, name, field)
	const supported = name === "cpu" || name === "memory" || name.startsWith("hugepages-")
	if (errors.list.length === before && !supported) errors.notSupported(field, name, SUPPORTED)
	validateQuantity(errors, name, amount, field)
}

/** K1, for one resource after the other. */
function requestsOf(spec: JsonObject): ReadonlyMap<string, Quantity> {
	const running = new Map<string, Quantity>()
	const peak = new Map<string, Quantity>()
	const sidecars = new Map<string, Quantity>()
	for (const container of itemsOf(spec, "containers")) add(running, container)
	for (const container of itemsOf(spec, "initContainers")) {
		const beside = new Map(sidecars)
		add(beside, container)
		if (container["restartPolicy"] === "Always") {
			add(running, container)
			add(sidecars, container)
		}
		raise(peak, beside)
	}
	raise(running, peak)
	return running
}

function add(to: Map<string, Quantity>, container: JsonObject): void {
	for (const [name, amount] of Object.entries(listOf(container, "requests"))) {
		const [sum, more] = [to.get(name) ?? NOTHING, quantityOf(amount)]
		if (more !== undefined) to.set(name, { nano: sum.nano + more.nano, format: more.format })
	}
}

function raise(to: Map<string, Quantity>, by: ReadonlyMap<string, Quantity>): void {
	for (const [name, amount] of by) if ((to.get(name)?.nano ?? 0n) < amount.nano) to.set(name, amount)
}

function listOf(container: JsonObject, list: "limits" | "requests"): JsonObject {
	return memberOf(memberOf(container, "resources") ?? {}, list) ?? {}
}

/** The claims that the pod's containers may name. */
export function validateResourceClaims(errors: FieldErrors, claims: readonly JsonObject[], path: string): void {
	const seen = new Set<string>()
	for (const [index, claim] of claims.entries()) {
		const field = `${path}[${index}]`
		const name = textOf(claim, "name")
		if (name === "") errors.required(`${field}.name`)
		else if (seen.has(name)) errors.duplicate(`${field}.name`, name)
		else errors.eachInvalid(`${field}.name`, name, dnsLabelProblems(name))
		seen.add(name)
		const sources = ["resourceClaimName", "resourceClaimTemplateName"]
		const given = sources.filter((source) => claim[source] !== undefined)
		if (given.length === 0) {
			errors.invalid(field, claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`")
		} else if (given.length > 1) {
			const detail = "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified"
			errors.invalid(field, claim, detail)
		}
		for (const source of given) {
			const text = textOf(claim, source)
			errors.eachInvalid(`${field}.${source}`, text, subdomainProblems(text))
		}
	}
}
