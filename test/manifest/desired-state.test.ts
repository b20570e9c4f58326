import { describe, expect, test } from "vitest"
import { DesiredState } from "../../src/manifest/index.ts"
import { cronTab, cronTabs } from "../builders/crontab.ts"
import { configMap, daemonSet, fileChange } from "./parsed.ts"

const KEY = "apps/DaemonSet/agents/fluentd"
const image = (state: DesiredState, key = KEY) =>
	(state.objects.get(key)?.object as { spec?: { template: { spec: { containers: { image: string }[] } } } } | undefined)
		?.spec?.template.spec.containers[0]?.image

describe("DesiredState", () => {
	test("says which objects each step changed", () => {
		const state = new DesiredState()
		const first = state.apply([fileChange("a.yaml", daemonSet("fluentd", "f:1"))])
		expect(first.map(({ key, before, after }) => [key, before === undefined, after === undefined])).toEqual([
			["/Namespace//agents", true, false],
			[KEY, true, false],
		])
		expect(state.apply([fileChange("a.yaml", `# a comment\n${daemonSet("fluentd", "f:1")}`)])).toEqual([])
		expect(state.apply([fileChange("a.yaml", daemonSet("fluentd", "f:2"))]).map(({ key }) => key)).toEqual([KEY])
		expect(state.apply([{ path: "a.yaml" }]).map(({ key, after }) => [key, after])).toEqual([
			["/Namespace//agents", undefined],
			[KEY, undefined],
		])
	})

	test("a document that moves to another file is the same object", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", daemonSet("fluentd"))])
		expect(state.apply([{ path: "a.yaml" }, fileChange("b.yaml", daemonSet("fluentd"))])).toEqual([])
		expect(state.objects.get(KEY)?.path).toBe("b.yaml")
	})

	test("of an object in several files the first by path counts, and a finding names all places", () => {
		const state = new DesiredState()
		state.apply([fileChange("b.yaml", daemonSet("fluentd", "f:b")), fileChange("a.yaml", daemonSet("fluentd", "f:a"))])
		expect(image(state)).toBe("f:a")
		expect(state.findings.find(({ code }) => code === "several-places")).toMatchObject({
			file: "a.yaml",
			severity: "warning",
			message: "DaemonSet agents/fluentd also stands in b.yaml:1: this one counts",
		})
		state.apply([{ path: "a.yaml" }])
		expect(image(state)).toBe("f:b")
	})

	test("strict refuses an object in several files and keeps what counted before", () => {
		const state = new DesiredState({ strict: true })
		state.apply([fileChange("b.yaml", daemonSet("fluentd", "f:b"))])
		expect(state.apply([fileChange("a.yaml", daemonSet("fluentd", "f:a"))])).toEqual([])
		expect(image(state)).toBe("f:b")
		expect(state.findings.map(({ severity, code }) => `${severity} ${code}`)).toContain("error several-places")
		const both = new DesiredState({ strict: true })
		both.apply([fileChange("a.yaml", daemonSet("fluentd")), fileChange("b.yaml", daemonSet("fluentd"))])
		expect(both.objects.has(KEY)).toBe(false)
	})

	test("an object named twice in one file stands in several places", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", `${daemonSet("fluentd", "f:1")}---\n${daemonSet("fluentd", "f:2")}`)])
		expect(image(state)).toBe("f:1")
		expect(state.findings.map(({ code }) => code)).toContain("several-places")
	})

	test("what a file said stays while it cannot be read, and goes when it can", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", `${daemonSet("fluentd")}---\n${configMap("settings", "1")}`)])
		expect(state.apply([fileChange("a.yaml", "a: [1\n")])).toEqual([])
		expect(state.objects.get(KEY)?.retained).toBe(true)
		expect(state.findings.map(({ code }) => code)).toContain("last-good-version")
		const gone = state.apply([fileChange("a.yaml", configMap("settings", "1"))])
		expect(gone.map(({ key, after }) => [key, after])).toEqual([[KEY, undefined]])
	})

	test("a document that cannot be read keeps its objects, its neighbours go on", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", `${daemonSet("fluentd", "f:1")}---\n${configMap("settings", "1")}`)])
		const changed = state.apply([fileChange("a.yaml", `a: [1\n---\n${configMap("settings", "2")}`)])
		expect(changed.map(({ key }) => key)).toEqual(["/ConfigMap/agents/settings"])
		expect(image(state)).toBe("f:1")
	})

	test("what cannot be read yields to another file that says it", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.yaml", daemonSet("fluentd", "f:1"))])
		state.apply([fileChange("a.yaml", "a: [1\n"), fileChange("b.yaml", daemonSet("fluentd", "f:2"))])
		expect(image(state)).toBe("f:2")
	})

	test("a file that moves and breaks in one commit keeps its objects", () => {
		const state = new DesiredState()
		state.apply([fileChange("old/a.yaml", daemonSet("fluentd"))])
		expect(state.apply([{ path: "old/a.yaml" }, fileChange("new/a.yaml", "a: [1\n")])).toEqual([])
	})

	test("a file that went away is pruned, and one that a symbolic link replaced too", () => {
		const state = new DesiredState()
		state.apply([
			fileChange("a.yaml", configMap("one", "1", "default")),
			fileChange("b.yaml", configMap("two", "1", "default")),
		])
		const { parsed: _, ...link } = fileChange("b.yaml", "a.yaml", "120000")
		expect(state.apply([{ path: "a.yaml" }, link]).map(({ key, after }) => [key, after])).toEqual([
			["/ConfigMap/default/one", undefined],
			["/ConfigMap/default/two", undefined],
		])
		expect(state.findings.map(({ code }) => code)).toEqual(["symlink"])
	})

	test("a namespace that no manifest defines is made, but for those that exist", () => {
		const state = new DesiredState()
		state.apply([
			fileChange("a.yaml", configMap("one", "1", "agents")),
			fileChange("b.yaml", configMap("two", "1", "kube-system")),
		])
		expect([...state.objects.keys()].sort()).toEqual([
			"/ConfigMap/agents/one",
			"/ConfigMap/kube-system/two",
			"/Namespace//agents",
		])
		expect(state.objects.get("/Namespace//agents")?.implied).toBe(true)
		state.apply([fileChange("ns.yaml", "apiVersion: v1\nkind: Namespace\nmetadata: {name: agents, labels: {a: b}}\n")])
		expect(state.objects.get("/Namespace//agents")?.path).toBe("ns.yaml")
		expect(state.findings).toEqual([])
	})

	test("a kustomization that only lists files changes nothing; one with transformers leaves its files out", () => {
		const plain = "resources: [ds.yaml]\n"
		const files = [fileChange("base/ds.yaml", daemonSet("fluentd")), fileChange("base/kustomization.yaml", plain)]
		const overlay = fileChange(
			"prod/kustomization.yaml",
			"resources: [../base]\nnamePrefix: prod-\npatches: [{path: p.yaml}]\n",
		)
		const patch = fileChange("prod/p.yaml", daemonSet("other"))
		const state = new DesiredState()
		state.apply(files)
		expect(state.objects.has(KEY)).toBe(true)
		const fresh = new DesiredState()
		fresh.apply([...files, overlay, patch])
		expect([...fresh.objects.keys()]).toEqual([])
		expect(fresh.findings.map(({ file, code, message }) => [file, code, message])).toEqual([
			[
				"prod/kustomization.yaml",
				"kustomize-not-applied",
				"this kustomization's namePrefix, patches not applied: 2 files are left out (--plain reads them as they stand)",
			],
		])
		const read = new DesiredState({ plain: true })
		read.apply([...files, overlay, patch])
		expect(read.objects.has(KEY)).toBe(true)
	})

	test("what a kustomization comes to leave out keeps its last version until the file goes", () => {
		const state = new DesiredState()
		state.apply([fileChange("ds.yaml", daemonSet("fluentd", "f:1"))])
		expect(
			state.apply([fileChange("kustomization.yaml", "resources: [ds.yaml]\nimages: [{name: f, newTag: v2}]\n")]),
		).toEqual([])
		expect(state.apply([fileChange("ds.yaml", daemonSet("fluentd", "f:2"))])).toEqual([])
		expect(image(state)).toBe("f:1")
		state.apply([{ path: "kustomization.yaml" }])
		expect(image(state)).toBe("f:2")
	})

	test("findingsOf tells of some files what findings tells of all", () => {
		const state = new DesiredState()
		const files = [
			fileChange("a.yaml", configMap("one", "1")),
			fileChange("b.yaml", configMap("one", "1")),
			fileChange("c.yaml", "a: ["),
			fileChange("kustomization.yaml", "resources: [d.yaml]\nnamePrefix: x\n"),
		]
		state.apply(files)
		expect(state.findings.length).toBe(4)
		for (const { path } of files) {
			expect(state.findingsOf([path])).toEqual(state.findings.filter(({ file }) => file === path))
		}
	})

	test("saved and restored it goes on as if it had never stopped", () => {
		const steps = [
			[fileChange("a.yaml", daemonSet("fluentd", "f:1")), fileChange("b.yaml", configMap("one", "1"))],
			[fileChange("a.yaml", "a: [1\n"), fileChange("c/kustomization.yaml", "resources: [../b.yaml]\nnamePrefix: x\n")],
			[fileChange("b.yaml", configMap("one", "2"))],
			[{ path: "c/kustomization.yaml" }],
		]
		const whole = new DesiredState()
		let restored = new DesiredState()
		const blobs = new Map(steps.flat().flatMap(({ file, parsed }) => (file === undefined ? [] : [[file.blob, parsed]])))
		for (const step of steps) {
			whole.apply(step)
			const saved = JSON.parse(JSON.stringify(restored.save()))
			restored = DesiredState.restore(saved, ({ blob }) => blobs.get(blob))
			restored.apply(step)
			expect(new Map(restored.objects)).toEqual(new Map(whole.objects))
			expect(restored.findings).toEqual(whole.findings)
		}
	})

	test("files beyond the most that are read are named once", () => {
		const state = new DesiredState({ limits: { files: 1 } })
		state.apply([
			fileChange("a.yaml", configMap("one", "1", "default")),
			fileChange("b.yaml", configMap("two", "1", "default")),
		])
		expect([...state.objects.keys()]).toEqual(["/ConfigMap/default/one"])
		expect(state.findings).toMatchObject([{ code: "too-many-files", file: "b.yaml" }])
	})
})

