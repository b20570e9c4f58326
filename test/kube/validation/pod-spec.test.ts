import { expect, test } from "vitest"
import { type KubeObject, prepareCreate, validateCreate } from "../../../src/kube/index.ts"

const agent = (pod: object, metadata: object = {}): KubeObject =>
	({
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "x" },
		spec: {
			selector: { matchLabels: { a: "b" } },
			template: {
				metadata: { labels: { a: "b" }, ...metadata },
				spec: { containers: [{ name: "c", image: "i" }], ...pod },
			},
		},
	}) as unknown as KubeObject
const container = (body: object, pod: object = {}): KubeObject =>
	agent({ containers: [{ name: "c", image: "i", ...body }], ...pod })
const volume = (source: object): KubeObject => agent({ volumes: [{ name: "v", ...source }] })
const C = "containers[0]"
const TERM = { topologyKey: "zone", labelSelector: { matchLabels: { app: "web" } } }
const anti = (term: object): KubeObject =>
	agent({ affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ ...TERM, ...term }] } } })
const ANTI = "affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution[0]"

/** `Type field` of every error, the fields below the pod's spec. */
function refused(object: KubeObject): readonly string[] {
	return validateCreate(prepareCreate(object)).map(
		({ type, field }) => `${type} ${field.replace("spec.template.spec.", "")}`,
	)
}

