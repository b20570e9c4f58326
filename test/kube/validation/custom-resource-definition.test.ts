import { expect, test } from "vitest"
import { applyDefaults, type KubeObject, validateCreate, validateUpdate } from "../../../src/kube/index.ts"
import { cronTabs } from "../../builders/crontab.ts"

type Definition = ReturnType<typeof cronTabs>

function changed(change: (definition: Definition) => void): KubeObject {
	const definition = cronTabs()
	change(definition)
	return applyDefaults(definition as unknown as KubeObject)
}

const said = (errors: ReturnType<typeof validateCreate>) => errors.map(({ field, message }) => `${field}: ${message}`)
const schema = (definition: Definition) => (definition.spec.versions[0]?.schema ?? {}) as { openAPIV3Schema?: object }

test("a definition of which nothing is wrong is accepted", () => {
	expect(said(validateCreate(changed(() => {})))).toEqual([])
})

test.each<[string, (definition: Definition) => void, readonly string[]]>([
	[
		"another name",
		(crd) => Object.assign(crd.metadata, { name: "tabs.example.com" }),
		['metadata.name: Invalid value: "tabs.example.com": must be spec.names.plural+"."+spec.group'],
	],
	[
		"another scope",
		(crd) => Object.assign(crd.spec, { scope: "All" }),
		['spec.scope: Unsupported value: "All": supported values: "Cluster", "Namespaced"'],
	],
	[
		"no version to store",
		(crd) => Object.assign(crd.spec.versions[1] ?? {}, { storage: false }),
		['spec.versions: Invalid value: ["v1beta1","v1"]: must have exactly one version marked as storage version'],
	],
	[
		"one version twice",
		(crd) => Object.assign(crd.spec.versions[0] ?? {}, { name: "v1" }),
		['spec.versions: Invalid value: ["v1","v1"]: must contain unique version names'],
	],
	[
		"no schema",
		(crd) => Object.assign(crd.spec.versions[0] ?? {}, { schema: undefined }),
		["spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required"],
	],
	[
		"a part of the schema without a type",
		(crd) => Object.assign(schema(crd), { openAPIV3Schema: { properties: { spec: {} } } }),
		[
			"spec.versions[0].schema.openAPIV3Schema.type: Required value: must not be empty at the root",
			"spec.versions[0].schema.openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields",
		],
	],
	[
		"a column of no type",
		(crd) => Object.assign(crd.spec.versions[0]?.additionalPrinterColumns[0] ?? {}, { type: "float" }),
		[
			'spec.versions[0].additionalPrinterColumns[0].type: Unsupported value: "float": supported values: "integer", "number", "string", "boolean", "date"',
		],
	],
	[
		"a list that is called as one",
		(crd) => Object.assign(crd.spec.names, { listKind: "CronTab" }),
		['spec.names.listKind: Invalid value: "CronTab": kind and listKind may not be the same'],
	],
])("a definition with %s is refused", (_, change, want) => {
	expect(said(validateCreate(changed(change)))).toEqual(want)
})

test("a definition keeps its scope and its kind", () => {
	const after = changed((crd) => {
		Object.assign(crd.spec, { scope: "Cluster" })
		Object.assign(crd.spec.names, { kind: "Tab" })
	})
	expect(
		said(
			validateUpdate(
				changed(() => {}),
				after,
			),
		),
	).toEqual([
		'spec.scope: Invalid value: "Cluster": field is immutable',
		'spec.names.kind: Invalid value: "Tab": field is immutable',
	])
})

test("a definition of a version that is no longer served is not judged", () => {
	const old = { ...cronTabs(), apiVersion: "apiextensions.k8s.io/v1beta1", spec: {} } as unknown as KubeObject
	expect(said(validateCreate(old))).toEqual([])
})