describe("a custom resource without a namespace", () => {
	const definition = (scope: string) => JSON.stringify({ ...cronTabs(), spec: { ...cronTabs().spec, scope } })
	const resource = JSON.stringify(cronTab())
	const [AT_LARGE, IN_DEFAULT] = ["stable.example.com/CronTab//nightly", "stable.example.com/CronTab/default/nightly"]
	const placed = (state: DesiredState) => [...state.objects.keys()].filter((key) => key.includes("/CronTab/"))
	const reread = (path: string, text: string) => [path, fileChange(path, text)] as const

	test.each([
		["Namespaced", IN_DEFAULT],
		["Cluster", AT_LARGE],
	])("is where its definition says: %s", (scope, key) => {
		const [crd, ct] = [fileChange("crd.json", definition(scope)), fileChange("ct.json", resource)]
		const together = new DesiredState()
		together.apply([ct, crd])
		expect(placed(together)).toEqual([key])
		const after = new DesiredState()
		after.apply([crd])
		after.apply([ct])
		expect(placed(after)).toEqual([key])
		const before = new DesiredState()
		before.apply([ct])
		before.apply([crd])
		expect(placed(before)).toEqual([key])
		expect([...before.objects.values()]).toEqual(expect.arrayContaining([...together.objects.values()]))
	})

	test("moves with its definition, and says so as a change", () => {
		const state = new DesiredState()
		state.apply([fileChange("ct.json", resource), fileChange("crd.json", definition("Cluster"))])
		const moved = state.apply([fileChange("crd.json", definition("Namespaced"))])
		expect(moved.map(({ key, after }) => [key, after?.object.metadata.namespace])).toEqual([
			["apiextensions.k8s.io/CustomResourceDefinition//crontabs.stable.example.com", undefined],
			[AT_LARGE, undefined],
			[IN_DEFAULT, "default"],
		])
		state.apply([{ path: "crd.json" }])
		expect(placed(state)).toEqual([AT_LARGE])
	})

	test("stays in its last good version, through a restart as well", () => {
		const state = new DesiredState()
		state.apply([fileChange("a.json", resource), fileChange("crd.json", definition("Namespaced"))])
		const refused = JSON.stringify({ ...cronTab(), metadata: { name: "nightly", namespace: 5 } })
		expect(state.apply([fileChange("a.json", refused)])).toEqual([])
		expect(state.retained.has(IN_DEFAULT)).toBe(true)
		const files = new Map([reread("a.json", refused), reread("crd.json", definition("Namespaced"))])
		const restored = DesiredState.restore(state.save(), ({ path }) => files.get(path)?.parsed)
		expect([...restored.objects.entries()]).toEqual(expect.arrayContaining([...state.objects.entries()]))
		expect(restored.apply([fileChange("a.json", resource)])).toEqual([])
		expect(placed(restored)).toEqual([IN_DEFAULT])
	})
})
