/**
 * All that kubectl may print otherwise against Rollcall than against the control plane that was recorded, and why.
 * What is not named here is compared as it stands: words, order of lines, columns and the blanks between them; and of
 * what goes over the wire each request, its status, content type and warnings, and the body of the answer.
 */

/** What chance, time or the network decides; `word` stands for it in what is compared. */
export type Mask = { readonly why: string; readonly pattern: RegExp; readonly word: string }

/** Names of pods and hashes are made of these. */
const SAFE = "[bcdfghjklmnpqrstvwxz2456789]"

export const MASKS: readonly Mask[] = [
	{ why: "a pod's name ends by chance", pattern: RegExp(`log-agent-${SAFE}{5}\\b`, "g"), word: "POD" },
	{
		why: "a revision's hash is of how Go prints its template",
		pattern: RegExp(`(?<=log-agent-|controller-revision-hash(?:=|: |": "))${SAFE}{7,10}\\b`, "g"),
		word: "HASH",
	},
	{ why: "an Event's name ends with its nanosecond", pattern: /(?<=[\w-])\.[0-9a-f]{16}\b/g, word: ".TIME" },
	{ why: "uids are chance's", pattern: /\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/g, word: "UID" },
	{ why: "versions count what else was written", pattern: /(?<=resourceVersion"?: ")\d+(?=")/g, word: "VERSION" },
	{
		why: "what time it is",
		pattern: /\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000|\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z| \+0000)/g,
		word: "TIME",
	},
	{ why: "addresses are the network's", pattern: /https?:\/\/127\.0\.0\.1:\d+/g, word: "SERVER" },
	{ why: "addresses are the network's", pattern: /\b\d+\.\d+\.\d+\.\d+\b/g, word: "ADDRESS" },
	{ why: "kubectl diff makes folders of its own", pattern: /(?<= )\S*\/(LIVE|MERGED)(?:-\d+)?(?=\/)/g, word: "$1" },
	{ why: "digests of what never ran are made up", pattern: /containerd:\/\/[0-9a-f]{64}/g, word: "CONTAINER" },
	{
		why: "digests of what never ran are made up",
		pattern: /docker\.io\/library\/\w+@sha256:[0-9a-f]{64}/g,
		word: "IMAGE",
	},
	{
		why: "the widest key of a described pod's end is of the token that is not mounted",
		pattern: /^(QoS Class:|Node-Selectors:|Tolerations:|) +(?=Burstable$|<none>$|node[\w./-]+:No\w+ op=Exists$)/g,
		word: "$1 ",
	},
	{
		why: "no controller tells kubelets how long to keep Secrets",
		pattern: /(?<=^Annotations: {8})(?:node\.alpha\.kubernetes\.io\/ttl: 0|<none>)$/g,
		word: "TTL",
	},
	{
		why: "the scheduler is on another machine",
		pattern: /(?<=default-scheduler, default-scheduler-)\w+/g,
		word: "MACHINE",
	},
	{
		why: "another build, and not by Go",
		pattern: /(?<="(?:gitCommit|goVersion|compiler)": ")[^"]*(?=")/g,
		word: "BUILD",
	},
]

/** Columns whose cells are ages. */
export const AGES: ReadonlySet<string> = new Set(["AGE", "Age", "LAST SEEN", "FIRST SEEN"])

/** What stands in the order of names that end by chance: its rows are sorted, what is said of one stays together. */
export const BY_CHANCE = RegExp(`log-agent-${SAFE}{5,10}\\b`)

/** Commands whose rows are in the order of time, and those of one second in that of chance: they are sorted. */
export const BY_TIME = /^kubectl events|--sort-by=.lastTimestamp/

/** No ServiceAccount's token is mounted: pods that run nothing talk to no API. */
const TOKEN = [
	/^ {4}- mountPath: \/var\/run\/secrets\/kubernetes\.io\/serviceaccount\n {6}name: kube-api-access-\w{5}\n {6}readOnly: true\n/gm,
	/^ {2}- name: kube-api-access-\w{5}\n(?: {4,}.*\n)+/gm,
	/^ {6}\/var\/run\/secrets\/kubernetes\.io\/serviceaccount from kube-api-access-\w{5} \(ro\)\n/gm,
	/^ {2}kube-api-access-\w{5}:\n(?: {4}.*\n)+/gm,
]

type Line = { readonly why: string; readonly pattern: RegExp }

/** Lines that either side may have, or not, any number of times. */
export const LINES: readonly Line[] = [
	{
		why: "how often rollout status looks, and what it sees by then, is the moment's",
		pattern:
			/^Waiting for daemon set "log-agent" rollout to finish: (?:\d out of 5 new pods have been updated|\d of 5 updated pods are available)\.\.\.\n/gm,
	},
	{
		why: "where a kubelet lists this condition: the recorded one first, as the scheduler left it; a real one last",
		pattern:
			/^ {2}(?:- lastProbeTime: null\n.*\n(?: {4}observedGeneration: 1\n)? {4}status: "True"\n {4}type: )?PodScheduled(?: +True )?\n/gm,
	},
	...TOKEN.map((pattern) => ({ why: "pods that run nothing mount no token", pattern })),
	{ why: "of autoscalers only the newer form", pattern: /^autoscaling\/v1\n/gm },
	{
		why: "kinds of Rollcall's own, and its metrics",
		pattern: /^(?:simulation\.rollcall\.dev|metrics\.k8s\.io)\/\w+\n/gm,
	},
	{
		why: "no controller tells kubelets how long to keep Secrets",
		pattern: /^ {20}node\.alpha\.kubernetes\.io\/ttl: 0\n/gm,
	},
	{
		why: "the recorded kubelet never took these back",
		pattern: /^ {4}(?:message: 'containers with unready status: \[agent\]'|reason: ContainersNotReady)\n/gm,
	},
]

/** Rows of tables that either side may have, or not. */
export const ROWS: readonly Line[] = [
	{ why: "the recorded kubelets had every image; simulated ones pull them", pattern: /\| Pull(?:ing|ed) \|/ },
	{ why: "the recorded kubelets said nothing of themselves", pattern: /\| NodeReady \|/ },
	{
		why: "nobody schedules by the API",
		pattern: /^bindings \|/,
	},
	{ why: "nodes of another cluster before, of the same names", pattern: /\| RemovingNode \|/ },
	{ why: "kinds of Rollcall's own, and its metrics", pattern: /\| (?:simulation\.rollcall\.dev|metrics\.k8s\.io)\// },
]

/** Cells of tables beside others. */
export const CELLS: readonly Mask[] = [
	{
		why: "the recorded kubelets may say it twice",
		pattern: /^AGE \(x2 over AGE\)(?= \| Normal \| Killing \|)/,
		word: "AGE",
	},
	{ why: "the recorded kubelets may say it twice", pattern: /(?<=\| Killing \|.*\| AGE \| )2(?= \|)/, word: "1" },
	{
		why: "how many a controller may write is a question of how fast",
		pattern: /^AGE \(x\d+ over AGE\)(?=.*\(combined from similar events\))/,
		word: "AGE",
	},
	{
		why: "how many a controller may write is a question of how fast",
		pattern: /(?<=\(combined from similar events\).* AGE \| )\d+(?= \|)/,
		word: "COUNT",
	},
]

/** While pods come and go, how many there are of which kind is the moment's, and which rows they have. */
export const COUNTS: ReadonlySet<string> = new Set([
	"CURRENT",
	"READY",
	"UP-TO-DATE",
	"AVAILABLE",
	"Requests",
	"Limits",
])
export const IN_FLIGHT_MASKS: readonly Mask[] = [
	{ why: "how many pods are on the node by now", pattern: /\(\d in total\)/g, word: "COUNT" },
]

export const IN_FLIGHT_LINES: readonly Line[] = [
	{
		why: "how far the rollout is by now",
		pattern: /^ +(?:numberAvailable|numberReady|numberUnavailable|updatedNumberScheduled): \d\n/gm,
	},
	{
		why: "when the controller wrote last, and so where its entry stands",
		pattern:
			/^ {2}- apiVersion: apps\/v1\n {4}fieldsType: FieldsV1\n {4}fieldsV1:\n {6}f:status:\n(?: {8}.*\n)+ {4}manager: kube-controller-manager\n(?: {4}(?:operation|subresource|time): .*\n)+/gm,
	},
]

/** Whether the controller writes a status between kubectl's read and its write: who is told this is to do it again. */
export const OVERTAKEN = "please apply your changes to the latest version and try again"

/** A list of nothing but what is going, and what is said of it where that is gone by now: which one is the moment's. */
export const GOING = /^NAME .*\n(?:.* Terminating .*\n)+--- exit 0 ---\n$/
export const GONE = "--- stderr ---\nNo resources found in default namespace.\n--- exit 0 ---\n"

/** Commands that were run while pods came and went. */
export const IN_FLIGHT: ReadonlySet<string> = new Set([
	"get-ds-early.txt: kubectl get ds",
	"get-ds-early.txt: kubectl get pods -o wide",
	"get-ds-rolling.txt: kubectl get ds -o wide",
	"get-ds-rolling.txt: kubectl get pods -o wide",
	"label-taint.txt: kubectl describe node worker-3",
	"label-taint.txt: kubectl get ds",
	"delete-pod.txt: kubectl get pods",
	"replace-create.txt: kubectl get ds log-agent -o yaml --show-managed-fields",
	"delete-ds.txt: kubectl get ds,pods",
	"delete-ds.txt: kubectl get ds,pods,controllerrevisions",
])

/** What the recorded cluster could not answer, or answered of itself: these are run, and held elsewhere. */
export const NOT_COMPARED: ReadonlyMap<string, string> = new Map([
	["kubectl logs log-agent-nkg2s", "the recorded kubelets could not be reached"],
	["kubectl top nodes", "the recorded cluster had no metrics"],
	["kubectl get cm -A", "no pod asks the API for anything: there are no certificates for them"],
	["kubectl auth whoami", "another user"],
])

/** Requests that either side may have beside the others, and answers that may be of another kind. */
export const REQUESTS: readonly { readonly why: string; readonly commands: RegExp; readonly pattern: RegExp }[] = [
	{
		why: "how long there is to wait, and what kubectl finds each time it looks",
		commands: /^kubectl (?:rollout status|delete|drain)/,
		pattern: /^GET \S+\/(?:daemonsets|pods)/,
	},
	{
		why: "kubectl keeps the list of documents for as long as it likes",
		commands: /./,
		pattern: /^GET \/openapi\/v3 timeout=32s -> (?:200 text\/plain; charset=utf-8|304)$/,
	},
	{
		why: "whether the controller writes between the apply and what kubectl adds to it",
		commands: /--force-conflicts/,
		pattern: /^(?:PATCH \S+ fieldManager=kubectl fieldValidation=Strict -> 409|GET \S+\/log-agent ->) /,
	},
	{
		why: "the recorded build asks for the version before it begins",
		commands: /./,
		pattern: /^GET \/version timeout=5s/,
	},
	{ why: "the recorded kubelets could not be reached", commands: /^kubectl logs/, pattern: /\/log container=agent/ },
	{ why: "the recorded cluster had no metrics", commands: /^kubectl top/, pattern: /./ },
]

/** Parameters of requests that chance and time decide, like the order of a field selector's terms. */
export const PARAMETERS = /^(?:resourceVersion|timeoutSeconds|hash)$/

/** Answers whose bodies are not compared. */
export const BODIES: readonly Line[] = [
	{ why: "the documents are others, without prose", pattern: /^\/openapi\// },
	{
		why: "as many Events as there were pods, in the order of their names; what is printed is compared",
		pattern: /\/events\?/,
	},
]

/** An age in a cell. */
export const AGE = /^(?:\d+[smhdy]){1,2}$/

/** Members of JSON that either side may have, or not, or with another content. */
export const FREE_MEMBERS: ReadonlyMap<string, string> = new Map([
	["managedFields", "who wrote what is held by managed-fields.test.ts; who wrote before is another story"],
	["description", "Rollcall has Kubernetes' facts, not its prose"],
	["storageVersionHash", "nobody migrates storage here"],
	["node.alpha.kubernetes.io/ttl", "no controller tells kubelets how long to keep Secrets"],
	["deprecated.daemonset.template.generation", "the real server leaves it out of the metadata of a Table's rows"],
	...["numberAvailable", "numberReady", "numberUnavailable", "updatedNumberScheduled", "observedGeneration"].map(
		(count): [string, string] => [count, "how far a rollout is by now; what is printed at the end is compared"],
	),
])

/** Items of lists in JSON that either side may have, or not. */
export const FREE_ITEMS: readonly { readonly why: string; readonly list: string; readonly is: RegExp }[] = [
	{ why: "pods that run nothing mount no token", list: "volumes", is: /"kube-api-access-/ },
	{ why: "pods that run nothing mount no token", list: "volumeMounts", is: /"kube-api-access-/ },
	{
		why: "what kubelets say is held by describe pod",
		list: "conditions",
		is: /"type": "(?:PodScheduled|Ready|ContainersReady)"/,
	},
	{
		why: "of autoscalers only the newer form",
		list: "versions",
		is: /"kind": "HorizontalPodAutoscaler"[\s\S]*"version": "v1"/,
	},
	{
		why: "what nobody does here: to sign, to schedule or to reach what runs nowhere",
		list: "subresources",
		is: /"subresource": "(?:approval|binding|ephemeralcontainers|finalize|proxy|resize|token)"/,
	},
	{
		why: "kinds of Rollcall's own, and its metrics",
		list: "items",
		is: /"name": "(?:simulation\.rollcall\.dev|metrics\.k8s\.io)"/,
	},
	{
		why: "nobody schedules by the API",
		list: "resources",
		is: /"kind": "Binding"/,
	},
]
