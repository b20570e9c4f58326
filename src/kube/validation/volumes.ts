import type { JsonObject } from "../../base/index.ts"
import { dnsLabelProblems } from "../labels.ts"
import { quantityOf } from "../quantity.ts"
import { type FieldErrors, memberOf, textOf } from "./errors.ts"
import {
	type Check,
	checkCsi,
	checkDisk,
	checkEphemeral,
	checkFibreChannel,
	checkFlocker,
	checkGitRepo,
	checkIscsi,
	checkNfs,
	needs,
} from "./volume-disks.ts"
import { checkConfigMap, checkDownwardApi, checkProjected, checkSecret } from "./volume-files.ts"
import { validateNoBacksteps } from "./volume-paths.ts"

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
