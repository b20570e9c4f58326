import { describe, expect, test } from "vitest"
import { type Asked, readBody } from "../../src/kube/index.ts"
import { checkJson } from "../../src/kube/json-text.ts"

const ASKED: Asked = { apiVersion: "apps/v1", kind: "DaemonSet", namespace: "default" }
const unread = (problem: string, shown: string) =>
	`the object provided is unrecognized (must be of type DaemonSet): couldn't get version/kind; json parse error: ${problem} (${shown})`
const handled = (what: string) => `${what} cannot be handled as a DaemonSet`

describe("[A2] readBody", () => {
	test.each([
		{ text: "", want: unread("unexpected end of JSON input", "<empty>") },
		{ text: "{", want: unread("unexpected end of JSON input", "{") },
		{
			text: "kind: DaemonSet",
			want: unread("invalid character 'k' looking for beginning of value", "6b696e643a204461656d6f6e536574"),
		},
		{
			text: '{"kind":7}',
			want: unread("json: cannot unmarshal number into Go struct field .kind of type string", '{"kind":7}'),
		},
		{
			text: "[]",
			want: unread(
				'json: cannot unmarshal array into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }',
				"5b5d",
			),
		},
		{
			text: '{"apiVersion":"apps/v1","kind":"Deployment"}',
			want: `${handled('Deployment in version "v1"')}: converting (v1.Deployment) to (apps.DaemonSet): unknown conversion`,
		},
		{
			text: '{"apiVersion":"v1","kind":"DaemonSet"}',
			want:
				handled('DaemonSet in version "v1"') +
				': no kind "DaemonSet" is registered for version "v1" in scheme "pkg/api/legacyscheme/scheme.go:30"',
		},
		{
			text: '{"apiVersion":"apps/v1beta2","kind":"DaemonSet"}',
			want: "the API version in the data (apps/v1beta2) does not match the expected API version (apps/v1)",
		},
		{
			text: '{"metadata":{"namespace":"other"}}',
			want: "the namespace of the provided object does not match the namespace sent on the request",
		},
		{
			text: '{"spec":{"b":1,"template":{}},"spec":{"b":1,"b":2}}',
			want:
				handled('DaemonSet in version "v1"') +
				': strict decoding error: unknown field "spec.b", duplicate field "spec", duplicate field "spec.b"',
		},
	])("refuses $text", ({ text, want }) => {
		expect(readBody(text, ASKED)).toEqual({ refusal: { reason: "BadRequest", message: want, causes: [] } })
	})

	test("puts an object without kind and namespace where the request is for, and warns if told to", () => {
		const text = '{"metadata":{"name":"a","name":"b"},"foo":1}'
		expect(readBody(text, ASKED, "Warn")).toMatchObject({
			object: { apiVersion: "apps/v1", kind: "DaemonSet", metadata: { name: "b", namespace: "default" } },
			warnings: ['unknown field "foo"', 'duplicate field "metadata.name"'],
		})
		expect(readBody(text, ASKED, "Ignore")).toMatchObject({ warnings: [] })
	})
})

describe("checkJson", () => {
	test.each([
		["[1,]", "invalid character ']' looking for beginning of value"],
		["[1 2]", "invalid character '2' after array element"],
		["{'a':1}", "invalid character '\\'' looking for beginning of object key string"],
		['{"a" 1}', "invalid character '1' after object key"],
		['{"a":1 "b"}', "invalid character '\"' after object key:value pair"],
		['{"a":1}x', "invalid character 'x' after top-level value"],
		["tru", "unexpected end of JSON input"],
		["trux", "invalid character 'x' in literal true (expecting 'e')"],
		["01", "invalid character '1' after top-level value"],
		["1.", "unexpected end of JSON input"],
		["1.x", "invalid character 'x' after decimal point in numeric literal"],
		['"\\x"', "invalid character 'x' in string escape code"],
		['"\\u12x4"', "invalid character 'x' in \\u hexadecimal character escape"],
		['"\n"', "invalid character '\\n' in string literal"],
	])("says of %s what the server says", (text, error) => {
		expect(checkJson(text)).toEqual({ error })
	})

	test.each(['{"a":[1,-0.5e+3,"\\u00e9\\n",true,null,{}]}', " [ ] ", '"x"'])("has nothing against %s", (text) => {
		expect(checkJson(text)).toEqual({ duplicates: [] })
	})
})
