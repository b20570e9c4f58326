import { describe, expect, test } from "vitest"
import { parseFile, positionOf } from "../../src/manifest/index.ts"
import { brief, configMap, daemonSet, parsed, SECRET_KEY } from "./parsed.ts"

const kinds = (text: string, name?: string) => parsed(text, name).documents.map(({ object }) => object.kind)

describe("parseFile: objects and places", () => {
	test("gives each object with its document, line, column and bytes", () => {
		const text = `# head\n---\n${configMap("one", "1", "default")}---\n# two\n\n${configMap("two", "2", "default")}`
		const { documents, findings, readable, role } = parsed(text)
		expect({ findings, readable, role }).toEqual({ findings: [], readable: true, role: "manifests" })
		expect(documents.map(({ index, line, column }) => [index, line, column])).toEqual([
			[0, 3, 1],
			[1, 10, 1],
		])
		expect(documents.map(({ start, end }) => text.slice(start, end).trim().split("\n").at(-1))).toEqual([
			'data: {value: "1"}',
			'data: {value: "2"}',
		])
	})

	test("takes the items of a list one by one, each with its own line", () => {
		const item = (name: string) => `- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: ${name}}\n`
		const file = parsed(`apiVersion: v1\nkind: List\nitems:\n${item("one")}${item("two")}- 5\n`)
		expect(file.documents.map(({ line, column, object }) => [line, column, object.metadata])).toEqual([
			[4, 3, { name: "one", namespace: "default" }],
			[7, 3, { name: "two", namespace: "default" }],
		])
		expect(brief(file)).toEqual(["warning not-an-object 10:3"])
	})

	test("items of a typed list may leave out what the list says", () => {
		const text = "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: one}\n"
		expect(parsed(text).documents[0]?.object).toMatchObject({ apiVersion: "v1", kind: "ConfigMap" })
	})

	test("namespaces are what the API server makes of them", () => {
		const namespaceOf = (text: string) => parsed(text).documents[0]?.object.metadata.namespace
		expect(namespaceOf("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n")).toBe("default")
		expect(namespaceOf("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n")).toBeUndefined()
		expect(namespaceOf("apiVersion: own/v1\nkind: Thing\nmetadata: {name: a}\n")).toBeUndefined()
		const file = parsed("apiVersion: v1\nkind: Namespace\nmetadata: {name: a, namespace: b}\n")
		expect(brief(file)).toEqual(["warning namespace-ignored 3:21"])
	})

	test("[R11] a hard maxUnavailable that is none is told where it stands", () => {
		const found = (value: string, text = daemonSet("a")) =>
			brief(parsed(text.replace("metadata:\n", `metadata:\n  annotations: {rollcall.dev/max-unavailable: ${value}}\n`)))
		expect(found("hard")).toEqual([])
		expect(found("Hard")).toEqual(["warning max-unavailable 4:17"])
		expect(found("hard", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n")).toEqual([
			"warning max-unavailable 4:17",
		])
	})

	test("DaemonSets of other API groups are objects like any other", () => {
		const text =
			"apiVersion: apps.kruise.io/v1alpha1\nkind: DaemonSet\nmetadata: {name: a, namespace: b}\nspec: {selector: {}}\n"
		expect(parsed(text)).toMatchObject({ findings: [], documents: [{ object: { kind: "DaemonSet" } }] })
	})

	test("removed API versions are read as apps/v1, with their own defaults", () => {
		const old = daemonSet("fluentd")
			.replace("apps/v1", "extensions/v1beta1")
			.replace("  selector:\n    matchLabels: {app: fluentd}\n", "")
		const file = parsed(old)
		expect(brief(file)).toEqual(["warning removed-api 1:1"])
		expect(file.documents[0]?.object).toMatchObject({
			apiVersion: "apps/v1",
			spec: { updateStrategy: { type: "OnDelete" }, selector: { matchLabels: { app: "fluentd" } } },
		})
	})
})

