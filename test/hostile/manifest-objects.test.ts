import { describe, expect, test } from "vitest"
import { checkFiles, DesiredState, isManifestPath } from "../../src/manifest/index.ts"
import { configMap, daemonSet, fileChange, parsed, SECRET_KEY } from "../manifest/parsed.ts"

const KEY = "apps/DaemonSet/agents/fluentd"

describe("rows 31 and 32: what is no plain file", () => {
	test.each([
		["120000", "symlink"],
		["160000", "submodule"],
		["040000", "file-mode"],
		["100000", "file-mode"],
	])("mode %s is not read, with the finding %s", (mode, code) => {
		const state = new DesiredState()
		state.apply([
			fileChange("a.yaml", daemonSet("fluentd"), mode),
			fileChange("b.yaml", configMap("one", "1", "default")),
		])
		expect([...state.objects.keys()]).toEqual(["/ConfigMap/default/one"])
		expect(state.findings).toMatchObject([{ code, file: "a.yaml", severity: "warning" }])
	})

	test("an executable manifest is one like any other", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", daemonSet("fluentd"), "100755")])
		expect(state.objects.has(KEY)).toBe(true)
	})
})

describe("rows 33 and 34: paths are labels", () => {
	const paths = [
		"../../etc/a.yaml",
		".git/a.yaml",
		"a.yaml::$DATA/x.yaml",
		"a\\b.yaml",
		"A.yaml",
		"a.yaml",
		"e\u0301.yaml",
		"\u00e9.yaml",
		"\u202ea.yaml",
	]

	test("each is read as its own file, whatever a file system would make of it", () => {
		const state = new DesiredState()
		state.apply(paths.map((path, index) => fileChange(path, configMap(`map-${index}`, "1", "default"))))
		expect([...state.objects.values()].map(({ path }) => path)).toEqual(paths)
	})

	test("twins that describe one object are named together", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", daemonSet("fluentd")), fileChange("A.yaml", daemonSet("fluentd"))])
		expect(state.findings.find(({ code }) => code === "several-places")).toMatchObject({
			file: "A.yaml",
			message: expect.stringContaining("a.yaml:1"),
		})
	})

	test("a kustomization cannot reach beyond the repository", () => {
		const state = new DesiredState()
		const beyond =
			"resources: [../../etc, /etc/passwd, 'https://example.com/x?ref=y', ../../../a.yaml]\nnamePrefix: x\n"
		state.apply([fileChange("k/kustomization.yaml", beyond), fileChange("a.yaml", daemonSet("fluentd"))])
		expect(state.objects.has(KEY)).toBe(true)
	})

	test.each([
		["a.yaml", true],
		["dir.yaml/a.YML", true],
		["a.json", true],
		["a.yaml.tpl", false],
		["yaml", false],
		["a.yaml ", false],
	])("%s holds manifests: %s", (path, want) => {
		expect(isManifestPath(path)).toBe(want)
	})
})

describe("row 41: one object in two places", () => {
	test("is told with both places, and refused where that is asked for", () => {
		const files = ["a.yaml", "b.yaml"].map((path) => ({ path, bytes: new TextEncoder().encode(daemonSet("fluentd")) }))
		const loose = checkFiles(files, { secretKey: SECRET_KEY })
		expect(loose.objects).toBe(1)
		expect(loose.findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
			"info namespace-made",
			"warning several-places",
		])
		const strict = checkFiles(files, { secretKey: SECRET_KEY, strict: true })
		expect(strict.objects).toBe(0)
		expect(strict.findings.map(({ severity, code }) => `${severity} ${code}`)).toEqual(["error several-places"])
	})
})

