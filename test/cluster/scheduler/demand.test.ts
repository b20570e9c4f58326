import { describe, expect, it } from "vitest"
import { demandOf } from "../../../src/cluster/scheduler/index.ts"
import type { Container, PodSpec } from "../../../src/kube/index.ts"

const NOTHING = { cpuMilli: 0, memoryBytes: 0, ephemeralBytes: 0, others: [], ports: [] }

function container(requests: Record<string, string>, more: Partial<Container> = {}): Container {
	return { name: "c", resources: { requests }, ...more }
}

describe("demandOf", () => {
	const cases: readonly { given: PodSpec; want: Partial<typeof NOTHING> & object; rule: string }[] = [
		{
			rule: "[K1] adds up its containers",
			given: { containers: [container({ cpu: "100m", memory: "1Gi" }), container({ cpu: "0.5" })] },
			want: { cpuMilli: 600, memoryBytes: 2 ** 30 },
		},
		{
			rule: "[K1] takes an init container that needs more than all containers",
			given: { containers: [container({ cpu: "100m" })], initContainers: [container({ cpu: "2" })] },
			want: { cpuMilli: 2000 },
		},
		{
			rule: "[K1] counts sidecars with the containers, and beside the init containers that follow them",
			given: {
				containers: [container({ cpu: "100m" })],
				initContainers: [
					container({ cpu: "300m" }, { restartPolicy: "Always" }),
					container({ cpu: "200m" }),
					container({ cpu: "50m" }, { restartPolicy: "Always" }),
				],
			},
			want: { cpuMilli: 500 },
		},
		{
			rule: "[K1] puts the overhead on top",
			given: { containers: [container({ cpu: "100m" })], overhead: { cpu: "10m", memory: "1M" } },
			want: { cpuMilli: 110, memoryBytes: 1_000_000 },
		},
		{
			rule: "[K1] lets requests of the pod itself replace the sum",
			given: { containers: [container({ cpu: "100m", memory: "1k" })], resources: { requests: { cpu: "1" } } },
			want: { cpuMilli: 1000, memoryBytes: 1000 },
		},
		{
			rule: "[K2] takes a limit where the request is missing",
			given: {
				containers: [{ name: "c", resources: { limits: { cpu: "1", memory: "2k" }, requests: { cpu: "300m" } } }],
			},
			want: { cpuMilli: 300, memoryBytes: 2000 },
		},
		{
			rule: "[K1] sorts extended resources by name",
			given: { containers: [container({ "nvidia.com/gpu": "1", "hugepages-2Mi": "4Mi", "ephemeral-storage": "1k" })] },
			want: {
				ephemeralBytes: 1000,
				others: [
					{ resource: "hugepages-2Mi", amount: 4 * 2 ** 20 },
					{ resource: "nvidia.com/gpu", amount: 1 },
				] as never,
			},
		},
		{
			rule: "[K3] takes host ports, and with hostNetwork every container port",
			given: {
				hostNetwork: true,
				containers: [
					{ name: "c", ports: [{ containerPort: 9100 }, { containerPort: 53, hostPort: 5353, protocol: "UDP" }] },
				],
			},
			want: {
				ports: [
					{ hostIP: "0.0.0.0", protocol: "TCP", port: 9100 },
					{ hostIP: "0.0.0.0", protocol: "UDP", port: 5353 },
				] as never,
			},
		},
	]
	for (const { rule, given, want } of cases) {
		it(rule, () => {
			expect(demandOf(given)).toEqual({ ...NOTHING, ...want })
		})
	}
})
