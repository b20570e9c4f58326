import type { JsonObject } from "../../base/index.ts"
import { dnsLabelProblems, subdomainProblems } from "../labels.ts"
import { quantityOf } from "../quantity.ts"
import { validateFieldReference, validateResourceReference } from "./environment.ts"
import { type FieldErrors, itemsOf, memberOf, textOf, textsOf } from "./errors.ts"

type Check = (errors: FieldErrors, source: JsonObject, field: string) => void

const HOST_PATH_TYPES = [
	"",
	"BlockDevice",
	"CharDevice",
	"Directory",
	"DirectoryOrCreate",
	"File",
	"FileOrCreate",
	"Socket",
]

/** In the server's order: the first source that is there counts, every later one is forbidden. */
const SOURCES: ReadonlyMap<string, Check> = new Map<string, Check>([
	["emptyDir", checkEmptyDir],
	["hostPath", checkHostPath],
	["gitRepo", checkGitRepo],
	["gcePersistentDisk", checkDisk("pdName")],
	["awsElasticBlockStore", checkDisk("volumeID")],
	["secret", checkSecret],
	["nfs", checkNfs],
	["iscsi", checkIscsi],
	["glusterfs", needs("endpoints", "path")],
	["flocker", checkFlocker],
	["persistentVolumeClaim", needs("claimName")],
	["rbd", needs("monitors", "image")],
	["cinder", needs("volumeID")],
	["cephfs", needs("monitors")],
	["quobyte", needs("registry", "volume")],
	["downwardAPI", checkDownwardApi],
	["fc", checkFibreChannel],
	["flexVolume", needs("driver")],
	["configMap", checkConfigMap],
	["azureFile", needs("secretName", "shareName")],
	["vsphereVolume", needs("volumePath")],
	["photonPersistentDisk", needs("pdID")],
	["portworxVolume", needs("volumeID")],
	["azureDisk", needs("diskName", "diskURI")],
	["storageos", () => {}],
	["projected", checkProjected],
	["scaleIO", needs("gateway", "system", "volumeName")],
	["csi", checkCsi],
	["ephemeral", checkEphemeral],
	["image", () => {}],
])

/** The volumes that containers may mount: those that are themselves valid. */
export function validateVolumes(
	errors: FieldErrors,
	volumes: readonly JsonObject[],
	path: string,
): ReadonlyMap<string, JsonObject> {
	const valid = new Map<string, JsonObject>()
	for (const [index, volume] of volumes.entries()) {
		const field = `${path}[${index}]`
		const before = errors.list.length
		validateSource(errors, volume, field)
		const name = textOf(volume, "name")
		if (name === "") errors.required(`${field}.name`)
		else errors.eachInvalid(`${field}.name`, name, dnsLabelProblems(name))
		if (valid.has(name)) errors.duplicate(`${field}.name`, name)
		if (errors.list.length === before) valid.set(name, volume)
	}
	return valid
}

function validateSource(errors: FieldErrors, volume: JsonObject, field: string): void {
	let count = 0
	for (const [name, check] of SOURCES) {
		const source = memberOf(volume, name)
		if (source === undefined) continue
		if (count++ > 0)
			errors.forbidden(`${field}.${ODD_NAMES.second[name] ?? name}`, "may not specify more than 1 volume type")
		else check(errors, source, `${field}.${ODD_NAMES.first[name] ?? name}`)
	}
	if (count === 0) errors.required(field, "must specify a volume type")
}

/** Sources that the server's messages spell otherwise, on their own and beside another one. */
const ODD_NAMES: { readonly [place in "first" | "second"]: { readonly [name: string]: string } } = {
	first: { gcePersistentDisk: "persistentDisk" },
	second: { cephfs: "cephFS", downwardAPI: "downwarAPI" },
}

function needs(...members: readonly string[]): Check {
	return (errors, source, field) => {
		for (const member of members) {
			const value = source[member]
			if (value === undefined || value === "" || (Array.isArray(value) && value.length === 0))
				errors.required(`${field}.${member}`)
		}
	}
}

