import { expect, test } from "vitest"
import { invalidRefusal, type KubeObject, validateCreate } from "../../../src/kube/index.ts"

const MOST = 1024 * 1024
const base64 = (bytes: number): string => Buffer.alloc(bytes).toString("base64")
const KEY_RULE =
	"a valid config key must consist of alphanumeric characters, '-', '_' or '.' " +
	"(e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

function refused(kind: string, body: object): string | undefined {
	const object = { apiVersion: "v1", kind, metadata: { name: "x" }, ...body } as unknown as KubeObject
	const causes = validateCreate(object)
	return causes.length === 0 ? undefined : invalidRefusal(object, causes).message
}

test.each<[string, string, object, string]>([
	["no file's name", "ConfigMap", { data: { "no key!": "" } }, `data[no key!]: Invalid value: "no key!": ${KEY_RULE}`],
	["no file's name", "Secret", { data: { "a/b": "" } }, `data[a/b]: Invalid value: "a/b": ${KEY_RULE}`],
	[
		"another folder",
		"ConfigMap",
		{ binaryData: { "..a": "" } },
		`binaryData[..a]: Invalid value: "..a": must not start with '..'`,
	],
	[
		"too long a name",
		"ConfigMap",
		{ data: { ["k".repeat(254)]: "" } },
		`data[${"k".repeat(254)}]: Invalid value: "${"k".repeat(254)}": must be no more than 253 characters`,
	],
	[
		"a key in both",
		"ConfigMap",
		{ data: { a: "" }, binaryData: { a: "" } },
		'data[a]: Invalid value: "a": duplicate of key present in binaryData',
	],
	[
		"much data",
		"ConfigMap",
		{ data: { a: "é".repeat(MOST / 2) }, binaryData: { b: base64(1) } },
		"[]: Too long: may not be more than 1048576 bytes",
	],
	["much data", "Secret", { data: { a: base64(MOST + 1) } }, "data: Too long: may not be more than 1048576 bytes"],
])("%s is refused in a %s", (_, kind, body, want) => {
	expect(refused(kind, body)).toBe(`${kind} "x" is invalid: ${want}`)
})

test.each<[string, object]>([
	["ConfigMap", { data: { "A_b-c.d": "é".repeat(MOST / 2 - 1) }, binaryData: { [".k"]: base64(2) } }],
	["Secret", { data: { ["k".repeat(253)]: base64(MOST) } }],
	["ConfigMap", {}],
])("what just fits into a %s is taken", (kind, body) => {
	expect(refused(kind, body)).toBeUndefined()
})

test("of very many bad keys some are told", () => {
	const data = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k ${index}`, ""]))
	expect((refused("ConfigMap", { data }) ?? "").length).toBeLessThan(10_000)
})
