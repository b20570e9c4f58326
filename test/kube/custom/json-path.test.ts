import { expect, test } from "vitest"
import { parseJsonPath } from "../../../src/kube/index.ts"

const OBJECT = {
	metadata: { annotations: { "a.b/c": "dotted" } },
	spec: {
		list: [
			{ name: "a", on: true },
			{ name: "b", on: false },
		],
	},
	status: {
		conditions: [
			{ type: "Ready", status: "False" },
			{ type: "Synced", status: "True" },
		],
	},
}

test.each([
	[".spec.list[0].name", ["a"]],
	[".spec.list[-1].name", ["b"]],
	[".spec.list[*].name", ["a", "b"]],
	["{.spec.list[5].name}", []],
	[".spec.list[?(@.on==true)].name", ["a"]],
	[".spec.list[?(@.name!='a')].name", ["b"]],
	['.status.conditions[?(@.type == "Synced")].status', ["True"]],
	[".metadata.annotations['a.b/c']", ["dotted"]],
	[".metadata.annotations.a\\.b/c", ["dotted"]],
	[".spec.nothing.at.all", []],
])("parseJsonPath finds %s", (path, want) => {
	expect(parseJsonPath(path)?.(OBJECT)).toEqual(want)
})

test.each(["..name", "spec.a", ".a[", ".a[?(x)]"])("parseJsonPath does not read %s", (path) => {
	expect(parseJsonPath(path)).toBeUndefined()
})