test.each<[string, KubeObject, readonly string[]]>([
	[
		"a mount without a name",
		container({ volumeMounts: [{ mountPath: "/v" }] }),
		[`Required ${C}.volumeMounts[0].name`, `NotFound ${C}.volumeMounts[0].name`],
	],
	[
		"a sub path that goes up",
		container({ volumeMounts: [{ name: "v", mountPath: "/v", subPath: "a/../b" }] }, { volumes: [{ name: "v" }] }),
		[`Invalid ${C}.volumeMounts.subPath`],
	],
	[
		"a recursive mount that can be written",
		container(
			{ volumeMounts: [{ name: "v", mountPath: "/v", recursiveReadOnly: "Enabled" }] },
			{ volumes: [{ name: "v" }] },
		),
		[`Forbidden ${C}.volumeMounts.recursiveReadOnly`],
	],
	[
		"a device of no claim, mounted as well",
		container(
			{ volumeMounts: [{ name: "v", mountPath: "/v" }], volumeDevices: [{ name: "v", devicePath: "/dev/v" }] },
			{ volumes: [{ name: "v" }] },
		),
		[`Invalid ${C}.volumeMounts[0].name`, `Invalid ${C}.volumeDevices[0].name`, `Invalid ${C}.volumeDevices[0].name`],
	],
	[
		"a device without path",
		container({ volumeDevices: [{ name: "v" }] }),
		[`NotFound ${C}.volumeDevices[0].name`, `Required ${C}.volumeDevices[0].devicePath`],
	],
	["envFrom of nothing", container({ envFrom: [{ prefix: "A_" }] }), [`Invalid ${C}.envFrom`]],
	[
		"a divisor that memory has not",
		container({ env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.memory", divisor: "1m" } } }] }),
		[`Invalid ${C}.env[0].valueFrom.resourceFieldRef.divisor`],
	],
	[
		"divisors that there are",
		container({
			env: ["1Mi", "1k", "0"].map((divisor, index) => ({
				name: `A${index}`,
				valueFrom: { resourceFieldRef: { resource: "requests.memory", divisor } },
			})),
		}),
		[],
	],
	[
		"a hook that sleeps longer than the pod may take",
		container({ lifecycle: { preStop: { sleep: { seconds: 31 } } } }),
		[`Invalid ${C}.lifecycle.preStop.sleep`],
	],
	["a hook that sleeps", container({ lifecycle: { preStop: { sleep: { seconds: 30 } } } }), []],
	["a resize policy", container({ resizePolicy: [{ resourceName: "cpu", restartPolicy: "NotRequired" }] }), []],
	[
		"resize policies with slips",
		container({
			resizePolicy: ["cpu", "cpu", "gpu"].map((resourceName) => ({ resourceName, restartPolicy: "Later" })),
		}),
		[
			`NotSupported ${C}.resizePolicy`,
			`Duplicate ${C}.resizePolicy[1]`,
			`NotSupported ${C}.resizePolicy`,
			`NotSupported ${C}.resizePolicy`,
			`NotSupported ${C}.resizePolicy`,
		],
	],
	[
		"two containers without names",
		agent({ containers: [{ image: "i" }, { image: "i" }] }),
		[`Required ${C}.name`, "Required containers[1].name", "Duplicate containers[1].name"],
	],
	[
		"a port of an init container on the node's network",
		agent({
			hostNetwork: true,
			initContainers: [{ name: "i", image: "i", ports: [{ containerPort: 1, hostPort: 2 }] }],
		}),
		[],
	],
	[
		"a restart policy that is none",
		agent({ restartPolicy: "Sometimes" }),
		["NotSupported restartPolicy", "NotSupported restartPolicy"],
	],
	[
		"shared processes on the node's",
		agent({ hostPID: true, shareProcessNamespace: true, securityContext: {} }),
		["Invalid securityContext.shareProcessNamespace"],
	],
	[
		"sysctls of the node's own",
		agent({
			hostNetwork: true,
			securityContext: {
				sysctls: [
					{ name: "net.core.somaxconn", value: "1" },
					{ name: "kernel.sem", value: "1" },
				],
			},
		}),
		["Invalid securityContext.sysctls[0].name"],
	],
	[
		"an SELinux policy",
		agent({ securityContext: { seLinuxChangePolicy: "MountOption" } }),
		["NotSupported securityContext.seLinuxChangePolicy"],
	],
	[
		"profiles with slips",
		agent({
			securityContext: {
				seccompProfile: { type: "Localhost", localhostProfile: "/etc/x" },
				appArmorProfile: { type: "Localhost", localhostProfile: " x" },
			},
		}),
		[
			"Invalid securityContext.seccompProfile.localhostProfile",
			"Invalid securityContext.appArmorProfile.localhostProfile",
		],
	],
	[
		"a label value that cannot be, only preferred",
		agent({
			affinity: {
				nodeAffinity: {
					preferredDuringSchedulingIgnoredDuringExecution: [
						{ weight: 1, preference: { matchExpressions: [{ key: "a", operator: "In", values: ["b c"] }] } },
					],
				},
			},
		}),
		[],
	],
	[
		"label keys on both sides",
		anti({ matchLabelKeys: ["x"], mismatchLabelKeys: ["x"] }),
		[`Invalid ${ANTI}.matchLabelKeys[0]`],
	],
	[
		"label keys of no selector",
		anti({ matchLabelKeys: ["x"], labelSelector: null }),
		[`Forbidden ${ANTI}.matchLabelKeys`],
	],
	[
		"spread keys that the selector has",
		agent({
			topologySpreadConstraints: [{ ...TERM, maxSkew: 1, whenUnsatisfiable: "DoNotSchedule", matchLabelKeys: ["app"] }],
		}),
		["Invalid topologySpreadConstraints[0].matchLabelKeys[0]"],
	],
	[
		"an NFS without path",
		volume({ nfs: { server: "s" } }),
		["Required volumes[0].nfs.path", "Invalid volumes[0].nfs.path"],
	],
	["a disk without name", volume({ gcePersistentDisk: {} }), ["Required volumes[0].persistentDisk.pdName"]],
	[
		"a host path of a type without path",
		volume({ hostPath: { type: "Nothing" } }),
		["Required volumes[0].hostPath.path"],
	],
	[
		"an initiator of no form",
		volume({ iscsi: { targetPortal: "p", iqn: "iqn.x", lun: 256 } }),
		["Invalid volumes[0].iscsi.iqn", "Invalid volumes[0].iscsi.lun"],
	],
	["a fibre channel of nothing", volume({ fc: {} }), ["Required volumes[0].fc.targetWWNs"]],
	[
		"a claim on a file beside another source",
		volume({ emptyDir: {}, downwardAPI: {} }),
		["Forbidden volumes[0].downwarAPI"],
	],
	["keys of any form", volume({ configMap: { name: "m", items: [{ key: "a b", path: "p" }] } }), []],
	[
		"one path twice",
		volume({
			projected: { sources: ["a", "b"].map((name) => ({ configMap: { name, items: [{ key: "k", path: "p" }] } })) },
		}),
		["Invalid volumes[0].projected"],
	],
	["a search domain of underscores", agent({ dnsConfig: { searches: ["_sip._tcp.example.com", "."] } }), []],
	["a search domain of nothing", agent({ dnsConfig: { searches: [""] } }), ["Invalid dnsConfig.searches[0]"]],
	[
		"a host alias that is no name",
		agent({ hostAliases: [{ ip: "1.2.3.4", hostnames: ["ok", "not_ok"] }] }),
		["Invalid hostAliases[0].hostnames[1]"],
	],
	[
		"Linux in a Windows pod",
		agent({
			os: { name: "windows" },
			hostPID: true,
			securityContext: { runAsUser: 0 },
			containers: [{ name: "c", image: "i", securityContext: { privileged: true } }],
		}),
		["Forbidden hostPID", "Forbidden securityContext.runAsUser", `Forbidden ${C}.securityContext.privileged`],
	],
	[
		"Windows in a Linux pod",
		agent({ os: { name: "linux" }, securityContext: { windowsOptions: {} } }),
		["Forbidden securityContext.windowsOptions"],
	],
	[
		"a process of the node in a network of its own",
		container({ securityContext: { windowsOptions: { hostProcess: true } } }),
		["Invalid hostNetwork"],
	],
	[
		"a pod that asks for less than its containers",
		container(
			{ resources: { requests: { cpu: "2" }, limits: { memory: "2Gi" } } },
			{ resources: { requests: { cpu: "1" }, limits: { memory: "1Gi" } } },
		),
		["Invalid resources.requests[cpu]", `Invalid resources.${C}[memory].limits`],
	],
	[
		"a pod that asks for what pods cannot ask for",
		agent({ resources: { requests: { "ephemeral-storage": "1Gi", cpu: "2" }, limits: { cpu: "1" } } }),
		["NotSupported resources.requests[ephemeral-storage]", "Invalid resources.requests"],
	],
	[
		"claims of nothing, and twice",
		agent({ resourceClaims: [{ name: "a" }, { name: "a", resourceClaimName: "b" }] }),
		["Invalid resourceClaims[0]", "Duplicate resourceClaims[1].name"],
	],
	[
		"annotations that pods cannot have",
		agent(
			{},
			{
				annotations: {
					"controller.kubernetes.io/pod-deletion-cost": "+1",
					"kubernetes.io/config.mirror": "x",
					"container.apparmor.security.beta.kubernetes.io/none": "unconfined",
				},
			},
		),
		[
			"Invalid spec.template.annotations[kubernetes.io/config.mirror]",
			"Invalid spec.template.annotations[controller.kubernetes.io/pod-deletion-cost]",
			"Invalid spec.template.annotations[container.apparmor.security.beta.kubernetes.io/none]",
		],
	],
])("[A3] validateCreate on %s", (_title, object, want) => {
	expect(refused(object)).toEqual(want)
})
