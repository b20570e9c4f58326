const SPEC = {
	type: "object",
	required: ["schedule"],
	properties: {
		schedule: { type: "string", pattern: "^(\\S+ ){4}\\S+$" },
		replicas: { type: "integer", minimum: 1, maximum: 10, default: 1 },
		color: { type: "string", enum: ["red", "green"] },
		port: { "x-kubernetes-int-or-string": true },
		labels: { type: "object", additionalProperties: { type: "string", maxLength: 3 } },
		anything: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
		hosts: { type: "array", items: { type: "string", format: "ipv4" }, "x-kubernetes-list-type": "set", maxItems: 2 },
		steps: {
			type: "array",
			"x-kubernetes-list-type": "map",
			"x-kubernetes-list-map-keys": ["name"],
			items: {
				type: "object",
				required: ["name"],
				properties: { name: { type: "string" }, run: { type: "string", default: "true" } },
			},
		},
		note: { type: "string", nullable: true },
	},
}

const STATUS = {
	type: "object",
	properties: {
		replicas: { type: "integer" },
		selector: { type: "string" },
		conditions: {
			type: "array",
			items: { type: "object", properties: { type: { type: "string" }, status: { type: "string" } } },
		},
	},
}

const CRON_TAB_SCHEMA = { type: "object", properties: { spec: SPEC, status: STATUS } }

const version = (name: string, rest: object = {}) => ({
	name,
	served: true,
	storage: false,
	schema: { openAPIV3Schema: CRON_TAB_SCHEMA },
	subresources: {
		status: {},
		scale: {
			specReplicasPath: ".spec.replicas",
			statusReplicasPath: ".status.replicas",
			labelSelectorPath: ".status.selector",
		},
	},
	additionalPrinterColumns: [
		{ name: "Schedule", type: "string", jsonPath: ".spec.schedule" },
		{ name: "Replicas", type: "integer", jsonPath: ".spec.replicas", priority: 1 },
		{ name: "Ready", type: "string", jsonPath: '.status.conditions[?(@.type=="Ready")].status' },
		{ name: "Age", type: "date", jsonPath: ".metadata.creationTimestamp" },
	],
	...rest,
})

/** The CustomResourceDefinition that the documentation of Kubernetes begins with, in two versions. */
export function cronTabs() {
	return {
		apiVersion: "apiextensions.k8s.io/v1",
		kind: "CustomResourceDefinition",
		metadata: { name: "crontabs.stable.example.com" },
		spec: {
			group: "stable.example.com",
			scope: "Namespaced",
			names: { plural: "crontabs", kind: "CronTab", shortNames: ["ct"], categories: ["all"] },
			versions: [version("v1beta1", { deprecated: true }), version("v1", { storage: true })],
		},
	}
}

export function cronTab(spec: object = {}) {
	return {
		apiVersion: "stable.example.com/v1",
		kind: "CronTab",
		metadata: { name: "nightly" },
		spec: { schedule: "0 3 * * *", ...spec },
	}
}
