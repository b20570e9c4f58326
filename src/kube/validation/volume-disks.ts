import type { JsonObject } from "../../base/index.ts"
import { subdomainProblems } from "../labels.ts"
import { type FieldErrors, memberOf, textOf, textsOf } from "./errors.ts"
import { validateDescendingPath } from "./volume-paths.ts"

/** What one source of a volume must be. */
export type Check = (errors: FieldErrors, source: JsonObject, field: string) => void

export function needs(...members: readonly string[]): Check {
	return (errors, source, field) => {
		for (const member of members) {
			const value = source[member]
			if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
				errors.required(`${field}.${member}`)
		}
	}
}

export function checkNfs(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("server", "path")(errors, source, field)
	const path = textOf(source, "path")
	if (!path.startsWith("/")) errors.invalid(`${field}.path`, path, "must be an absolute path")
}

export function checkGitRepo(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("repository")(errors, source, field)
	validateDescendingPath(errors, textOf(source, "directory"), `${field}.directory`)
}

export function checkDisk(name: string): Check {
	return (errors, source, field) => {
		needs(name)(errors, source, field)
		const partition = source["partition"]
		if (typeof partition === "number" && (partition < 0 || partition > 255)) {
			errors.invalid(`${field}.partition`, partition, "must be between 1 and 255, inclusive")
		}
	}
}

export function checkIscsi(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("targetPortal")(errors, source, field)
	const [name, initiator] = [textOf(source, "iqn"), source["initiatorName"]]
	if (name === "") errors.required(`${field}.iqn`)
	else validateInitiator(errors, name, `${field}.iqn`)
	errors.between(`${field}.lun`, source["lun"], 0, 255)
	const authenticated = source["chapAuthDiscovery"] === true || source["chapAuthSession"] === true
	if (authenticated && memberOf(source, "secretRef") === undefined) errors.required(`${field}.secretRef`)
	if (typeof initiator === "string") validateInitiator(errors, initiator, `${field}.initiatorname`)
}

const INITIATORS: ReadonlyMap<string, RegExp> = new Map([
	["iqn", /iqn\.\d{4}-\d{2}\.([a-zA-Z0-9.-]+)(:[^,;*&$|\s]+)$/],
	["eui", /^eui.[a-zA-Z0-9]{16}$/],
	["naa", /^naa.[a-zA-Z0-9]{32}$/],
])

function validateInitiator(errors: FieldErrors, name: string, field: string): void {
	const form = INITIATORS.get(name.slice(0, 3))
	if (form === undefined) errors.invalid(field, name, "must be valid format starting with iqn, eui, or naa")
	else if (!form.test(name)) errors.invalid(field, name, "must be valid format")
}

export function checkFlocker(errors: FieldErrors, source: JsonObject, field: string): void {
	const [name, uuid] = [textOf(source, "datasetName"), textOf(source, "datasetUUID")]
	if (name === "" && uuid === "") errors.required(field, "one of datasetName and datasetUUID is required")
	if (name !== "" && uuid !== "") {
		errors.invalid(field, "resource", "datasetName and datasetUUID can not be specified simultaneously")
	}
	if (name.includes("/")) errors.invalid(`${field}.datasetName`, name, "must not contain '/'")
}

export function checkFibreChannel(errors: FieldErrors, source: JsonObject, field: string): void {
	const [names, ids] = [textsOf(source, "targetWWNs"), textsOf(source, "wwids")]
	const at = `${field}.targetWWNs`
	if (names.length === 0 && ids.length === 0) {
		errors.required(at, "must specify either targetWWNs or wwids, but not both")
	}
	if (names.length > 0 && ids.length > 0) {
		errors.invalid(at, names, "targetWWNs and wwids can not be specified simultaneously")
	}
	if (names.length === 0) return
	if (source["lun"] === undefined) errors.required(`${field}.lun`, "lun is required if targetWWNs is specified")
	errors.between(`${field}.lun`, source["lun"], 0, 255)
}

export function checkCsi(errors: FieldErrors, source: JsonObject, field: string): void {
	const driver = textOf(source, "driver")
	if (driver === "") errors.required(`${field}.driver`)
	else errors.eachInvalid(`${field}.driver`, driver, subdomainProblems(driver.toLowerCase()))
	const secret = memberOf(source, "nodePublishSecretRef")
	if (secret !== undefined && textOf(secret, "name") === "") errors.required(`${field}.nodePublishSecretRef.name`)
}

export function checkEphemeral(errors: FieldErrors, source: JsonObject, field: string): void {
	const claim = memberOf(source, "volumeClaimTemplate")
	if (claim === undefined) {
		errors.required(`${field}.volumeClaimTemplate`)
		return
	}
	const spec = memberOf(claim, "spec") ?? {}
	const at = `${field}.volumeClaimTemplate.spec`
	if (textsOf(spec, "accessModes").length === 0)
		errors.required(`${at}.accessModes`, "at least 1 access mode is required")
	const requests = memberOf(memberOf(spec, "resources") ?? {}, "requests") ?? {}
	if (requests["storage"] === undefined) errors.required(`${at}.resources[storage]`)
}
