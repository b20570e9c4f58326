import type { Json, JsonObject } from "../../base/index.ts"
import { qualifiedNameProblems } from "../labels.ts"
import { compareQuantities, formatQuantity, milliUnits, quantityOf } from "../quantity.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"

const OF_CONTAINERS = new Set(["cpu", "memory", "ephemeral-storage"])
const COUNTED = new Set([
	"pods",
	"services",
	"replicationcontrollers",
	"resourcequotas",
	"secrets",
	"configmaps",
	"persistentvolumeclaims",
	"services.nodeports",
	"services.loadbalancers",
])
const STANDARD = new Set([
	...OF_CONTAINERS,
	...COUNTED,
	...["cpu", "memory", "ephemeral-storage", "storage"].flatMap((name) => [`requests.${name}`, `limits.${name}`]),
	"storage",
])

export function validateResources(errors: FieldErrors, resources: JsonObject | undefined, field: string): void {
	if (resources === undefined) return
	const limits = memberOf(resources, "limits") ?? {}
	const requests = memberOf(resources, "requests") ?? {}
	for (const [name, amount] of Object.entries(limits)) validateAmount(errors, name, amount, `${field}.limits[${name}]`)
	for (const [name, amount] of Object.entries(requests)) {
		validateAmount(errors, name, amount, `${field}.requests[${name}]`)
		validateAgainstLimit(errors, { name, amount, limit: limits[name] }, field)
	}
	const names = [...Object.keys(limits), ...Object.keys(requests)]
	if (names.some(isHugePages) && !names.includes("cpu") && !names.includes("memory")) {
		errors.forbidden(field, "HugePages require cpu or memory")
	}
	for (const [index, claim] of itemsOf(resources, "claims").entries()) {
		if (textOf(claim, "name") === "") errors.required(`${field}.claims[${index}].name`)
	}
}

function validateAmount(errors: FieldErrors, name: string, amount: Json, field: string): void {
	validateResourceName(errors, name, field)
	if (!name.includes("/") && !OF_CONTAINERS.has(name) && !isHugePages(name)) {
		errors.invalid(field, name, "must be a standard resource for containers")
	}
	validateQuantity(errors, name, amount, field)
}

export function validateResourceName(errors: FieldErrors, name: string, field: string): void {
	const problems = qualifiedNameProblems(name)
	errors.eachInvalid(field, name, problems)
	if (problems.length > 0) return
	if (!name.includes("/")) {
		const standard = STANDARD.has(name) || isHugePages(name)
		if (!standard) errors.invalid(field, name, "must be a standard resource type or fully qualified")
	} else if (!isNative(name) && !isExtended(name)) {
		errors.invalid(field, name, "doesn't follow extended resource name standard")
	}
}

export function validateQuantity(errors: FieldErrors, name: string, amount: Json, field: string): void {
	const quantity = quantityOf(amount)
	if (quantity === undefined) return
	if (quantity.nano < 0n) errors.invalid(field, formatQuantity(quantity), "must be greater than or equal to 0")
	if ((COUNTED.has(name) || isExtended(name)) && milliUnits(quantity) % 1000n !== 0n) {
		errors.invalid(field, formatQuantity(quantity), "must be an integer")
	}
}

type Request = { readonly name: string; readonly amount: Json; readonly limit: Json | undefined }

function validateAgainstLimit(errors: FieldErrors, { name, amount, limit }: Request, field: string): void {
	const overcommit = isNative(name) && !isHugePages(name)
	if (limit === undefined) {
		if (!overcommit) errors.required(`${field}.limits`, "Limit must be set for non overcommitable resources")
		return
	}
	const [requested, most] = [quantityOf(amount), quantityOf(limit)]
	if (requested === undefined || most === undefined) return
	const order = compareQuantities(requested, most)
	const text = `${name} limit of ${formatQuantity(most)}`
	if (order !== 0 && !overcommit)
		errors.invalid(`${field}.requests`, formatQuantity(requested), `must be equal to ${text}`)
	else if (order > 0)
		errors.invalid(`${field}.requests`, formatQuantity(requested), `must be less than or equal to ${text}`)
}

function isHugePages(name: string): boolean {
	return name.startsWith("hugepages-")
}

function isNative(name: string): boolean {
	return !name.includes("/") || name.includes("kubernetes.io/")
}

function isExtended(name: string): boolean {
	return !isNative(name) && !name.startsWith("requests.") && qualifiedNameProblems(`requests.${name}`).length === 0
}
