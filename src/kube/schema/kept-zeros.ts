/**
 * The server drops members that are zero, false or empty, unless its own type tells an explicit zero from none. The
 * documents do not say which types do; these are the ones that pods and what surrounds them have.
 */
const NAMES = new Set(
	(
		"activeDeadlineSeconds allowPrivilegeEscalation automountServiceAccountToken backoffLimit blockOwnerDeletion " +
		"collisionCount completions controller defaultMode deletionGracePeriodSeconds enableServiceLinks expirationSeconds " +
		"fsGroup hostProcess hostUsers immutable lun maxSurge maxUnavailable minDomains mode optional parallelism partition " +
		"preemptionPolicy priority privileged progressDeadlineSeconds readOnlyRootFilesystem replicas revisionHistoryLimit " +
		"runAsGroup runAsNonRoot runAsUser service setHostnameAsFQDN shareProcessNamespace suspend " +
		"terminationGracePeriodSeconds tolerationSeconds ttlSecondsAfterFinished allocateLoadBalancerNodePorts " +
		"gracePeriodSeconds orphanDependents minAvailable failedJobsHistoryLimit startingDeadlineSeconds successfulJobsHistoryLimit " +
		"minReplicas stabilizationWindowSeconds allowVolumeExpansion attachRequired podInfoOnMount requiresRepublish " +
		"storageCapacity leaseTransitions"
	).split(" "),
)
const FIELDS = new Set([
	"core.v1.HostPathVolumeSource.type",
	"core.v1.CSIVolumeSource.readOnly",
	"core.v1.AzureDiskVolumeSource.readOnly",
	"core.v1.PodDNSConfigOption.value",
	"core.v1.PersistentVolumeClaimSpec.storageClassName",
])
const KNOWN = /^(core|apps|meta|scheduling)\./

/** Whether an explicit zero of this field is stored as such. */
export function keepsZero(shape: string, field: string): boolean {
	// Of other groups too little is known to take anything away.
	return !KNOWN.test(shape) || mayBeNone(shape, field)
}

/** Whether the field's own type tells an explicit zero from none. */
export function mayBeNone(shape: string, field: string): boolean {
	// A status counts its replicas with plain numbers.
	if (shape.endsWith("Status")) return field === "collisionCount"
	return NAMES.has(field) || FIELDS.has(`${shape}.${field}`)
}
