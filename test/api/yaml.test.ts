import { describe, expect, test } from "vitest"
import { parse } from "yaml"
import { yamlItem, yamlOf } from "../../src/api/yaml.ts"
import { apiOver } from "../builders/api.ts"
import { apply, cluster, daemonSet, settle } from "../builders/cluster.ts"
import { writtenApi } from "../builders/written-api.ts"

const YAML = "application/yaml"
const TABLE = "application/yaml;as=Table;v=v1;g=meta.k8s.io"

function running(nodes: number) {
	const live = cluster(nodes)
	apply(live, daemonSet())
	settle(live)
	return apiOver(live)
}

describe("who wishes for YAML", () => {
	test.each([
		["/api/v1/nodes/node-1", YAML],
		["/api/v1/nodes/nosuch", YAML],
		["/api/v1/pods", YAML],
		["/api/v1/pods", TABLE],
		["/api/v1/pods?limit=1", YAML],
		["/api/v1/secrets", YAML],
		["/apis", YAML],
		["/apis/apps/v1", YAML],
		["/api/v1/pods?limit=x", YAML],
	])("is told of %s the same as in JSON, as %s", async (path, accept) => {
		for (const nodes of [3, 30]) {
			const ask = running(nodes)
			const plain = await ask(path, { accept: accept.replace("yaml", "json") })
			const { status, headers, text } = await ask(path, { accept })
			expect([status, headers["content-type"]]).toEqual([plain.status, YAML])
			expect(parse(text)).toEqual(plain.body)
			expect(text).not.toMatch(/^\{/)
		}
	})

	test("reads a list with members in order, whether it is long, or there is nothing in it", async () => {
		const ask = running(30)
		expect((await ask("/api/v1/nodes", { accept: YAML })).text).toMatch(
			/^apiVersion: v1\nkind: NodeList\nitems:\n- metadata:/,
		)
		const none = await ask("/api/v1/nodes?labelSelector=no=such", { accept: YAML })
		expect(none.text).toMatch(/^apiVersion: v1\nkind: NodeList\nitems: \[\]\nmetadata:\n {2}resourceVersion: "\d+"\n$/)
	})

	test("gets what was written in YAML as well", async () => {
		const { ask } = await writtenApi()
		const body = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: words}\ndata: {a: 'yes'}\n"
		const words = { method: "POST", accept: YAML, contentType: YAML, body }
		const { status, text } = await ask("/api/v1/namespaces/default/configmaps", words)
		expect([status, text]).toEqual([
			201,
			expect.stringContaining('apiVersion: v1\ndata:\n  a: "yes"\nkind: ConfigMap\n'),
		])
	})

	test("cannot watch: of texts of YAML nobody knows where one ends", async () => {
		const { status, headers, text } = await running(3)("/api/v1/pods?watch=true", {
			accept: `${YAML}, application/json`,
		})
		expect([status, headers["content-type"]]).toEqual([406, YAML])
		expect(parse(text).message).toBe("only the following media types are accepted: application/json;stream=watch")
	})

	test("is answered in JSON where that is wished for first, and what is neither is refused", async () => {
		const ask = running(3)
		const accept = `application/cbor, application/json, ${YAML}`
		expect((await ask("/api/v1/nodes", { accept })).headers["content-type"]).toBe("application/json")
		expect((await ask("/api/v1/nodes", { accept: "text/html" })).body.message).toBe(
			"only the following media types are accepted: application/json, application/yaml",
		)
	})
})

test.each([
	["nested deep", `${'{"a":'.repeat(1_000)}1${"}".repeat(1_000)}`],
	["long", JSON.stringify({ a: "b: c\n".repeat(60_000) })],
])("what is too %s to be laid out is told as JSON, which is YAML", (_, text) => {
	expect(yamlOf(`${text}\n`) === `${text}\n`).toBe(true)
	expect(yamlItem(text) === `- ${text}\n`).toBe(true)
})

test("a list of what can be laid out and what cannot is one text", () => {
	const long = { a: "b: c\n".repeat(60_000) }
	const items = [{ a: "#" }, long, { a: ["x"] }]
	const text = `items:\n${items.map((item) => yamlItem(JSON.stringify(item))).join("")}`
	expect(parse(text)).toEqual({ items })
})
