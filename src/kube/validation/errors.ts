import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import type { FieldError } from "../refusal.ts"

/** The errors of one object, in the order they are found; each message reads as the API server prints it. */
export class FieldErrors {
	readonly list: FieldError[] = []

	required(field: string, detail = ""): void {
		this.#add("Required", field, detail === "" ? "Required value" : `Required value: ${detail}`)
	}

	invalid(field: string, value: Json | undefined, detail: string): void {
		this.#add("Invalid", field, `Invalid value: ${JSON.stringify(value ?? null)}: ${detail}`)
	}

	/** One error for each thing that is wrong with a text. */
	eachInvalid(field: string, value: string, details: readonly string[]): void {
		for (const detail of details) this.invalid(field, value, detail)
	}

	notSupported(field: string, value: Json | undefined, supported: readonly string[]): void {
		const known = supported.map((item) => JSON.stringify(item)).join(", ")
		this.#add("NotSupported", field, `Unsupported value: ${JSON.stringify(value ?? "")}: supported values: ${known}`)
	}

	/** Not supported, where it is not one of these. */
	oneOf(field: string, value: Json | undefined, supported: readonly string[]): void {
		if (typeof value !== "string" || !supported.includes(value)) this.notSupported(field, value, supported)
	}

	duplicate(field: string, value: Json, detail = ""): void {
		const text = `Duplicate value: ${JSON.stringify(value)}`
		this.#add("Duplicate", field, detail === "" ? text : `${text}: ${detail}`)
	}

	notFound(field: string, value: Json): void {
		this.#add("NotFound", field, `Not found: ${JSON.stringify(value)}`)
	}

	forbidden(field: string, detail: string): void {
		this.#add("Forbidden", field, `Forbidden: ${detail}`)
	}

	tooLong(field: string, most: number): void {
		this.#add("TooLong", field, `Too long: may not be more than ${most} bytes`)
	}

	tooMany(field: string, actual: number, most: number): void {
		this.#add("TooMany", field, `Too many: ${actual}: must have at most ${most} items`)
	}

	/** A value of another type or format than its schema's. */
	typeInvalid(field: string, value: Json, detail: string): void {
		this.#add("TypeInvalid", field, `Invalid value: ${JSON.stringify(value)}: ${detail}`)
	}

	/** What is wrong with no field in particular; the server calls that one so. */
	unplaced(detail: string): void {
		this.invalid("<nil>", "", detail)
	}

	add(others: FieldErrors | undefined): void {
		this.list.push(...(others?.list ?? []))
	}

	notNegative(field: string, value: Json | undefined): void {
		if (typeof value === "number" && value < 0) this.invalid(field, value, "must be greater than or equal to 0")
	}

	between(field: string, value: Json | undefined, least: number, most: number): void {
		if (typeof value === "number" && (value < least || value > most)) {
			this.invalid(field, value, `must be between ${least} and ${most}, inclusive`)
		}
	}

	#add(type: FieldError["type"], field: string, message: string): void {
		this.list.push({ type, field, message })
	}
}

/** Members of an object that has been read by its types, so that only absence has to be dealt with. */
export function textOf(object: JsonObject, name: string): string {
	const value = object[name]
	return typeof value === "string" ? value : ""
}

export function memberOf(object: JsonObject, name: string): JsonObject | undefined {
	const value = object[name]
	return isObject(value) ? value : undefined
}

export function itemsOf(object: JsonObject, name: string): readonly JsonObject[] {
	const value = object[name]
	return Array.isArray(value) ? value.filter(isObject) : []
}

export function textsOf(object: JsonObject, name: string): readonly string[] {
	const value = object[name]
	return Array.isArray(value) ? value.filter((item) => typeof item === "string") : []
}

/** A value as the server prints its own structures: every member, by its name inside, in their order. */
export function asStruct(object: JsonObject, members: readonly string[]): JsonObject {
	return Object.fromEntries(members.map((member) => [member, object[memberNamed(member)] ?? null]))
}

function memberNamed(member: string): string {
	return member.startsWith("SE") ? `se${member.slice(2)}` : `${member.charAt(0).toLowerCase()}${member.slice(1)}`
}
