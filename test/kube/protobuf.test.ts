import { describe, expect, test } from "vitest"
import { dice, rangeOf } from "../../src/base/index.ts"
import { KINDS, readProtobuf } from "../../src/kube/index.ts"
import { shapeOf } from "../../src/kube/schema/facts-reader.ts"
import { FIELD_NUMBERS } from "../../src/kube/schema/field-numbers.ts"

type Part = readonly [field: number, value: number | string | Uint8Array | readonly Part[]]

/** A message on the wire; numbers below 128 alone. */
function message(...parts: readonly Part[]): Uint8Array {
	const chunks = parts.map(([field, value]) => {
		if (typeof value === "number") return Buffer.of(field << 3, value)
		const bytes = typeof value === "string" || value instanceof Uint8Array ? Buffer.from(value) : message(...value)
		return Buffer.concat([Buffer.of((field << 3) | 2, ...lengthOf(bytes)), bytes])
	})
	return Buffer.concat(chunks)
}

function lengthOf({ length }: Uint8Array): number[] {
	return length < 128 ? [length] : [(length & 127) | 128, length >> 7]
}

function sent(apiVersion: string, kind: string, ...parts: readonly Part[]): Uint8Array {
	const type: Part = [
		1,
		[
			[1, apiVersion],
			[2, kind],
		],
	]
	return Buffer.concat([Buffer.from("k8s\0"), message(type, [2, message(...parts)])])
}

const NAME: Part = [
	1,
	[
		[1, "web"],
		[2, ""],
		[8, []],
	],
]
const named = (apiVersion: string, kind: string) => ({ apiVersion, kind, metadata: { name: "web" } })

