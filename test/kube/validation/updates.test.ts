import { describe, expect, test } from "vitest"
import { type KubeObject, prepareCreate, validateUpdate } from "../../../src/kube/index.ts"

function refused(before: object, after: object): readonly string[] {
	const [old, next] = [before, after].map((object) => prepareCreate(object as KubeObject)) as [KubeObject, KubeObject]
	return validateUpdate(old, next).map(({ field, message }) => `${field}: ${message}`)
}

const map = (more: object) => ({
	apiVersion: "v1",
	kind: "ConfigMap",
	metadata: { name: "x", namespace: "y" },
	...more,
})
const secret = (more: object) => ({ ...map(more), kind: "Secret" })
const IMMUTABLE = "Forbidden: field is immutable when `immutable` is set"

describe("[A3] what is immutable", () => {
	test.each<[string, object, object, readonly string[]]>([
		[
			"keeps its data",
			map({ immutable: true, data: { a: "1" } }),
			map({ immutable: true, data: { a: "2" } }),
			[`data: ${IMMUTABLE}`],
		],
		[
			"keeps its bytes",
			map({ immutable: true }),
			map({ immutable: true, binaryData: { a: "MQ==" } }),
			[`binaryData: ${IMMUTABLE}`],
		],
		["stays immutable", map({ immutable: true }), map({}), [`immutable: ${IMMUTABLE}`]],
		[
			"may have other labels",
			map({ immutable: true }),
			{ ...map({ immutable: true }), metadata: { name: "x", namespace: "y", labels: { a: "b" } } },
			[],
		],
		["may become so", map({ data: { a: "1" } }), map({ immutable: true, data: { a: "2" } }), []],
		[
			"is a Secret's data",
			secret({ immutable: true, type: "Opaque" }),
			secret({ immutable: true, type: "Opaque", data: { a: "MQ==" } }),
			[`data: ${IMMUTABLE}`],
		],
		[
			"is a Secret's type",
			secret({ type: "Opaque" }),
			secret({ type: "kubernetes.io/tls" }),
			['type: Invalid value: "kubernetes.io/tls": field is immutable'],
		],
	])("%s", (_, before, after, want) => {
		expect(refused(before, after)).toEqual(want)
	})
})

describe("[A3] a pod", () => {
	const pod = (spec: object) => ({
		apiVersion: "v1",
		kind: "Pod",
		metadata: { name: "x", namespace: "y" },
		spec: { containers: [{ name: "main", image: "a:1" }], ...spec },
	})
	const toleration = { key: "a", operator: "Exists", effect: "NoExecute" }

	test.each<[string, object, object, RegExp | undefined]>([
		["another image", {}, { containers: [{ name: "main", image: "a:2" }] }, undefined],
		["a deadline", {}, { activeDeadlineSeconds: 9 }, undefined],
		["one more toleration", {}, { tolerations: [toleration] }, undefined],
		[
			"a toleration for less long",
			{ tolerations: [toleration] },
			{ tolerations: [{ ...toleration, tolerationSeconds: 3 }] },
			undefined,
		],
		[
			"no toleration any more",
			{ tolerations: [toleration] },
			{},
			/^spec\.tolerations: Forbidden: existing toleration can not be modified/,
		],
		[
			"a node",
			{},
			{ nodeName: "n" },
			/^spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`/,
		],
		[
			"a command",
			{},
			{ containers: [{ name: "main", image: "a:1", command: ["x"] }] },
			/^spec: Forbidden: pod updates may not/,
		],
		["another grace", {}, { terminationGracePeriodSeconds: 9 }, /^spec: Forbidden: pod updates may not/],
		[
			"one more container",
			{},
			{
				containers: [
					{ name: "main", image: "a:1" },
					{ name: "more", image: "b" },
				],
			},
			/^spec\.containers: Forbidden: pod updates may not add or remove containers/,
		],
	])("may or may not get %s", (_, before, after, want) => {
		const found = refused(pod(before), pod(after))
		if (want === undefined) expect(found).toEqual([])
		else expect(found).toEqual([expect.stringMatching(want)])
	})
})