function checkEmptyDir(errors: FieldErrors, source: JsonObject, field: string): void {
	const limit = quantityOf(source["sizeLimit"])
	if (limit !== undefined && limit.nano < 0n) {
		errors.forbidden(`${field}.sizeLimit`, "SizeLimit field must be a valid resource quantity")
	}
}

function checkHostPath(errors: FieldErrors, source: JsonObject, field: string): void {
	const path = textOf(source, "path")
	if (path === "") {
		errors.required(`${field}.path`)
		return
	}
	validateNoBacksteps(errors, path, `${field}.path`)
	errors.oneOf(`${field}.type`, source["type"] ?? "", HOST_PATH_TYPES)
}

function checkNfs(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("server", "path")(errors, source, field)
	const path = textOf(source, "path")
	if (!path.startsWith("/")) errors.invalid(`${field}.path`, path, "must be an absolute path")
}

function checkGitRepo(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("repository")(errors, source, field)
	validateDescendingPath(errors, textOf(source, "directory"), `${field}.directory`)
}

function checkDisk(name: string): Check {
	return (errors, source, field) => {
		needs(name)(errors, source, field)
		const partition = source["partition"]
		if (typeof partition === "number" && (partition < 0 || partition > 255)) {
			errors.invalid(`${field}.partition`, partition, "must be between 1 and 255, inclusive")
		}
	}
}

