import type { Json, JsonObject } from "../../base/index.ts"
import { type FieldErrors, itemsOf, memberOf, textOf } from "./errors.ts"
import { validateDescendingPath } from "./volume-paths.ts"

export type Volumes = ReadonlyMap<string, JsonObject>

const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"]

export function validateMounts(errors: FieldErrors, container: JsonObject, volumes: Volumes, path: string): void {
	const list = `${path}.volumeMounts`
	const devices = itemsOf(container, "volumeDevices")
	const places = new Set<string>()
	for (const [index, mount] of itemsOf(container, "volumeMounts").entries()) {
		const field = `${list}[${index}]`
		const [name, place] = [textOf(mount, "name"), textOf(mount, "mountPath")]
		if (name === "") errors.required(`${field}.name`)
		if (!volumes.has(name)) errors.notFound(`${field}.name`, name)
		if (place === "") errors.required(`${field}.mountPath`)
		if (places.has(place)) errors.invalid(`${field}.mountPath`, place, "must be unique")
		places.add(place)
		if (devices.some((device) => textOf(device, "name") === name)) {
			errors.invalid(`${field}.name`, name, "must not already exist in volumeDevices")
		}
		if (devices.some((device) => textOf(device, "devicePath") === place)) {
			errors.invalid(`${field}.mountPath`, place, "must not already exist as a path in volumeDevices")
		}
		validateSubPaths(errors, mount, list, index)
		// From here on the server names the list, not the item.
		validatePropagation(errors, container, mount["mountPropagation"], `${list}.mountPropagation`)
		validateRecursion(errors, mount, `${list}.recursiveReadOnly`)
	}
}

function validateSubPaths(errors: FieldErrors, mount: JsonObject, list: string, index: number): void {
	const [path, expression] = [textOf(mount, "subPath"), textOf(mount, "subPathExpr")]
	if (path !== "") validateDescendingPath(errors, path, `${list}.subPath`)
	if (expression === "") return
	const field = `${list}[${index}].subPathExpr`
	if (path !== "") errors.invalid(field, expression, "subPathExpr and subPath are mutually exclusive")
	validateDescendingPath(errors, expression, `${list}.subPathExpr`)
}

function validatePropagation(errors: FieldErrors, container: JsonObject, value: Json | undefined, field: string): void {
	if (value === undefined) return
	errors.oneOf(field, value, PROPAGATIONS)
	const privileged = memberOf(container, "securityContext")?.["privileged"] === true
	if (value === "Bidirectional" && !privileged) {
		errors.forbidden(field, "Bidirectional mount propagation is available only to privileged containers")
	}
}

function validateRecursion(errors: FieldErrors, mount: JsonObject, field: string): void {
	const value = mount["recursiveReadOnly"]
	if (value === undefined || value === "Disabled") return
	errors.oneOf(field, value, ["Disabled", "IfPossible", "Enabled"])
	if (value !== "Enabled" && value !== "IfPossible") return
	if (mount["readOnly"] !== true) errors.forbidden(field, "may only be specified when readOnly is true")
	if ((mount["mountPropagation"] ?? "None") !== "None") {
		errors.forbidden(field, "may only be specified when mountPropagation is None or not specified")
	}
}

export function validateDevices(errors: FieldErrors, container: JsonObject, volumes: Volumes, path: string): void {
	const mounts = itemsOf(container, "volumeMounts")
	const names = new Set<string>()
	const places = new Set<string>()
	for (const [index, device] of itemsOf(container, "volumeDevices").entries()) {
		const field = `${path}.volumeDevices[${index}]`
		const [name, place] = [textOf(device, "name"), textOf(device, "devicePath")]
		const volume = volumes.get(name)
		if (name === "") errors.required(`${field}.name`)
		if (names.has(name)) errors.invalid(`${field}.name`, name, "must be unique")
		if (volume === undefined) errors.notFound(`${field}.name`, name)
		else if (memberOf(volume, "persistentVolumeClaim") === undefined && memberOf(volume, "ephemeral") === undefined) {
			const detail = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode"
			errors.invalid(`${field}.name`, name, detail)
		}
		if (place === "") errors.required(`${field}.devicePath`)
		if (places.has(place)) errors.invalid(`${field}.devicePath`, place, "must be unique")
		if (place.split("/").includes("..")) {
			errors.invalid(`${field}.devicePath`, place, "can not contain backsteps ('..')")
		} else places.add(place)
		if (mounts.some((mount) => textOf(mount, "name") === name)) {
			errors.invalid(`${field}.name`, name, "must not already exist in volumeMounts")
		}
		if (mounts.some((mount) => textOf(mount, "mountPath") === place)) {
			errors.invalid(`${field}.devicePath`, place, "must not already exist as a path in volumeMounts")
		}
		if (name !== "") names.add(name)
	}
}
