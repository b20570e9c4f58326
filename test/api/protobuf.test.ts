import { expect, test } from "vitest"
import { writtenApi } from "../builders/written-api.ts"

type Value = string | number | Buffer

/** A field of a message: a number as it is, all else with its length. */
function field(number: number, value: Value): Buffer {
	if (typeof value === "number") return Buffer.from([number << 3, ...varint(value)])
	const bytes = Buffer.from(value as string)
	return Buffer.concat([Buffer.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes])
}

function varint(value: number): number[] {
	return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >> 7)]
}

const message = (...fields: Buffer[]) => Buffer.concat(fields)
const metadata = (name: string) => field(1, message(field(1, name), field(2, ""), field(8, "")))

function sent(apiVersion: string, kind: string, object: Buffer): Buffer {
	const type = field(1, message(field(1, apiVersion), field(2, kind)))
	return Buffer.concat([Buffer.from("k8s\0"), type, field(2, object), field(3, ""), field(4, "")])
}

const PROTOBUF = "application/vnd.kubernetes.protobuf"

test.each([
	[
		"roles",
		"rbac.authorization.k8s.io/v1",
		"Role",
		field(2, message(field(1, "get"), field(1, "list"), field(2, ""), field(3, "pods"))),
		{ rules: [{ verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] }] },
	],
	[
		"resourcequotas",
		"v1",
		"ResourceQuota",
		message(field(2, message(field(1, message(field(1, "pods"), field(2, field(1, "3")))))), field(3, "")),
		{ spec: { hard: { pods: "3" } } },
	],
	[
		"poddisruptionbudgets",
		"policy/v1",
		"PodDisruptionBudget",
		field(
			2,
			message(
				field(1, message(field(1, 1), field(2, 0), field(3, "50%"))),
				field(2, field(1, message(field(1, "app"), field(2, "a")))),
			),
		),
		{ spec: { minAvailable: "50%", selector: { matchLabels: { app: "a" } } } },
	],
	[
		"ingresses",
		"networking.k8s.io/v1",
		"Ingress",
		field(
			2,
			field(3, message(field(1, "a.example"), field(2, field(1, field(1, message(field(1, "/"), field(3, "Exact"))))))),
		),
		{ spec: { rules: [{ host: "a.example", http: { paths: [{ path: "/", pathType: "Exact" }] } }] } },
	],
])("%s come as protobuf, as kubectl create sends them", async (plural, apiVersion, kind, rest, want) => {
	const { ask } = await writtenApi()
	const path = `${apiVersion === "v1" ? "/api" : "/apis"}/${apiVersion}/namespaces/default/${plural}`
	const body = sent(apiVersion, kind, message(metadata("x"), rest))
	const { status, body: made } = await ask(path, { method: "POST", contentType: PROTOBUF, body })
	expect([status, made]).toMatchObject([201, { kind, metadata: { name: "x" }, ...want }])
})

test("what a message has beyond what is known of it is not lost, but refused", async () => {
	const { ask } = await writtenApi()
	const body = sent("v1", "ResourceQuota", message(metadata("x"), field(9, "something")))
	const { status } = await ask("/api/v1/namespaces/default/resourcequotas", {
		method: "POST",
		contentType: PROTOBUF,
		body,
	})
	expect(status).toBe(415)
})
