import fc from "fast-check"
import type { KubeObject } from "../../../src/kube/index.ts"

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,6}$/)
const map = fc.dictionary(word, word, { maxKeys: 3 })
const toleration = fc.oneof(
	fc.record({ key: word, operator: fc.constant("Exists"), effect: fc.constantFrom("NoSchedule", "NoExecute") }),
	fc.record({ key: word, operator: fc.constant("Equal"), value: word }),
	fc.constant({ operator: "Exists" }),
)
const probe = fc.record({
	tcpSocket: fc.record({ port: fc.integer({ min: 1, max: 9999 }) }),
	periodSeconds: fc.integer({ min: 1, max: 30 }),
	failureThreshold: fc.integer({ min: 1, max: 9 }),
})
const container = fc.record(
	{
		name: word,
		image: fc.constantFrom("a:v1", "registry.example/b", "c:latest"),
		command: fc.array(fc.string({ maxLength: 9 }), { maxLength: 3 }),
		env: fc.array(fc.record({ name: word, value: fc.string({ maxLength: 9 }) }), { maxLength: 2 }),
		resources: fc.record(
			{
				requests: fc.constantFrom({ cpu: "100m" }, { cpu: "0.1", memory: "1Gi" }, { memory: "128974848" }),
				limits: fc.constantFrom({ cpu: "1500m" }, { cpu: "2", memory: "2Gi" }),
			},
			{ requiredKeys: [] },
		),
		readinessProbe: probe,
		securityContext: fc.constantFrom({ privileged: true }, { runAsUser: 7 }),
	},
	{ requiredKeys: ["name", "image"] },
)

/** Pods with all sorts of members; most of them valid. */
export const podObjects: fc.Arbitrary<KubeObject> = fc
	.record({
		labels: map,
		annotations: map,
		finalizers: fc.constantFrom([], ["example.com/hold"]),
		containers: fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: ({ name }) => name }),
		more: fc.record(
			{
				nodeName: fc.constantFrom("pool-0", "elsewhere"),
				nodeSelector: map,
				tolerations: fc.array(toleration, { maxLength: 3 }),
				hostNetwork: fc.constant(true),
				terminationGracePeriodSeconds: fc.nat(60),
				restartPolicy: fc.constantFrom("Always", "Never", "OnFailure"),
				serviceAccountName: word,
				volumes: fc.constantFrom(
					[{ name: "data", emptyDir: {} }],
					[{ name: "logs", hostPath: { path: "/var/log", type: "" } }],
				),
				affinity: fc.constant({
					nodeAffinity: {
						requiredDuringSchedulingIgnoredDuringExecution: {
							nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: ["pool-1"] }] }],
						},
					},
				}),
			},
			{ requiredKeys: [] },
		),
	})
	.map(({ labels, annotations, finalizers, containers, more }) => {
		const metadata = { name: "written", namespace: "default", labels, annotations, finalizers }
		return { apiVersion: "v1", kind: "Pod", metadata, spec: { containers, ...more } } as unknown as KubeObject
	})
