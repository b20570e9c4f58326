import { expect, test } from "vitest"
import { applyDefaults, type KubeObject } from "../../src/kube/index.ts"

const template = { spec: { containers: [{ name: "a", image: "a:1" }] } }
const PVC = { status: { phase: "Pending" } }

// As kubectl create --dry-run=server shows them for objects that leave all of this to the server.
test.each<[string, string, object, object]>([
	[
		"apps/v1",
		"Deployment",
		{ spec: { template } },
		{
			spec: {
				replicas: 1,
				revisionHistoryLimit: 10,
				progressDeadlineSeconds: 600,
				strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
				template: { spec: { restartPolicy: "Always", containers: [{ imagePullPolicy: "IfNotPresent" }] } },
			},
		},
	],
	["apps/v1", "Deployment", { spec: { strategy: { type: "Recreate" } } }, { spec: { strategy: { type: "Recreate" } } }],
	[
		"apps/v1",
		"StatefulSet",
		{ spec: { template } },
		{
			spec: {
				replicas: 1,
				podManagementPolicy: "OrderedReady",
				updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
				persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
			},
		},
	],
	[
		"batch/v1",
		"Job",
		{ spec: { template } },
		{ spec: { completions: 1, parallelism: 1, backoffLimit: 6, suspend: false } },
	],
	[
		"batch/v1",
		"CronJob",
		{ spec: { jobTemplate: { spec: { template } } } },
		{ spec: { concurrencyPolicy: "Allow", suspend: false } },
	],
	["autoscaling/v2", "HorizontalPodAutoscaler", { spec: {} }, { spec: { minReplicas: 1 } }],
	["storage.k8s.io/v1", "StorageClass", {}, { reclaimPolicy: "Delete", volumeBindingMode: "Immediate" }],
	[
		"networking.k8s.io/v1",
		"NetworkPolicy",
		{ spec: { egress: [{}] } },
		{ spec: { policyTypes: ["Ingress", "Egress"] } },
	],
	["v1", "Secret", {}, { type: "Opaque" }],
	[
		"v1",
		"PersistentVolume",
		{ spec: {} },
		{ spec: { persistentVolumeReclaimPolicy: "Retain", volumeMode: "Filesystem" }, ...PVC },
	],
	["v1", "PersistentVolumeClaim", { spec: {} }, { spec: { volumeMode: "Filesystem" }, ...PVC }],
])("[A4] %s %s has the server's defaults, twice as once", (apiVersion, kind, given, want) => {
	const object = { apiVersion, kind, metadata: { name: "x" }, ...given } as KubeObject
	const once = applyDefaults(object)
	expect(once).toMatchObject(want)
	expect(applyDefaults(once)).toEqual(once)
})