function checkIscsi(errors: FieldErrors, source: JsonObject, field: string): void {
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

function checkFlocker(errors: FieldErrors, source: JsonObject, field: string): void {
	const [name, uuid] = [textOf(source, "datasetName"), textOf(source, "datasetUUID")]
	if (name === "" && uuid === "") errors.required(field, "one of datasetName and datasetUUID is required")
	if (name !== "" && uuid !== "") {
		errors.invalid(field, "resource", "datasetName and datasetUUID can not be specified simultaneously")
	}
	if (name.includes("/")) errors.invalid(`${field}.datasetName`, name, "must not contain '/'")
}

function checkFibreChannel(errors: FieldErrors, source: JsonObject, field: string): void {
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

function checkSecret(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("secretName")(errors, source, field)
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	validateKeys(errors, source, field)
}

function checkConfigMap(errors: FieldErrors, source: JsonObject, field: string): void {
	needs("name")(errors, source, field)
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	validateKeys(errors, source, field)
}

function checkDownwardApi(errors: FieldErrors, source: JsonObject, field: string): void {
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	validateFiles(errors, source, field)
}

function validateFiles(errors: FieldErrors, source: JsonObject, field: string): void {
	// The server gives no index here.
	for (const file of itemsOf(source, "items")) {
		const path = textOf(file, "path")
		if (path === "") errors.required(`${field}.path`)
		else validateLocalPath(errors, path, `${field}.path`)
		const [reference, resource] = [memberOf(file, "fieldRef"), memberOf(file, "resourceFieldRef")]
		if (reference !== undefined) validateFieldReference(errors, reference, `${field}.fieldRef`, true)
		if (reference !== undefined && resource !== undefined) {
			errors.invalid(field, "resource", "fieldRef and resourceFieldRef can not be specified simultaneously")
		} else if (resource !== undefined) validateResourceReference(errors, resource, `${field}.resourceFieldRef`, true)
		else if (reference === undefined) errors.required(field, "one of fieldRef and resourceFieldRef is required")
		validateMode(errors, file["mode"], `${field}.mode`)
	}
}

function checkProjected(errors: FieldErrors, source: JsonObject, field: string): void {
	validateMode(errors, source["defaultMode"], `${field}.defaultMode`)
	const paths = new Set<string>()
	for (const [index, projection] of itemsOf(source, "sources").entries()) {
		validateProjection(errors, projection, `${field}.sources[${index}]`)
		for (const [path, name] of projectedPaths(projection)) {
			if (path !== "" && paths.has(path)) errors.invalid(field, name, "conflicting duplicate paths")
			paths.add(path)
		}
	}
}

/** Where a projection puts what, with the name that the server blames. */
function projectedPaths(projection: JsonObject): readonly (readonly [string, string])[] {
	const files = ["secret", "configMap", "downwardAPI"].flatMap((kind) => {
		const source = memberOf(projection, kind) ?? {}
		return itemsOf(source, "items").map((item) => {
			const path = textOf(item, "path")
			return [path, kind === "downwardAPI" ? path : textOf(source, "name")] as const
		})
	})
	const token = memberOf(projection, "serviceAccountToken")
	return token === undefined ? files : [...files, [textOf(token, "path"), textOf(token, "path")]]
}

function validateProjection(errors: FieldErrors, projection: JsonObject, field: string): void {
	let count = 0
	for (const name of [
		"secret",
		"configMap",
		"downwardAPI",
		"serviceAccountToken",
		"clusterTrustBundle",
		"podCertificate",
	]) {
		const source = memberOf(projection, name)
		if (source === undefined) continue
		const at = `${field}.${name}`
		if (count++ > 0) errors.forbidden(at, "may not specify more than 1 volume type")
		else if (name === "downwardAPI") validateFiles(errors, source, at)
		else if (name === "serviceAccountToken") validateToken(errors, source, at)
		else if (name === "secret" || name === "configMap") {
			needs("name")(errors, source, at)
			validateKeys(errors, source, at)
		}
	}
	if (count === 0) errors.required(field, "must specify a volume type")
}

function validateToken(errors: FieldErrors, token: JsonObject, field: string): void {
	const seconds = token["expirationSeconds"]
	if (typeof seconds === "number" && seconds < 600) {
		errors.invalid(`${field}.expirationSeconds`, seconds, "may not specify a duration less than 10 minutes")
	} else if (typeof seconds === "number" && seconds > 2 ** 32) {
		errors.invalid(`${field}.expirationSeconds`, seconds, "may not specify a duration larger than 2^32 seconds")
	}
	const path = textOf(token, "path")
	if (path === "") errors.required(`${field}.path`)
	else validateLocalPath(errors, path, `${field}.path`)
}

function checkCsi(errors: FieldErrors, source: JsonObject, field: string): void {
	const driver = textOf(source, "driver")
	if (driver === "") errors.required(`${field}.driver`)
	else errors.eachInvalid(`${field}.driver`, driver, subdomainProblems(driver.toLowerCase()))
	const secret = memberOf(source, "nodePublishSecretRef")
	if (secret !== undefined && textOf(secret, "name") === "") errors.required(`${field}.nodePublishSecretRef.name`)
}

function checkEphemeral(errors: FieldErrors, source: JsonObject, field: string): void {
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

function validateMode(errors: FieldErrors, mode: JsonObject[string] | undefined, field: string): void {
	if (typeof mode === "number" && (mode < 0 || mode > 0o777)) {
		errors.invalid(field, mode, "must be a number between 0 and 0777 (octal), both inclusive")
	}
}

function validateKeys(errors: FieldErrors, source: JsonObject, field: string): void {
	for (const [index, item] of itemsOf(source, "items").entries()) {
		const at = `${field}.items[${index}]`
		const [key, path] = [textOf(item, "key"), textOf(item, "path")]
		if (key === "") errors.required(`${at}.key`)
		if (path === "") errors.required(`${at}.path`)
		else validateLocalPath(errors, path, `${at}.path`)
		validateMode(errors, item["mode"], `${at}.mode`)
	}
}

function validateNoBacksteps(errors: FieldErrors, path: string, field: string): void {
	if (path.split("/").includes("..")) errors.invalid(field, path, "must not contain '..'")
}

/** A path below the volume: relative, and never up. */
export function validateDescendingPath(errors: FieldErrors, path: string, field: string): void {
	if (path.startsWith("/")) errors.invalid(field, path, "must be a relative path")
	validateNoBacksteps(errors, path, field)
}

function validateLocalPath(errors: FieldErrors, path: string, field: string): void {
	validateDescendingPath(errors, path, field)
	if (path.startsWith("..") && !path.startsWith("../")) errors.invalid(field, path, "must not start with '..'")
}