describe("rows 45 and 46: numbers out of bounds", () => {
	const withCpu = (cpu: string) =>
		daemonSet("fluentd").replace("image: agent:1", `image: agent:1\n          resources: {requests: {cpu: ${cpu}}}`)

	test.each(["-1", "NaN", "1x", "''", "[]", "{}", "true", "--1", "1e", "0x10G"])(
		"a request of %s is refused, its neighbour goes on",
		(cpu) => {
			const file = parsed(`${withCpu(cpu)}---\n${configMap("one", "1")}`)
			expect(file.documents.map(({ object }) => object.kind)).toEqual(["ConfigMap"])
			expect(file.refused.map(({ key }) => key)).toEqual([KEY])
			expect(file.findings[0]).toMatchObject({ severity: "error", line: 16 })
		},
	)

	test.each(["1", "'5'", "0.1m", "100m", "1e3", "1e400", "'9223372036854775808'"])("a request of %s is read", (cpu) => {
		expect(parsed(withCpu(cpu)).documents.length).toBe(1)
	})

	test.each(["'5'", "'101x'", "-1", "1.5", "'-5%'"])("maxUnavailable %s is refused", (value) => {
		const text = daemonSet("fluentd").replace(
			"spec:\n",
			`spec:\n  updateStrategy: {rollingUpdate: {maxUnavailable: ${value}}}\n`,
		)
		expect(parsed(text).findings[0]).toMatchObject({ severity: "error", line: 7 })
	})

	test("an integer that a double would round is refused with its line", () => {
		const file = parsed(
			daemonSet("fluentd").replace("  name: fluentd\n", "  name: fluentd\n  generation: 9007199254740993\n"),
		)
		expect(file.findings).toMatchObject([{ code: "unsafe-integer", line: 5 }])
		expect(file.refused.map(({ key }) => key)).toEqual([KEY])
	})
})

describe("rows 47 and 48: what the API server refuses", () => {
	const tooMany = "x".repeat(257 * 1024)
	test.each([
		["a name with capitals", daemonSet("Fluentd"), 4],
		["a label value with a space", daemonSet("fluentd").replaceAll("{app: fluentd}", "{app: 'a b'}"), 8],
		[
			"a selector that does not match",
			daemonSet("fluentd").replace("matchLabels: {app: fluentd}", "matchLabels: {app: b}"),
			11,
		],
		["an empty selector", daemonSet("fluentd").replace("matchLabels: {app: fluentd}", "matchLabels: {}"), 7],
		[
			"annotations of more than 256 KiB",
			daemonSet("fluentd").replace("  name: fluentd\n", `  name: fluentd\n  annotations: {a: ${tooMany}}\n`),
			5,
		],
	])("%s is refused where it stands", (_, text, line) => {
		const file = parsed(text)
		expect(file.documents).toEqual([])
		expect(file.findings[0]).toMatchObject({ severity: "error", line })
	})

	test("10,000 affinity terms and 250 taints are judged in time", () => {
		const terms = Array.from(
			{ length: 10_000 },
			(_, n) => `{matchExpressions: [{key: k${n}, operator: In, values: [a]}]}`,
		)
		const affinity = `      affinity:\n        nodeAffinity:\n          requiredDuringSchedulingIgnoredDuringExecution:\n            nodeSelectorTerms: [${terms.join(", ")}]\n`
		const begin = performance.now()
		expect(
			parsed(daemonSet("fluentd").replace("      containers:\n", `${affinity}      containers:\n`)).documents.length,
		).toBe(1)
		const taints = Array.from({ length: 250 }, (_, n) => `{key: k${n}, effect: NoSchedule}`)
		expect(
			parsed(`apiVersion: v1\nkind: Node\nmetadata: {name: n1}\nspec: {taints: [${taints.join(", ")}]}\n`).documents
				.length,
		).toBe(1)
		expect(performance.now() - begin).toBeLessThan(10_000)
	})

	test("a file full of mistakes tells the first of them and how many more there are", () => {
		const many = Array.from({ length: 300 }, (_, n) => daemonSet(`Bad-${n}`)).join("---\n")
		const { findings, refused } = parsed(many)
		expect(refused.length).toBe(300)
		expect(findings.length).toBe(51)
		expect(findings.at(-1)).toMatchObject({ code: "more-findings", severity: "error" })
	})
})