describe("readProtobuf", () => {
	test.each<[string, Uint8Array, object]>([
		[
			"texts, maps and bytes",
			sent(
				"v1",
				"Secret",
				NAME,
				[
					2,
					[
						[1, "a"],
						[2, "b"],
					],
				],
				[
					2,
					[
						[1, "c"],
						[2, "d"],
					],
				],
				[3, "Opaque"],
			),
			{ ...named("v1", "Secret"), data: { a: "Yg==", c: "ZA==" }, type: "Opaque" },
		],
		[
			"lists, and messages that stand among their owner's fields",
			sent("v1", "Pod", NAME, [
				2,
				[
					[
						1,
						[
							[1, "logs"],
							[2, [[1, [[1, "/var/log"]]]]],
						],
					],
					[2, [[1, "main"]]],
					[2, [[1, "more"]]],
				],
			]),
			{
				...named("v1", "Pod"),
				spec: {
					volumes: [{ name: "logs", hostPath: { path: "/var/log" } }],
					containers: [{ name: "main" }, { name: "more" }],
				},
			},
		],
		[
			"amounts, and numbers that may be texts",
			sent("v1", "ResourceQuota", NAME, [
				2,
				[
					[
						1,
						[
							[1, "cpu"],
							[2, [[1, "2"]]],
						],
					],
				],
			]),
			{ ...named("v1", "ResourceQuota"), spec: { hard: { cpu: "2" } } },
		],
		[
			"a share, which is a text",
			sent("policy/v1", "PodDisruptionBudget", NAME, [
				2,
				[
					[
						1,
						[
							[1, 1],
							[3, "50%"],
						],
					],
				],
			]),
			{ ...named("policy/v1", "PodDisruptionBudget"), spec: { minAvailable: "50%" } },
		],
		[
			"a zero that differs from none, and none that does not",
			sent("apps/v1", "Deployment", NAME, [
				2,
				[
					[1, 0],
					[5, 0],
					[7, 0],
				],
			]),
			{ ...named("apps/v1", "Deployment"), spec: { replicas: 0 } },
		],
		[
			"a time",
			sent("v1", "ConfigMap", [
				1,
				[
					[1, "web"],
					[8, [[1, 60]]],
				],
			]),
			{ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web", creationTimestamp: "1970-01-01T00:01:00Z" } },
		],
		[
			"options, which every group has",
			sent("apps/v1", "DeleteOptions", [1, 0], [4, "Orphan"], [5, "All"]),
			{
				apiVersion: "apps/v1",
				kind: "DeleteOptions",
				gracePeriodSeconds: 0,
				propagationPolicy: "Orphan",
				dryRun: ["All"],
			},
		],
	])("reads %s", (_, bytes, want) => {
		expect(readProtobuf(bytes)).toEqual(want)
	})

	test.each<[string, Uint8Array]>([
		["nothing", new Uint8Array()],
		["no magic", message([1, "x"])],
		["a kind that is not known", sent("v1", "Nonsense", NAME)],
		["a field that is not known", sent("v1", "ConfigMap", NAME, [15, "x"])],
		["a text where a number belongs", sent("apps/v1", "Deployment", [2, [[1, "x"]]])],
		["half a message", sent("v1", "ConfigMap", NAME).subarray(0, -3)],
	])("refuses %s", (_, bytes) => {
		expect(readProtobuf(bytes)).toBeUndefined()
	})

	test("reads bytes with anything wrong in them without a throw", () => {
		const whole = sent("v1", "Pod", NAME, [
			2,
			[
				[
					1,
					[
						[1, "logs"],
						[2, [[1, [[1, "/var/log"]]]]],
					],
				],
				[2, [[1, "main"]]],
			],
		])
		for (let round = 0; round < 2_000; round++) {
			const bytes = Buffer.from(whole)
			for (let times = 0; times < 3; times++) {
				bytes[rangeOf(dice(round, times), 4, bytes.length - 1)] = rangeOf(dice(round, times, 1), 0, 255)
			}
			expect(() => readProtobuf(bytes)).not.toThrow()
		}
	})

	test("takes as long as the bytes are, whatever they repeat", () => {
		const finalizers = Buffer.concat(new Array<Uint8Array>(200_000).fill(message([14, "x"])))
		const type = message([
			1,
			[
				[1, "v1"],
				[2, "ConfigMap"],
			],
		])
		const object = readProtobuf(Buffer.concat([Buffer.from("k8s\0"), type, long(2, long(1, finalizers))]))
		expect(object?.["metadata"]).toMatchObject({ finalizers: { length: 200_000 } })
	}, 5_000)
})

/** With a length of three bytes. */
function long(field: number, bytes: Uint8Array): Uint8Array {
	const { length } = bytes
	const head = Buffer.of((field << 3) | 2, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14)
	return Buffer.concat([head, bytes])
}

describe("the numbers", () => {
	const lines = FIELD_NUMBERS.trim()
		.split("\n")
		.map((line) => line.split(" "))
	const messages = new Map(
		lines.map(([name = "", ...fields]) => [name, fields.map((field) => field.replace(/^\d+:/, ""))]),
	)

	test("are there for every kind that kubectl may send so, under the names of its fields", () => {
		const without: string[] = []
		for (const { group, version, kind } of KINDS) {
			const shape = shapeOf(group === "" ? version : `${group}/${version}`, kind)
			const fields = messages.get(shape?.name ?? "")
			if (shape === undefined || fields === undefined) without.push(kind)
			else expect([kind, fields.filter((field) => !shape.fields.has(field))]).toEqual([kind, []])
		}
		expect(without.join(" ")).toBe(
			"CustomResourceDefinition APIService CertificateSigningRequest EndpointSlice FlowSchema PriorityLevelConfiguration IPAddress ServiceCIDR " +
				"RuntimeClass DeviceClass ResourceClaim ResourceClaimTemplate ResourceSlice VolumeAttributesClass NodePool PodBehavior Scenario",
		)
	})

	test("are there for what stands among its owner's fields", () => {
		const inner = [...messages.values()].flat().filter((field) => field.startsWith("^"))
		expect(inner.filter((field) => !messages.has(field.slice(1)))).toEqual([])
		expect(inner).toHaveLength(14)
	})
})
