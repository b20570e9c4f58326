import { isObject, type Json, type JsonObject, jsonEqual } from "../../base/index.ts"
import type { FieldError } from "../refusal.ts"
import { FieldErrors } from "../validation/errors.ts"
import { formatTest } from "./formats.ts"
import { isOfResource, itemSchema, memberPath, memberSchema, type Schema, schemasIn } from "./schema.ts"

/** Tells whether a text has a match; undefined where the pattern cannot be read. */
export type PatternReader = (pattern: string) => ((text: string) => boolean) | undefined

/**
 * What the server refuses in a custom resource, by its schema, in its words. What is as it was `before` is left alone.
 * Rules in CEL are not evaluated.
 */
export function validateCustom(
	object: JsonObject,
	schema: Schema,
	patterns: PatternReader,
	before?: JsonObject,
): readonly FieldError[] {
	const errors = new FieldErrors()
	check(object, schema, { path: "", before, errors, patterns, budget: { left: MOST_CHECKS } })
	return errors.list
}

/** Nobody's resource needs as many; who makes one that does must not keep others waiting. */
const MOST_CHECKS = 3_000_000

type At = {
	readonly path: string
	readonly before: Json | undefined
	readonly errors: FieldErrors
	readonly patterns: PatternReader
	readonly budget: { left: number }
}

function check(value: Json, schema: Schema, at: At): void {
	if (at.budget.left-- <= 0) {
		if (at.budget.left === -1) at.errors.unplaced(`more than ${MOST_CHECKS} checks are needed`)
		return
	}
	if (at.before !== undefined && jsonEqual(value, at.before)) return
	checkType(value, schema, at)
	checkCombined(value, schema, at)
	if (typeof value === "string") checkText(value, schema, at)
	else if (typeof value === "number") checkNumber(value, schema, at)
	else if (Array.isArray(value)) checkList(value, schema, at)
	else if (isObject(value)) checkObject(value, schema, at)
	const allowed = schema["enum"]
	if (Array.isArray(allowed) && !allowed.some((each: Json) => jsonEqual(each, value))) {
		const texts = allowed.map((each: Json) => (typeof each === "string" ? each : JSON.stringify(each)))
		at.errors.notSupported(at.path, value, texts)
	}
}

function checkType(value: Json, schema: Schema, { path, errors }: At): void {
	const type = schema["x-kubernetes-int-or-string"] === true ? "integer,string" : schema["type"]
	if (typeof type !== "string" || type === "") return
	const is = typeName(value)
	const fits = type.split(",").includes(is) || (type === "number" && is === "integer")
	if (fits || (value === null && schema["nullable"] === true)) return
	errors.typeInvalid(path, is, `${path} in body must be of type ${type}: ${JSON.stringify(is)}`)
}

function typeName(value: Json): string {
	if (value === null) return "null"
	if (Array.isArray(value)) return "array"
	if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number"
	return typeof value
}

function checkCombined(value: Json, schema: Schema, at: At): void {
	const name = JSON.stringify(at.path)
	const failing = (keyword: string) =>
		schemasIn(schema, keyword)
			.map((one) => errorsOf(value, one, at))
			.filter(({ list }) => list.length > 0)
	const [any, one, all] = [schemasIn(schema, "anyOf"), schemasIn(schema, "oneOf"), failing("allOf")]
	const failed = failing("anyOf")
	if (any.length > 0 && failed.length === any.length) {
		at.errors.unplaced(`${name} must validate at least one schema (anyOf)`)
		at.errors.add(failed[0])
	}
	const others = failing("oneOf")
	const valid = one.length - others.length
	if (one.length > 0 && valid !== 1) {
		const found = valid === 0 ? "Found none valid" : `Found ${valid} valid alternatives`
		at.errors.unplaced(`${name} must validate one and only one schema (oneOf). ${found}`)
		if (valid === 0) at.errors.add(others[0])
	}
	for (const errors of all) at.errors.add(errors)
	if (all.length > 0) at.errors.unplaced(`${name} must validate all the schemas (allOf)`)
	const not = schema["not"]
	if (isObject(not) && errorsOf(value, not, at).list.length === 0) {
		at.errors.unplaced(`${name} must not validate the schema (not)`)
	}
}

function errorsOf(value: Json, schema: Schema, at: At): FieldErrors {
	const errors = new FieldErrors()
	check(value, schema, { ...at, before: undefined, errors })
	return errors
}

