import { expect, test } from "vitest"
import { fieldChanges, type KubeObject, withoutField } from "../../../src/kube/index.ts"

const pod = {
	apiVersion: "v1",
	kind: "Pod",
	metadata: { name: "x", labels: { "a.b/c": "1", d: "2" } },
	spec: {
		containers: [
			{ name: "main", image: "a", args: ["one", "two"], ports: [{ containerPort: 80 }] },
			{ name: "side", image: "b" },
		],
	},
} as unknown as KubeObject

test.each([
	"metadata.labels[a.b/c]",
	"spec.containers[name=main].args",
	"spec.containers[name=main].image",
	"spec.containers[name=side]",
	"spec.containers[name=main].ports[containerPort=80,protocol=TCP]",
])("withoutField takes away %s and nothing else", (path) => {
	const changes = fieldChanges(pod, withoutField(pod, path))
	expect(changes.map((change) => [change.path, change.after])).toEqual([[path, undefined]])
})

test.each(["spec.nothing.here", "spec.containers[name=none].image", "metadata.labels[a]"])(
	"withoutField leaves an object without %s as it is",
	(path) => {
		expect(withoutField(pod, path)).toEqual(pod)
	},
)