describe("parseFile: what is wrong stands where it is", () => {
	test.each([
		["an unknown field", "image:", "imag:", "unknown-field 15:11", /did you mean "image"/],
		["an ill-typed field", "image: agent:1", "image: 5", "field-type 15:11", /string/],
		["a missing value", "          image: agent:1\n", "", "invalid 14:11", /Required value/],
		["an invalid value", "- name: agent", "- name: Agent_1", "invalid 14:11", /Invalid value: "Agent_1"/],
	])("%s", (_, before, after, want, message) => {
		const file = parsed(daemonSet("fluentd").replace(before, after))
		expect(brief(file)[0]).toBe(`error ${want}`)
		expect(file.findings[0]?.message).toMatch(message)
		expect(file.findings[0]?.object).toBe("apps/DaemonSet/agents/fluentd")
		expect(file.refused).toMatchObject([{ key: "apps/DaemonSet/agents/fluentd", line: 1 }])
		expect(file.readable).toBe(true)
	})

	test.each([
		["no name", "apiVersion: v1\nkind: ConfigMap\nmetadata: {}\n", "error identity 3:1"],
		["a name that is no string", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: 5\n", "error identity 4:3"],
		["no apiVersion", "kind: ConfigMap\nmetadata: {name: a}\n", "error identity 1:1"],
		["a separator with content", "a: 1\n--- b\nc: 1\n", "error bad-separator 2:1"],
	])("%s", (_, text, want) => {
		expect(brief(parsed(text))).toEqual([want])
	})

	test("positionOf finds a field later on, in lists and behind other documents too", () => {
		const bytes = new TextEncoder().encode(`# ü\n${configMap("one", "ä")}---\n${daemonSet("fluentd")}`)
		const second = parseFile(bytes, { name: "a.yaml", secretKey: SECRET_KEY }).documents[1]
		if (second === undefined) throw new Error("no second document")
		expect(positionOf(bytes, second, "spec.template.spec.containers[0].image")).toEqual({ line: 21, column: 11 })
		expect(positionOf(bytes, second, "spec.nothing")).toEqual({ line: 12, column: 1 })
		const list = new TextEncoder().encode(
			"kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata:\n    name: b\n",
		)
		const item = parseFile(list, { name: "a.yaml", secretKey: SECRET_KEY }).documents[1]
		if (item === undefined) throw new Error("no second item")
		expect(positionOf(list, item, "metadata.name")).toEqual({ line: 8, column: 5 })
	})
})

describe("parseFile: what is no manifest", () => {
	test.each([
		["a Helm template", "apiVersion: v1\n{{- if .Values.a }}\nkind: ConfigMap\n{{- end }}\n", "warning template 2:1"],
		[
			"a template whose name turns into a map",
			"apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\n",
			"warning template 4:10",
		],
		["a template in quotes", daemonSet("fluentd", '"{{ .Values.image }}"'), "warning template 15:11"],
		["envsubst", daemonSet("fluentd").replace("namespace: agents", "namespace: ${NAMESPACE}"), "warning template 5:3"],
		["a stand-in", daemonSet("fluentd", "<your-image>"), "warning template 15:11"],
	])("%s is told once and gives no object", (_, text, want) => {
		const file = parsed(text)
		expect({ documents: file.documents, findings: brief(file), role: file.role }).toEqual({
			documents: [],
			findings: [want],
			role: "template",
		})
	})

	test("placeholders in a file of several documents are told once, and the others go on", () => {
		const named = (name: string) => daemonSet("fluentd").replace("  name: fluentd", `  name: ${name}`)
		const file = parsed([named("${A}"), named("${B}"), configMap("one", "1")].join("---\n"))
		expect(file.documents.map(({ object }) => object.kind)).toEqual(["ConfigMap"])
		expect(brief(file)).toEqual(["warning template 4:3"])
	})

	test("braces in free text are not a template", () => {
		const script = daemonSet("fluentd").replace(
			"image: agent:1",
			'image: agent:1\n          args: ["{{ .x }}", "${HOME}"]',
		)
		expect(parsed(script).findings).toEqual([])
		expect(parsed(configMap("rules", "{{ $labels.node }} is down")).findings).toEqual([])
	})

	test.each([
		["with a directive", daemonSet("fluentd").replace("spec:\n", "spec:\n  $patch: delete\n")],
		[
			"that says too little",
			"apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: a}\nspec:\n  template:\n    spec: {hostNetwork: true}\n",
		],
	])("a kustomize patch %s is told once and gives no object", (_, text) => {
		expect(parsed(text)).toMatchObject({
			documents: [],
			role: "patch",
			findings: [{ code: "kustomize-patch", severity: "warning" }],
		})
	})

	test.each([
		["Helm values", "values.yaml", "image: a\nreplicas: 2\n", "values"],
		["settings of some program", "mkdocs.yaml", "site_name: x\n", "other"],
		["a list", "a.yaml", "- a\n- b\n", "other"],
		["nothing at all", "a.yaml", "# nothing\n", "manifests"],
	] as const)("%s are passed over in silence", (_, name, text, role) => {
		expect(parsed(text, name)).toMatchObject({ documents: [], findings: [], readable: true, role })
	})

	test("a file that cannot be read is an error only where it speaks of objects", () => {
		expect(brief(parsed('{\n"a": [1\n', "tsconfig.json"))).toMatchObject([expect.stringMatching(/^info yaml-syntax/)])
		expect(brief(parsed("apiVersion: v1\na: [\n"))).toMatchObject([expect.stringMatching(/^error yaml-syntax/)])
	})

	test("a kustomization says what it lists and what it would change", () => {
		const text =
			"resources: [a.yaml, ../base]\nbases: [b]\nimages: [{name: a, newTag: v2}]\npatches: [{path: p.yaml}]\nlabels: []\n"
		expect(parsed(text, "x/kustomization.yaml")).toMatchObject({
			documents: [],
			findings: [],
			role: "kustomization",
			kustomization: {
				resources: ["a.yaml", "../base", "b"],
				inputs: ["p.yaml"],
				transformers: ["images", "patches"],
				line: 1,
			},
		})
		const flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: a, namespace: b}\n"
		expect(kinds(flux, "kustomization.yaml")).toEqual(["Kustomization"])
	})

	test("a merge conflict is told where it begins", () => {
		const file = parsed(`${configMap("one", "1")}<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> other\n`)
		expect({ findings: brief(file), readable: file.readable }).toEqual({
			findings: ["error merge-conflict 5:1"],
			readable: false,
		})
	})

	test("a document with a key twice refuses its object, and says which key and where", () => {
		const file = parsed(`${configMap("one", "1")}---\n${configMap("two", "2")}data: {value: "3"}\n`)
		expect(file.documents.map(({ object }) => object.metadata.name)).toEqual(["one"])
		expect(file.refused).toEqual([
			{
				key: "/ConfigMap/agents/two",
				line: 6,
				message: 'line 10: the key "data" stands twice in one map: first in line 9',
			},
		])
	})

	test("what SOPS has encrypted is an object, without its record", () => {
		const text = `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: "ENC[AES256_GCM,data:x]"}\nsops: {mac: x, lastmodified: y}\n`
		const file = parsed(text)
		expect(brief(file)).toEqual(["info sops-encrypted 5:1"])
		expect(file.documents[0]?.object["sops"]).toBeUndefined()
	})
})
