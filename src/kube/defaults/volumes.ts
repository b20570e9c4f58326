import type { Json, JsonObject } from "../../base/index.ts"
import { fieldRefDefaults, pullPolicy, withEach, withMember, withMissing } from "./pod.ts"

/** What the server adds to a volume, by its source. */
const SOURCES: ReadonlyMap<string, (source: JsonObject) => JsonObject> = new Map([
	["secret", (source) => withMissing(source, { defaultMode: 420 })],
	["configMap", (source) => withMissing(source, { defaultMode: 420 })],
	["downwardAPI", (source) => withEach(withMissing(source, { defaultMode: 420 }), "items", fieldRefDefaults)],
	["projected", (source) => withEach(withMissing(source, { defaultMode: 420 }), "sources", projectionDefaults)],
	["hostPath", (source) => withMissing(source, { type: "" })],
	["iscsi", (source) => withMissing(source, { iscsiInterface: "default" })],
	["rbd", (source) => withMissing(source, { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" })],
	[
		"azureDisk",
		(source) => withMissing(source, { cachingMode: "ReadWrite", fsType: "ext4", readOnly: false, kind: "Shared" }),
	],
	["scaleIO", (source) => withMissing(source, { storageMode: "ThinProvisioned", fsType: "xfs" })],
	["image", (source) => withMissing(source, { pullPolicy: pullPolicy(source["reference"]) })],
	[
		"ephemeral",
		(source) =>
			withMember(source, "volumeClaimTemplate", (claim) =>
				withMember(claim, "spec", (spec) => withMissing(spec, { volumeMode: "Filesystem" })),
			),
	],
])

export function volumeDefaults(volume: JsonObject): JsonObject {
	const sources = Object.keys(volume).filter((name) => name !== "name")
	const [source] = sources
	if (source === undefined) return { ...volume, emptyDir: {} }
	return sources.reduce((result: JsonObject, name) => withMember(result, name, SOURCES.get(name) ?? same), volume)
}

function same(source: JsonObject): JsonObject {
	return source
}

function projectionDefaults(source: JsonObject): JsonObject {
	const token = (value: JsonObject) => withMissing(value, { expirationSeconds: 3600 as Json })
	return withMember(withMember(source, "serviceAccountToken", token), "downwardAPI", (api) =>
		withEach(api, "items", fieldRefDefaults),
	)
}
