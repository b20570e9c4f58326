import { formatAge } from "../../base/index.ts"
import type { KubeObject, StringMap } from "../object.ts"
import { summarizePod } from "../pod-summary.ts"
import type { LabelSelector, Pod } from "../types.ts"
import { metricsText } from "./autoscaler-metrics.ts"
import {
	AGE,
	ageOf,
	type Column,
	conditionOf,
	count,
	flag,
	instantOf,
	itemsAt,
	labelText,
	NAME,
	NONE,
	orNone,
	selectorText,
	sizeAt,
	text,
	textAt,
	UNSET,
	valueAt,
	wide,
} from "./column.ts"

const POD: readonly Column[] = [
	NAME,
	text("Ready", (pod) => {
		const { ready, containers } = summarizePod(pod as Pod)
		return `${ready}/${containers}`
	}),
	text("Status", (pod) => summarizePod(pod as Pod).status),
	text("Restarts", (pod, now) => {
		const { restarts, restartedAt } = summarizePod(pod as Pod)
		return restarts > 0 && restartedAt !== undefined
			? `${restarts} (${formatAge(now - restartedAt)} ago)`
			: `${restarts}`
	}),
	AGE,
	wide(text("IP", "status.podIP", NONE)),
	wide(text("Node", "spec.nodeName", NONE)),
	wide(text("Nominated Node", "status.nominatedNodeName", NONE)),
	wide(text("Readiness Gates", readinessGates)),
]

export const WORKLOADS: readonly (readonly [kind: string, columns: readonly Column[]])[] = [
	["/Pod", POD],
	[
		"/PodTemplate",
		[
			NAME,
			...templateOf("template"),
			text("Pod Labels", (object) => orNone(labelsAt(object, "template.metadata.labels"))),
		],
	],
	[
		"/ReplicationController",
		[
			...replicated(),
			...templateOf("spec.template").map(wide),
			wide(text("Selector", (rc) => orNone(labelsAt(rc, "spec.selector")))),
		],
	],
	["apps/ReplicaSet", [...replicated(), ...wideTemplate("spec.template", "spec.selector")]],
	[
		"apps/DaemonSet",
		[
			NAME,
			count("Desired", "status.desiredNumberScheduled"),
			count("Current", "status.currentNumberScheduled"),
			count("Ready", "status.numberReady"),
			count("Up-to-date", "status.updatedNumberScheduled"),
			count("Available", "status.numberAvailable"),
			text("Node Selector", (set) => orNone(labelsAt(set, "spec.template.spec.nodeSelector"))),
			AGE,
			...wideTemplate("spec.template", "spec.selector"),
		],
	],
	[
		"apps/Deployment",
		[
			NAME,
			text("Ready", readyOfDesired),
			text("Up-to-date", "status.updatedReplicas", 0),
			text("Available", "status.availableReplicas", 0),
			AGE,
			...wideTemplate("spec.template", "spec.selector"),
		],
	],
	["apps/StatefulSet", [NAME, text("Ready", readyOfDesired), AGE, ...templateOf("spec.template").map(wide)]],
	[
		"apps/ControllerRevision",
		[NAME, text("Controller", (revision) => orNone(controllerOf(revision))), text("Revision", "revision", 0), AGE],
	],
	[
		"batch/Job",
		[
			NAME,
			text("Status", jobStatus),
			text("Completions", jobCompletions),
			text("Duration", jobDuration),
			AGE,
			...wideTemplate("spec.template", "spec.selector"),
		],
	],
	[
		"batch/CronJob",
		[
			NAME,
			text("Schedule", "spec.schedule"),
			text("Timezone", "spec.timeZone", NONE),
			flag("Suspend", (job) => printed(valueAt(job, "spec.suspend"))),
			count("Active", (job) => sizeAt(job, "status.active")),
			text("Last Schedule", (job, now) => sinceOrNone(textAt(job, "status.lastScheduleTime"), now)),
			AGE,
			...wideTemplate("spec.jobTemplate.spec.template", "spec.jobTemplate.spec.selector"),
		],
	],
	[
		"autoscaling/HorizontalPodAutoscaler",
		[
			NAME,
			text(
				"Reference",
				(hpa) => `${textAt(hpa, "spec.scaleTargetRef.kind")}/${textAt(hpa, "spec.scaleTargetRef.name")}`,
			),
			text("Targets", metricsText),
			text("MinPods", (hpa) => textAt(hpa, "spec.minReplicas") || UNSET),
			text("MaxPods", "spec.maxReplicas", 0),
			text("Replicas", "status.currentReplicas", 0),
			AGE,
		],
	],
	[
		"policy/PodDisruptionBudget",
		[
			NAME,
			text("Min Available", (budget) => textAt(budget, "spec.minAvailable") || "N/A"),
			text("Max Unavailable", (budget) => textAt(budget, "spec.maxUnavailable") || "N/A"),
			count("Allowed Disruptions", "status.disruptionsAllowed"),
			AGE,
		],
	],
]