describe("row 49: objects that cannot be used", () => {
	test("never stop the others, on the first load and on every restart", () => {
		const poison = [
			"a: [",
			"~: ~",
			"kind: DaemonSet\napiVersion: apps/v1\nmetadata: []",
			"[]",
			"- - -",
			"{{ if }}",
			"\u0000",
			"apiVersion: {}\nkind: []\nmetadata: {name: {}}",
		]
		const files = poison.map((text, index) => fileChange(`bad-${index}.yaml`, text))
		const good = fileChange("good.yaml", daemonSet("fluentd"))
		const state = new DesiredState()
		state.apply([...files, good])
		expect(state.objects.has(KEY)).toBe(true)
		const contents = new Map([...files, good].map(({ path, parsed }) => [path, parsed]))
		const again = DesiredState.restore(JSON.parse(JSON.stringify(state.save())), ({ path }) => contents.get(path))
		expect([...again.objects]).toEqual([...state.objects])
		expect(again.findings).toEqual(state.findings)
	})

	test("an object that turns bad keeps its last good version, on the way through a restart too", () => {
		const bad = daemonSet("fluentd").replace("kind", "Kind")
		for (const text of [bad, "a: [", daemonSet("fluentd").replace("image: agent:1", "imag: agent:2")]) {
			const state = new DesiredState()
			state.apply([fileChange("a.yaml", daemonSet("fluentd"))])
			const change = fileChange("a.yaml", text)
			expect(state.apply([change])).toEqual([])
			const again = DesiredState.restore(JSON.parse(JSON.stringify(state.save())), () => change.parsed)
			expect(again.objects.get(KEY)?.object).toEqual(state.objects.get(KEY)?.object)
		}
	})
})

describe("row 60: secrets", () => {
	const secret = (member: string) =>
		`apiVersion: v1\nkind: Secret\nmetadata: {name: a, namespace: default}\n${member}\n`
	const dataOf = (text: string) => parsed(text).documents[0]?.object["data"] as Record<string, string>

	test("values leave as keyed digests, equal where the value is, however it is written", () => {
		const encoded = dataOf(secret("data: {token: aHVudGVyMg==}"))
		expect(encoded["token"]).toMatch(/^hmac\+sha256\/[0-9a-f]{64}$/)
		expect(dataOf(secret("stringData: {token: hunter2}"))).toEqual(encoded)
		expect(dataOf(secret("data: {token: aHVudGVyMw==}"))).not.toEqual(encoded)
	})

	test.each([
		["a Secret", secret("stringData: {token: hunter2}")],
		["a Secret in base64", secret("data: {token: aHVudGVyMg==}")],
		[
			"a Secret in a List",
			`kind: List\napiVersion: v1\nitems:\n- {apiVersion: v1, kind: Secret, metadata: {name: a}, stringData: {a: hunter2}}\n`,
		],
		["a Secret that is no base64", secret("data: {token: hunter2}")],
		["an ill-typed Secret", secret("stringData: {token: [hunter2]}")],
		["a Secret with a key twice", secret("stringData: {token: hunter2, token: hunter2}")],
		["a Secret that cannot be read", secret('stringData: {token: "hunter2" "hunter2"}')],
		[
			"a last-applied annotation",
			configMap("one", "1").replace(
				"metadata: {",
				`metadata: {annotations: {kubectl.kubernetes.io/last-applied-configuration: 'hunter2'}, `,
			),
		],
		["a SOPS file", `${secret("stringData: {token: hunter2}")}sops: {mac: hunter2, lastmodified: x}\n`],
	])("nothing of %s leaves parseFile", (_, text) => {
		const file = parsed(text)
		expect(file.documents.length + file.findings.length).toBeGreaterThan(0)
		expect(JSON.stringify(file)).not.toMatch(/hunter2|aHVudGVy/)
	})
})
