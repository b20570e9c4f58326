/**
 * Messages that kubectl sends as protobuf whatever the server says that it reads: what `kubectl create KIND` makes in its
 * own words, options, and reviews. A line reads `Name [kind, where it is sent by itself]: field=NUMBER:TYPE …`. Types as in
 * schema facts: `s` text, `b` flag, `i` number, `y` bytes, `q` quantity, `x` int or string, `@Name` a message, `[TYPE` a
 * list, `{TYPE` a map; `~@Name` is a message whose members stand in this one, `-` is passed over.
 */
const TABLE = `
ObjectMeta: name=1:s generateName=2:s namespace=3:s creationTimestamp=8:- labels=11:{s annotations=12:{s ownerReferences=13:[@OwnerReference finalizers=14:[s
OwnerReference: kind=1:s name=3:s uid=4:s apiVersion=5:s controller=6:b blockOwnerDeletion=7:b
LabelSelector: matchLabels=1:{s matchExpressions=2:[@LabelSelectorRequirement
LabelSelectorRequirement: key=1:s operator=2:s values=3:[s
ConfigMap *: metadata=1:@ObjectMeta data=2:{s binaryData=3:{y immutable=4:b
Namespace *: metadata=1:@ObjectMeta spec=2:- status=3:-
PriorityClass *: metadata=1:@ObjectMeta value=2:i globalDefault=3:b description=4:s preemptionPolicy=5:s
Secret *: metadata=1:@ObjectMeta data=2:{y type=3:s stringData=4:{s immutable=5:b
ServiceAccount *: metadata=1:@ObjectMeta automountServiceAccountToken=4:b
ResourceQuota *: metadata=1:@ObjectMeta spec=2:@ResourceQuotaSpec status=3:-
ResourceQuotaSpec: hard=1:{q scopes=2:[s
Service *: metadata=1:@ObjectMeta spec=2:@ServiceSpec status=3:-
ServiceSpec: ports=1:[@ServicePort selector=2:{s clusterIP=3:s type=4:s externalIPs=5:[s sessionAffinity=7:s loadBalancerIP=8:s externalName=10:s externalTrafficPolicy=11:s clusterIPs=18:[s
ServicePort: name=1:s protocol=2:s port=3:i targetPort=4:x nodePort=5:i appProtocol=6:s
PodDisruptionBudget *: metadata=1:@ObjectMeta spec=2:@PodDisruptionBudgetSpec status=3:-
PodDisruptionBudgetSpec: minAvailable=1:x selector=2:@LabelSelector maxUnavailable=3:x unhealthyPodEvictionPolicy=4:s
Deployment *: metadata=1:@ObjectMeta spec=2:@DeploymentSpec status=3:-
DeploymentSpec: replicas=1:i selector=2:@LabelSelector template=3:@PodTemplateSpec strategy=4:@DeploymentStrategy minReadySeconds=5:i revisionHistoryLimit=6:i paused=7:b progressDeadlineSeconds=9:i
DeploymentStrategy: type=1:s rollingUpdate=2:@RollingUpdateDeployment
RollingUpdateDeployment: maxUnavailable=1:x maxSurge=2:x
PodTemplateSpec: metadata=1:@ObjectMeta spec=2:@PodSpec
PodSpec: containers=2:[@Container restartPolicy=3:s terminationGracePeriodSeconds=4:i dnsPolicy=6:s nodeSelector=7:{s serviceAccountName=8:s serviceAccount=9:s nodeName=10:s securityContext=14:@Empty schedulerName=19:s priorityClassName=24:s
Empty:
Container: name=1:s image=2:s command=3:[s args=4:[s workingDir=5:s ports=6:[@ContainerPort env=7:[@EnvVar resources=8:@ResourceRequirements terminationMessagePath=13:s imagePullPolicy=14:s stdin=16:b stdinOnce=17:b tty=18:b terminationMessagePolicy=20:s
ContainerPort: name=1:s hostPort=2:i containerPort=3:i protocol=4:s hostIP=5:s
EnvVar: name=1:s value=2:s
ResourceRequirements: limits=1:{q requests=2:{q
Job *: metadata=1:@ObjectMeta spec=2:@JobSpec status=3:-
JobSpec: parallelism=1:i completions=2:i activeDeadlineSeconds=3:i selector=4:@LabelSelector manualSelector=5:b template=6:@PodTemplateSpec backoffLimit=7:i ttlSecondsAfterFinished=8:i completionMode=9:s suspend=10:b podReplacementPolicy=14:s
CronJob *: metadata=1:@ObjectMeta spec=2:@CronJobSpec status=3:-
CronJobSpec: schedule=1:s startingDeadlineSeconds=2:i concurrencyPolicy=3:s suspend=4:b jobTemplate=5:@JobTemplateSpec successfulJobsHistoryLimit=6:i failedJobsHistoryLimit=7:i timeZone=8:s
JobTemplateSpec: metadata=1:@ObjectMeta spec=2:@JobSpec
Role *: metadata=1:@ObjectMeta rules=2:[@PolicyRule
ClusterRole *: metadata=1:@ObjectMeta rules=2:[@PolicyRule aggregationRule=3:@AggregationRule
PolicyRule: verbs=1:[s apiGroups=2:[s resources=3:[s resourceNames=4:[s nonResourceURLs=5:[s
AggregationRule: clusterRoleSelectors=1:[@LabelSelector
RoleBinding *: metadata=1:@ObjectMeta subjects=2:[@Subject roleRef=3:@RoleRef
ClusterRoleBinding *: metadata=1:@ObjectMeta subjects=2:[@Subject roleRef=3:@RoleRef
Subject: kind=1:s apiGroup=2:s name=3:s namespace=4:s
RoleRef: apiGroup=1:s kind=2:s name=3:s
Ingress *: metadata=1:@ObjectMeta spec=2:@IngressSpec status=3:-
IngressSpec: defaultBackend=1:@IngressBackend tls=2:[@IngressTLS rules=3:[@IngressRule ingressClassName=4:s
IngressBackend: service=4:@IngressServiceBackend
IngressServiceBackend: name=1:s port=2:@ServiceBackendPort
ServiceBackendPort: name=1:s number=2:i
IngressTLS: hosts=1:[s secretName=2:s
IngressRule: host=1:s value=2:~@IngressRuleValue
IngressRuleValue: http=1:@HTTPIngressRuleValue
HTTPIngressRuleValue: paths=1:[@HTTPIngressPath
HTTPIngressPath: path=1:s backend=2:@IngressBackend pathType=3:s
DeleteOptions *: gracePeriodSeconds=1:i preconditions=2:@Preconditions orphanDependents=3:b propagationPolicy=4:s dryRun=5:[s
Preconditions: uid=1:s resourceVersion=2:s
Eviction *: metadata=1:@ObjectMeta deleteOptions=2:@DeleteOptions
SelfSubjectReview *: metadata=1:- status=2:-
SelfSubjectRulesReview *: metadata=1:- spec=2:@RulesSpec status=3:-
RulesSpec: namespace=1:s
SelfSubjectAccessReview *: metadata=1:- spec=2:@AccessSpec status=3:-
AccessSpec: resourceAttributes=1:@ResourceAttributes nonResourceAttributes=2:@NonResourceAttributes
ResourceAttributes: namespace=1:s verb=2:s group=3:s version=4:s resource=5:s subresource=6:s name=7:s
NonResourceAttributes: path=1:s verb=2:s
`

export type Field = { readonly name: string; readonly type: string }
export type Message = ReadonlyMap<number, Field>

const LINES: ReadonlyMap<string, string> = new Map(
	TABLE.trim()
		.split("\n")
		.map((line) => {
			const colon = line.indexOf(":")
			return [line.slice(0, colon), line.slice(colon + 1)] as const
		}),
)

const known = new Map<string, Message>()

/** The message that a kind is sent as; undefined where kubectl sends it as JSON, or not at all. */
export function messageOfKind(kind: string): Message | undefined {
	return LINES.has(`${kind} *`) ? messageNamed(kind) : undefined
}

/** A message of the table. */
export function messageNamed(name: string): Message {
	const before = known.get(name)
	if (before !== undefined) return before
	const line = LINES.get(name) ?? LINES.get(`${name} *`) ?? ""
	const fields = [...line.matchAll(/(\w+)=(\d+):(\S+)/g)]
	const message = new Map(fields.map(([, field = "", number, type = ""]) => [Number(number), { name: field, type }]))
	known.set(name, message)
	return message
}
