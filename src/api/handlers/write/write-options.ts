import { isObject, type Json, type JsonObject } from "../../../base/index.ts"
import type { FieldValidation } from "../../../kube/index.ts"
import type { Answer, Ask } from "../../ask.ts"
import { badRequest, refused } from "../../refused.ts"

/** What the query of a write says. */
export type WriteOptions = {
	readonly dryRun: boolean
	/** As `managedFields` has it: `kubectl-edit`, or the program of the User-Agent. */
	readonly manager: string
	readonly validation: FieldValidation
	readonly force: boolean
}

type Kind = "CreateOptions" | "UpdateOptions" | "PatchOptions" | "DeleteOptions"

const LONGEST_MANAGER = 128

/** The options, or what is wrong with them in the server's words. */
export function writeOptions({ query, userAgent }: Ask, kind: Kind): WriteOptions | { readonly refusal: Answer } {
	const dryRun = query.getAll("dryRun").filter((value) => value !== "")
	const other = dryRun.find((value) => value !== "All")
	if (other !== undefined) return invalid(kind, "dryRun", notSupported(other, ["All"]))
	const manager = query.get("fieldManager") ?? ""
	if (Buffer.byteLength(manager) > LONGEST_MANAGER) {
		return invalid(kind, "fieldManager", [
			"FieldValueTooLong",
			`Too long: may not be more than ${LONGEST_MANAGER} bytes`,
		])
	}
	if (!isPrintable(manager)) {
		const message = `Invalid value: ${JSON.stringify(manager)}: should only contain printable characters`
		return invalid(kind, "fieldManager", ["FieldValueInvalid", message])
	}
	const validation = query.get("fieldValidation") || "Warn"
	if (validation !== "Strict" && validation !== "Warn" && validation !== "Ignore") {
		return invalid(kind, "fieldValidation", notSupported(validation, ["Ignore", "Strict", "Warn"]))
	}
	const force = query.get("force") === "true" || query.get("force") === "1"
	return { dryRun: dryRun.length > 0, manager: manager || programOf(userAgent), validation, force }
}

export type DeleteOptions = {
	readonly dryRun: boolean
	readonly propagation: "Background" | "Foreground" | "Orphan"
	readonly graceSeconds?: number
	readonly preconditions?: { readonly uid?: string; readonly resourceVersion?: string }
}

const PROPAGATIONS: readonly Json[] = ["Foreground", "Background", "Orphan"]

/** Those of the body where it has any, else those of the query. */
export function deleteOptions(body: JsonObject, query: URLSearchParams): DeleteOptions | { readonly refusal: Answer } {
	const given = Object.keys(body).some((name) => name !== "kind" && name !== "apiVersion") ? body : fromQuery(query)
	const { gracePeriodSeconds: grace, propagationPolicy, orphanDependents, preconditions, dryRun = [] } = given
	if (grace !== undefined && grace !== null && !Number.isInteger(grace)) {
		return { refusal: badRequest("gracePeriodSeconds: a whole number of seconds is needed") }
	}
	const runs = Array.isArray(dryRun) ? (dryRun as readonly Json[]) : [dryRun]
	const other = runs.find((value) => value !== "All")
	if (other !== undefined) return invalid("DeleteOptions", "dryRun", notSupported(String(other), ["All"]))
	const policy = propagationPolicy ?? (orphanDependents === true ? "Orphan" : "Background")
	if (!PROPAGATIONS.includes(policy)) {
		const supported = ["Foreground", "Background", "Orphan", "nil"]
		return invalid("DeleteOptions", "propagationPolicy", notSupported(String(policy), supported))
	}
	if (typeof propagationPolicy === "string" && typeof orphanDependents === "boolean") {
		const message = "Invalid value: orphanDependents and deletionPropagation cannot be both set"
		return invalid("DeleteOptions", "propagationPolicy", ["FieldValueInvalid", message])
	}
	const { uid, resourceVersion } = isObject(preconditions) ? preconditions : {}
	const meant = {
		...(typeof uid === "string" ? { uid } : {}),
		...(typeof resourceVersion === "string" ? { resourceVersion } : {}),
	}
	return {
		dryRun: runs.length > 0,
		propagation: policy as DeleteOptions["propagation"],
		// The server takes the shortest grace that is one for a negative one.
		...(typeof grace === "number" ? { graceSeconds: grace < 0 ? 1 : grace } : {}),
		...(Object.keys(meant).length === 0 ? {} : { preconditions: meant }),
	}
}

function fromQuery(query: URLSearchParams): JsonObject {
	const [grace, policy] = [query.get("gracePeriodSeconds"), query.get("propagationPolicy")]
	const orphan = query.get("orphanDependents")
	return {
		dryRun: query.getAll("dryRun").filter((value) => value !== ""),
		...(grace ? { gracePeriodSeconds: Number(grace) } : {}),
		...(policy ? { propagationPolicy: policy } : {}),
		...(orphan ? { orphanDependents: orphan === "true" } : {}),
	}
}

type Cause = readonly [reason: string, message: string]

function notSupported(value: string, supported: readonly string[]): Cause {
	const list = supported.map((each) => JSON.stringify(each)).join(", ")
	return ["FieldValueNotSupported", `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`]
}

export function invalid(kind: Kind, field: string, [reason, message]: Cause): { readonly refusal: Answer } {
	const details = { group: "meta.k8s.io", kind, causes: [{ reason, message, field }] }
	return { refusal: refused(422, "Invalid", `${kind}.meta.k8s.io "" is invalid: ${field}: ${message}`, details) }
}

/** `kubectl` of `kubectl/v1.34.0 (linux/amd64)`. */
export function programOf(userAgent: string): string {
	const program = (userAgent.split("/")[0] ?? "").trim().slice(0, LONGEST_MANAGER)
	return program !== "" && isPrintable(program) ? program : "unknown"
}

function isPrintable(text: string): boolean {
	return !/[\p{C}]/u.test(text)
}