function replicated(): readonly Column[] {
	return [
		NAME,
		count("Desired", "spec.replicas"),
		count("Current", "status.replicas"),
		count("Ready", "status.readyReplicas"),
		AGE,
	]
}

function templateOf(path: string): readonly Column[] {
	const joined = (member: string) => (object: KubeObject) =>
		itemsAt(object, `${path}.spec.containers`)
			.map((container) => textAt(container, member))
			.join(",")
	return [text("Containers", joined("name")), text("Images", joined("image"))]
}

function wideTemplate(template: string, selector: string): readonly Column[] {
	const selected = text("Selector", (object) =>
		orNone(selectorText(valueAt(object, selector) as LabelSelector | undefined)),
	)
	return [...templateOf(template), selected].map(wide)
}

function labelsAt(object: KubeObject, path: string): string {
	return labelText(valueAt(object, path) as StringMap | undefined)
}

function readyOfDesired(object: KubeObject): string {
	return `${textAt(object, "status.readyReplicas") || 0}/${textAt(object, "spec.replicas") || 0}`
}

function readinessGates(pod: KubeObject): string {
	const gates = itemsAt(pod, "spec.readinessGates")
	const met = gates.filter((gate) => conditionOf(pod, textAt(gate, "conditionType"))?.["status"] === "True")
	return gates.length === 0 ? NONE : `${met.length}/${gates.length}`
}

function controllerOf(object: KubeObject): string {
	const owner = (object.metadata.ownerReferences ?? []).find((reference) => reference.controller === true)
	if (!owner) return ""
	const group = owner.apiVersion.includes("/") ? `.${owner.apiVersion.split("/")[0]}` : ""
	return `${owner.kind.toLowerCase()}${group}/${owner.name}`
}

function jobStatus(job: KubeObject): string {
	const is = (type: string) => conditionOf(job, type)?.["status"] === "True"
	if (is("Complete")) return "Complete"
	if (is("Failed")) return "Failed"
	if (job.metadata.deletionTimestamp !== undefined) return "Terminating"
	return ["Suspended", "FailureTarget", "SuccessCriteriaMet"].find(is) ?? "Running"
}

function jobCompletions(job: KubeObject): string {
	const [succeeded, wanted] = [textAt(job, "status.succeeded") || "0", textAt(job, "spec.completions")]
	if (wanted !== "") return `${succeeded}/${wanted}`
	const parallelism = Number(textAt(job, "spec.parallelism"))
	return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`
}

function jobDuration(job: KubeObject, now: number): string {
	const start = instantOf(valueAt(job, "status.startTime"))
	return start === undefined ? "" : formatAge((instantOf(valueAt(job, "status.completionTime")) ?? now) - start)
}

function sinceOrNone(timestamp: string, now: number): string {
	return timestamp === "" ? NONE : ageOf(timestamp, now)
}

function printed(flag: unknown): string {
	return flag === undefined ? UNSET : flag === true ? "True" : "False"
}
