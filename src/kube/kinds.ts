import { groupOf } from "./object.ts"

/** What discovery says about a kind. */
export type Kind = {
	readonly group: string
	readonly version: string
	readonly kind: string
	readonly plural: string
	readonly singular: string
	readonly shortNames: readonly string[]
	readonly namespaced: boolean
}

export const SIMULATION_GROUP = "simulation.rollcall.dev"

// One line per kind: group/version, then Kind plural [short names]; `*` marks the kinds that live in a namespace.
const TABLE = `
v1 ComponentStatus componentstatuses cs
v1 *ConfigMap configmaps cm
v1 *Endpoints endpoints ep
v1 *Event events ev
v1 *LimitRange limitranges limits
v1 Namespace namespaces ns
v1 Node nodes no
v1 PersistentVolume persistentvolumes pv
v1 *PersistentVolumeClaim persistentvolumeclaims pvc
v1 *Pod pods po
v1 *PodTemplate podtemplates
v1 *ReplicationController replicationcontrollers rc
v1 *ResourceQuota resourcequotas quota
v1 *Secret secrets
v1 *Service services svc
v1 *ServiceAccount serviceaccounts sa
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions crd crds
apiregistration.k8s.io/v1 APIService apiservices
apps/v1 *ControllerRevision controllerrevisions
apps/v1 *DaemonSet daemonsets ds
apps/v1 *Deployment deployments deploy
apps/v1 *ReplicaSet replicasets rs
apps/v1 *StatefulSet statefulsets sts
autoscaling/v2 *HorizontalPodAutoscaler horizontalpodautoscalers hpa
batch/v1 *CronJob cronjobs cj
batch/v1 *Job jobs
certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests csr
coordination.k8s.io/v1 *Lease leases
discovery.k8s.io/v1 *EndpointSlice endpointslices
events.k8s.io/v1 *Event events ev
flowcontrol.apiserver.k8s.io/v1 FlowSchema flowschemas
flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration prioritylevelconfigurations
networking.k8s.io/v1 IPAddress ipaddresses ip
networking.k8s.io/v1 *Ingress ingresses ing
networking.k8s.io/v1 IngressClass ingressclasses
networking.k8s.io/v1 *NetworkPolicy networkpolicies netpol
networking.k8s.io/v1 ServiceCIDR servicecidrs
node.k8s.io/v1 RuntimeClass runtimeclasses
policy/v1 *PodDisruptionBudget poddisruptionbudgets pdb
rbac.authorization.k8s.io/v1 ClusterRole clusterroles
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings
rbac.authorization.k8s.io/v1 *Role roles
rbac.authorization.k8s.io/v1 *RoleBinding rolebindings
resource.k8s.io/v1 DeviceClass deviceclasses
resource.k8s.io/v1 *ResourceClaim resourceclaims
resource.k8s.io/v1 *ResourceClaimTemplate resourceclaimtemplates
resource.k8s.io/v1 ResourceSlice resourceslices
scheduling.k8s.io/v1 PriorityClass priorityclasses pc
storage.k8s.io/v1 CSIDriver csidrivers
storage.k8s.io/v1 CSINode csinodes
storage.k8s.io/v1 *CSIStorageCapacity csistoragecapacities
storage.k8s.io/v1 StorageClass storageclasses sc
storage.k8s.io/v1 VolumeAttachment volumeattachments
storage.k8s.io/v1 VolumeAttributesClass volumeattributesclasses vac
${SIMULATION_GROUP}/v1alpha1 NodePool nodepools np
${SIMULATION_GROUP}/v1alpha1 PodBehavior podbehaviors
${SIMULATION_GROUP}/v1alpha1 Scenario scenarios
`

/** Every kind that the cluster knows without being told, core group first. */
export const KINDS: readonly Kind[] = TABLE.trim().split("\n").map(kindOf)

const BY_KIND: ReadonlyMap<string, Kind> = new Map(KINDS.map((kind) => [`${kind.group}/${kind.kind}`, kind]))

/** A built-in kind; undefined for custom resources and for names of other groups. */
export function findKind(group: string, kind: string): Kind | undefined {
	return BY_KIND.get(`${group}/${kind}`)
}

/** What users type: `ds`, `daemonset`, `daemonsets.apps`, `daemonsets.v1.apps`, `DaemonSet`; case does not matter. */
export function resolveKind(typed: string): Kind | undefined {
	const text = typed.toLowerCase()
	const dot = text.indexOf(".")
	const word = dot < 0 ? text : text.slice(0, dot)
	const group = dot < 0 ? undefined : text.slice(dot + 1)
	return KINDS.find(
		(kind) =>
			(group === undefined ||
				group === kind.group ||
				`${kind.version}.${kind.group}` === `${group}${kind.group === "" ? "." : ""}`) &&
			(word === kind.plural || word === kind.singular || kind.shortNames.includes(word)),
	)
}

/** The apiVersion that the cluster stores a kind under: `apps/v1`, `v1`. */
export function apiVersionOf({ group, version }: Pick<Kind, "group" | "version">): string {
	return group === "" ? version : `${group}/${version}`
}

/** Whether objects of this kind live in a namespace; undefined where the kind is not built in. */
export function isNamespaced(apiVersion: string, kind: string): boolean | undefined {
	return findKind(groupOf(apiVersion), kind)?.namespaced
}

/** As messages name the resource of an object: `daemonsets.apps`, `nodes`; custom resources by their kind. */
export function resourceName({ apiVersion, kind }: { readonly apiVersion: string; readonly kind: string }): string {
	const group = groupOf(apiVersion)
	const plural = findKind(group, kind)?.plural ?? kind.toLowerCase()
	return group === "" ? plural : `${plural}.${group}`
}

function kindOf(line: string): Kind {
	const [groupVersion = "", marked = "", plural = "", ...shortNames] = line.split(" ")
	const group = groupOf(groupVersion)
	const kind = marked.replace("*", "")
	return {
		group,
		version: group === "" ? groupVersion : groupVersion.slice(group.length + 1),
		kind,
		plural,
		singular: kind.toLowerCase(),
		shortNames,
		namespaced: marked.startsWith("*"),
	}
}