function checkText(value: string, schema: Schema, { path, errors, patterns }: At): void {
	const { minLength, maxLength, pattern, format } = schema
	const length = [...value].length
	if (typeof maxLength === "number" && length > maxLength) errors.tooLong(path, maxLength)
	if (typeof minLength === "number" && length < minLength) {
		errors.invalid(path, value, `${path} in body should be at least ${minLength} chars long`)
	}
	if (typeof pattern === "string" && patterns(pattern)?.(value) === false) {
		errors.invalid(path, value, `${path} in body should match '${pattern}'`)
	}
	if (typeof format === "string" && formatTest(format)?.(value) === false) {
		errors.typeInvalid(path, value, `${path} in body must be of type ${format}: ${JSON.stringify(value)}`)
	}
}

function checkNumber(value: number, schema: Schema, { path, errors }: At): void {
	const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema
	const refuse = (what: string, limit: number) =>
		errors.invalid(path, value, `${path} in body should be ${what} ${limit}`)
	if (typeof multipleOf === "number" && !Number.isInteger(value / multipleOf)) refuse("a multiple of", multipleOf)
	if (typeof maximum === "number") {
		if (exclusiveMaximum === true && value >= maximum) refuse("less than", maximum)
		else if (value > maximum) refuse("less than or equal to", maximum)
	}
	if (typeof minimum === "number") {
		if (exclusiveMinimum === true && value <= minimum) refuse("greater than", minimum)
		else if (value < minimum) refuse("greater than or equal to", minimum)
	}
}

function checkList(list: readonly Json[], schema: Schema, at: At): void {
	const { path, errors } = at
	const items = itemSchema(schema)
	const keys = listKeys(schema)
	const before = new Map<string, Json>()
	if (keys !== undefined && Array.isArray(at.before))
		for (const item of at.before) before.set(keyText(item, keys), item)
	for (const [index, item] of list.entries()) {
		if (items === undefined) break
		const was = keys === undefined ? undefined : before.get(keyText(item, keys))
		check(item, items, { ...at, path: `${path}[${index}]`, before: was })
	}
	const { minItems, maxItems } = schema
	if (typeof minItems === "number" && list.length < minItems) {
		errors.invalid(path, list.length, `${path} in body should have at least ${minItems} items`)
	}
	if (typeof maxItems === "number" && list.length > maxItems) errors.tooMany(path, list.length, maxItems)
	if (keys === undefined && schema["x-kubernetes-list-type"] !== "set") return
	const seen = new Set<string>()
	for (const [index, item] of list.entries()) {
		const key = keys === undefined ? item : keyOf(item, keys)
		const text = JSON.stringify(key)
		if (seen.has(text)) errors.duplicate(`${path}[${index}]`, key)
		seen.add(text)
	}
}

/** The members that tell the items of a list apart, where it is a map. */
function listKeys(schema: Schema): readonly string[] | undefined {
	const keys = schema["x-kubernetes-list-map-keys"]
	if (schema["x-kubernetes-list-type"] !== "map" || !Array.isArray(keys)) return undefined
	return keys.filter((key) => typeof key === "string")
}

function keyText(item: Json, keys: readonly string[]): string {
	return JSON.stringify(keyOf(item, keys))
}

function keyOf(item: Json, keys: readonly string[]): JsonObject {
	return Object.fromEntries(
		keys.flatMap((key) => (isObject(item) && item[key] !== undefined ? [[key, item[key]]] : [])),
	)
}

function checkObject(object: JsonObject, schema: Schema, at: At): void {
	const { path, errors } = at
	const { minProperties, maxProperties, required } = schema
	const size = Object.keys(object).length
	if (typeof minProperties === "number" && size < minProperties) {
		errors.invalid(path, size, `${path} in body should have at least ${minProperties} properties`)
	}
	if (typeof maxProperties === "number" && size > maxProperties) errors.tooMany(path, size, maxProperties)
	for (const [name, value] of Object.entries(object)) {
		const member = memberSchema(schema, name)
		// Metadata is the same for all kinds, and judged elsewhere.
		if (!isObject(member) || (isOfResource(name, schema, path === "") && name === "metadata")) continue
		const before = isObject(at.before) && Object.hasOwn(at.before, name) ? at.before[name] : undefined
		check(value, member, { ...at, path: memberPath(path, name), before })
	}
	for (const name of Array.isArray(required) ? required : []) {
		if (typeof name === "string" && !Object.hasOwn(object, name)) errors.required(memberPath(path, name))
	}
	if (schema["x-kubernetes-embedded-resource"] !== true) return
	for (const name of ["apiVersion", "kind"]) {
		if (!object[name]) errors.required(memberPath(path, name), "must not be empty")
	}
}
