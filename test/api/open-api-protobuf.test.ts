import { describe, expect, test } from "vitest"
import { wantsProtobuf } from "../../src/api/discovery/open-api-protobuf.ts"
import { apiOver } from "../builders/api.ts"
import { cluster } from "../builders/cluster.ts"

const OLD = "application/com.github.proto-openapi.spec.v2@v1.0+protobuf"
const NEW = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"

/** Fields by their numbers, each as often as it stands there. */
class Message {
	readonly #fields = new Map<number, Buffer[]>()

	constructor(bytes: Buffer) {
		let at = 0
		const varint = (): number => {
			for (let [value, shift] = [0, 0]; ; shift += 7) {
				const byte = bytes[at++] ?? 0
				value += (byte & 0x7f) * 2 ** shift
				if (byte < 0x80) return value
			}
		}
		while (at < bytes.length) {
			const tag = varint()
			expect(tag & 7).toBe(2)
			const length = varint()
			this.#fields.set(tag >> 3, [...(this.#fields.get(tag >> 3) ?? []), bytes.subarray(at, at + length)])
			at += length
		}
		expect(at).toBe(bytes.length)
	}

	texts = (field: number): string[] => (this.#fields.get(field) ?? []).map(String)
	text = (field: number): string => this.texts(field)[0] ?? ""
	messages = (field: number): Message[] => (this.#fields.get(field) ?? []).map((bytes) => new Message(bytes))
	message = (...path: readonly number[]): Message => {
		const [field = 0, ...rest] = path
		const found = this.messages(field)[0] ?? new Message(Buffer.alloc(0))
		return rest.length === 0 ? found : found.message(...rest)
	}
	named = (field: number): Map<string, Message> =>
		new Map(this.messages(field).map((entry) => [entry.text(1), entry.message(2)]))
	extensions = (field: number): object =>
		Object.fromEntries([...this.named(field)].map(([name, any]) => [name, JSON.parse(any.text(2))]))
}

const REFERENCE = 1
const REQUIRED = 19
const TYPE = 22
const ITEMS = 23
const PROPERTIES = 25
const SCHEMA_EXTENSIONS = 31

async function document(): Promise<Message> {
	const { headers, bytes } = await apiOver(cluster())("/openapi/v2", { accept: OLD })
	expect(headers["content-type"]).toBe(NEW)
	return new Message(bytes)
}

describe("/openapi/v2 as protobuf, which kubectl before 1.27 reads alone", () => {
	test("has the definitions that the JSON has, with their members", async () => {
		const { body } = await apiOver(cluster())("/openapi/v2")
		const definitions = (await document()).message(9).named(1)
		expect([...definitions.keys()]).toEqual(Object.keys(body.definitions))
		for (const [name, schema] of definitions) {
			const { properties = {}, required = [], type = "" } = body.definitions[name]
			const isAny = type === "object" && Object.keys(properties).length === 0
			expect([...schema.message(PROPERTIES).named(1).keys()]).toEqual(Object.keys(properties))
			expect(schema.texts(REQUIRED)).toEqual(required)
			expect(schema.message(TYPE).text(1)).toBe(isAny ? "" : type)
		}
	})

	test("refers, and says how lists are merged", async () => {
		const definitions = (await document()).message(9).named(1)
		const property = (of: string, name: string) => definitions.get(of)?.message(PROPERTIES).named(1).get(name)
		const template = property("io.k8s.api.apps.v1.DaemonSetSpec", "template")
		expect(template?.text(REFERENCE)).toBe("#/definitions/io.k8s.api.core.v1.PodTemplateSpec")
		const containers = property("io.k8s.api.core.v1.PodSpec", "containers")
		expect(containers?.message(ITEMS, 1).text(REFERENCE)).toBe("#/definitions/io.k8s.api.core.v1.Container")
		expect(containers?.extensions(SCHEMA_EXTENSIONS)).toMatchObject({
			"x-kubernetes-patch-merge-key": "name",
			"x-kubernetes-patch-strategy": "merge",
		})
		expect(definitions.get("io.k8s.api.apps.v1.DaemonSet")?.extensions(SCHEMA_EXTENSIONS)).toEqual({
			"x-kubernetes-group-version-kind": [{ group: "apps", version: "v1", kind: "DaemonSet" }],
		})
	})

	test("says of each patch that it may be a dry run", async () => {
		const path = "/apis/apps/v1/namespaces/{namespace}/daemonsets/{name}"
		const patch = (await document()).message(8).named(2).get(path)?.message(8)
		const parameters = patch?.messages(8).map((parameter) => parameter.message(1, 2, 3))
		expect(parameters?.map((parameter) => [parameter.text(3), parameter.text(4)])).toContainEqual(["query", "dryRun"])
		expect(patch?.extensions(13)).toMatchObject({ "x-kubernetes-group-version-kind": { kind: "DaemonSet" } })
	})

	test.each([
		[OLD, true],
		[`${NEW}, application/json`, true],
		[`application/json, ${NEW}`, false],
		["", false],
		["*/*", false],
		["text/html", false],
	])("is for those who ask for %s: %s", (accept, want) => {
		expect(wantsProtobuf(accept)).toBe(want)
	})
})
