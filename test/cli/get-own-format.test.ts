import { describe, expect, test } from "vitest"
import { customColumns } from "../../src/cli/get/custom-columns.ts"
import { jsonPathTemplate } from "../../src/cli/get/template.ts"
import type { KubeObject } from "../../src/kube/index.ts"
import { ran } from "./test-shell.ts"

const node = (name: string, taints?: object): KubeObject =>
	({
		apiVersion: "v1",
		kind: "Node",
		metadata: { name, labels: { "a.b/c": "dotted" } },
		spec: { unschedulable: true, ...(taints && { taints }) },
		status: { conditions: [{ type: "Ready", status: "True", message: null }] },
	}) as unknown as KubeObject

const LIST = { kind: "List", items: [node("one"), node("two", [{ key: "k", effect: "NoSchedule" }])] }

describe("-o jsonpath=, as kubectl prints it", () => {
	test.each([
		["{.items[*].metadata.name}", "one two"],
		["{.items[1].metadata.name}!", "two!"],
		[`{range .items[*]}{.metadata.name}{"\\t"}{.spec.unschedulable}{'\\n'}{end}`, "one\ttrue\ntwo\ttrue\n"],
		["{range .items[*]}{@.metadata.name},{range .spec.taints[*]}{.key}{end};{end}", "one,;two,k;"],
		['{.items[0].status.conditions[?(@.type=="Ready")].status}', "True"],
		["{.items[0].metadata.labels.a\\.b/c}", "dotted"],
		["{.items[1].spec}", '{"taints":[{"effect":"NoSchedule","key":"k"}],"unschedulable":true}'],
		["{$.kind} {.nosuch.thing}.", "List ."],
		[".kind", ".kind"],
		["", ""],
	])("%s", (template, want) => {
		expect(jsonPathTemplate(template)(LIST)).toBe(want)
	})

	test("prints nothing that acts on the terminal", () => {
		const print = jsonPathTemplate("{.a} {.b}")
		expect(print({ a: "red\u001b[31m\nbell\u0007", b: ["\u009b31m"] })).toBe('red\nbell ["\\u009b31m"]')
	})

	test.each([
		["{.kind", 'a "{" that nothing closes'],
		["{range .items[*]}x", "{range} without {end}"],
		["x{end}", "{end} without {range}"],
		["{kind}", 'the path "kind"'],
		["{..name}", 'the path "..name"'],
	])("%s cannot be read: %s", (template, why) => {
		expect(() => jsonPathTemplate(template)).toThrow(`Cannot read the template ${template}: ${why}`)
	})
})

describe("-o custom-columns=, as kubectl prints it", () => {
	test("has a row for each object, and maps and lists as Go shows them", () => {
		const print = customColumns("NAME:.metadata.name,TAINTS:{.spec.taints},WHY:status.conditions[*].message")
		expect(print(LIST.items, false)).toBe(
			"NAME   TAINTS                           WHY\n" +
				"one    <none>                           <nil>\n" +
				"two    [map[effect:NoSchedule key:k]]   <nil>\n",
		)
		expect(customColumns("A:.metadata.labels")(LIST.items.slice(1), true)).toBe("map[a.b/c:dotted]\n")
	})

	test.each(["NAME", "NAME:", "NAME:.a[", ""])("refuses %j", (spec) => {
		expect(() => customColumns(spec)).toThrow("Cannot read the column")
	})

	test.each([
		["jsonpath", "next: write -o jsonpath='{.items[*].metadata.name}'"],
		["custom-columns", "next: write -o custom-columns=NAME:.metadata.name,NODE:.spec.nodeName"],
	])("get -o %s alone says how it is written", async (output, next) => {
		expect((await ran(["get", "nodes", "-o", output])).err).toContain(next)
	})
})
