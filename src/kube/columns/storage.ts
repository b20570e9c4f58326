import type { KubeObject } from "../object.ts"
import {
	AGE,
	type Column,
	count,
	flag,
	itemsAt,
	NAME,
	orNone,
	sizeAt,
	text,
	textAt,
	UNSET,
	valueAt,
	wide,
} from "./column.ts"
import { textsAt, withDefault } from "./network.ts"

export const STORAGE: readonly (readonly [kind: string, columns: readonly Column[]])[] = [
	[
		"/PersistentVolume",
		[
			NAME,
			text("Capacity", "spec.capacity.storage", "0"),
			text("Access Modes", (volume) => accessModes(volume, "spec.accessModes")),
			text("Reclaim Policy", "spec.persistentVolumeReclaimPolicy"),
			text("Status", phase),
			text("Claim", claim),
			text("StorageClass", storageClass),
			text("VolumeAttributesClass", "spec.volumeAttributesClassName", UNSET),
			text("Reason", "status.reason"),
			AGE,
			wide(text("VolumeMode", "spec.volumeMode", UNSET)),
		],
	],
	[
		"/PersistentVolumeClaim",
		[
			NAME,
			text("Status", phase),
			text("Volume", "spec.volumeName"),
			text("Capacity", (claim) => (isBound(claim) ? textAt(claim, "status.capacity.storage") || "0" : "")),
			text("Access Modes", (claim) => (isBound(claim) ? accessModes(claim, "status.accessModes") : "")),
			text("StorageClass", storageClass),
			text("VolumeAttributesClass", "spec.volumeAttributesClassName", UNSET),
			AGE,
			wide(text("VolumeMode", "spec.volumeMode", UNSET)),
		],
	],
	[
		"storage.k8s.io/StorageClass",
		[
			{
				...NAME,
				cell: (object) =>
					withDefault(
						object,
						"storageclass.kubernetes.io/is-default-class",
						"storageclass.beta.kubernetes.io/is-default-class",
					),
			},
			text("Provisioner", "provisioner"),
			text("ReclaimPolicy", "reclaimPolicy", "Delete"),
			text("VolumeBindingMode", "volumeBindingMode", "Immediate"),
			text("AllowVolumeExpansion", "allowVolumeExpansion", false),
			AGE,
		],
	],
	[
		"storage.k8s.io/CSIDriver",
		[
			NAME,
			flag("AttachRequired", "spec.attachRequired", true),
			flag("PodInfoOnMount", "spec.podInfoOnMount"),
			flag("StorageCapacity", "spec.storageCapacity"),
			text("TokenRequests", tokenRequests),
			flag("RequiresRepublish", "spec.requiresRepublish"),
			text("Modes", (driver) => orNone(textsAt(driver, "spec.volumeLifecycleModes").join(","))),
			AGE,
		],
	],
	["storage.k8s.io/CSINode", [NAME, count("Drivers", (node) => sizeAt(node, "spec.drivers")), AGE]],
	[
		"storage.k8s.io/CSIStorageCapacity",
		[NAME, text("StorageClassName", "storageClassName"), text("Capacity", "capacity", UNSET)],
	],
	[
		"storage.k8s.io/VolumeAttachment",
		[
			NAME,
			{ ...text("Attacher", "spec.attacher"), format: "name" },
			text("PV", "spec.source.persistentVolumeName"),
			text("Node", "spec.nodeName"),
			flag("Attached", "status.attached"),
			AGE,
		],
	],
	["storage.k8s.io/VolumeAttributesClass", [NAME, text("DriverName", "driverName"), AGE]],
]

const SHORT_MODES: readonly (readonly [mode: string, short: string])[] = [
	["ReadWriteOnce", "RWO"],
	["ReadOnlyMany", "ROX"],
	["ReadWriteMany", "RWX"],
	["ReadWriteOncePod", "RWOP"],
]

function accessModes(object: KubeObject, path: string): string {
	const modes = textsAt(object, path)
	return SHORT_MODES.flatMap(([mode, short]) => (modes.includes(mode) ? [short] : [])).join(",")
}

function phase(object: KubeObject): string {
	return object.metadata.deletionTimestamp === undefined ? textAt(object, "status.phase") : "Terminating"
}

function isBound(claim: KubeObject): boolean {
	return textAt(claim, "spec.volumeName") !== ""
}

function claim(volume: KubeObject): string {
	if (valueAt(volume, "spec.claimRef") === undefined) return ""
	return `${textAt(volume, "spec.claimRef.namespace")}/${textAt(volume, "spec.claimRef.name")}`
}

function storageClass(object: KubeObject): string {
	const old = object.metadata.annotations?.["volume.beta.kubernetes.io/storage-class"]
	return old ?? textAt(object, "spec.storageClassName")
}

function tokenRequests(driver: KubeObject): string {
	if (valueAt(driver, "spec.tokenRequests") === undefined) return UNSET
	return itemsAt(driver, "spec.tokenRequests")
		.map((request) => textAt(request, "audience"))
		.join(",")
}
