import { formatAge } from "../../base/index.ts"
import type { KubeObject } from "../object.ts"
import type { LabelSelector } from "../types.ts"
import {
	AGE,
	type Column,
	conditionOf,
	count,
	itemsAt,
	NAME,
	NONE,
	selectorText,
	sizeAt,
	text,
	textAt,
	UNSET,
	valueAt,
	wide,
} from "./column.ts"

const BINDING: readonly Column[] = [
	NAME,
	text("Role", (binding) => `${textAt(binding, "roleRef.kind")}/${textAt(binding, "roleRef.name")}`),
	AGE,
	wide(text("Users", (binding) => subjects(binding, "User"))),
	wide(text("Groups", (binding) => subjects(binding, "Group"))),
	wide(text("ServiceAccounts", (binding) => subjects(binding, "ServiceAccount"))),
]

const WEBHOOKS: readonly Column[] = [NAME, count("Webhooks", (object) => sizeAt(object, "webhooks")), AGE]

export const RULES: readonly (readonly [kind: string, columns: readonly Column[]])[] = [
	["rbac.authorization.k8s.io/RoleBinding", BINDING],
	["rbac.authorization.k8s.io/ClusterRoleBinding", BINDING],
	["admissionregistration.k8s.io/MutatingWebhookConfiguration", WEBHOOKS],
	["admissionregistration.k8s.io/ValidatingWebhookConfiguration", WEBHOOKS],
	[
		"admissionregistration.k8s.io/ValidatingAdmissionPolicy",
		[NAME, count("Validations", (policy) => sizeAt(policy, "spec.validations")), text("ParamKind", paramKind), AGE],
	],
	[
		"admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding",
		[NAME, text("PolicyName", "spec.policyName"), text("ParamRef", paramRef), AGE],
	],
	[
		"/ResourceQuota",
		[NAME, text("Request", (quota) => quotaText(quota, false)), text("Limit", (quota) => quotaText(quota, true)), AGE],
	],
	[
		"flowcontrol.apiserver.k8s.io/FlowSchema",
		[
			NAME,
			text("PriorityLevel", "spec.priorityLevelConfiguration.name"),
			text("MatchingPrecedence", "spec.matchingPrecedence", 0),
			text("DistinguisherMethod", "spec.distinguisherMethod.type", NONE),
			AGE,
			text("MissingPL", (schema) => textAt(conditionOf(schema, "Dangling") ?? {}, "status") || "?"),
		],
	],
	[
		"flowcontrol.apiserver.k8s.io/PriorityLevelConfiguration",
		[
			NAME,
			text("Type", "spec.type"),
			text("NominalConcurrencyShares", "spec.limited.nominalConcurrencyShares", NONE),
			text("Queues", "spec.limited.limitResponse.queuing.queues", NONE),
			text("HandSize", "spec.limited.limitResponse.queuing.handSize", NONE),
			text("QueueLengthLimit", "spec.limited.limitResponse.queuing.queueLengthLimit", NONE),
			AGE,
		],
	],
	[
		"certificates.k8s.io/CertificateSigningRequest",
		[
			NAME,
			AGE,
			text("SignerName", "spec.signerName", NONE),
			text("Requestor", "spec.username"),
			text("RequestedDuration", requestedDuration),
			text("Condition", requestCondition),
		],
	],
	["apiregistration.k8s.io/APIService", [NAME, text("Service", apiService), text("Available", availability), AGE]],
]

function subjects(binding: KubeObject, kind: string): string {
	const ofKind = itemsAt(binding, "subjects").filter((subject) => subject["kind"] === kind)
	const named = ofKind.map((subject) =>
		kind === "ServiceAccount" ? `${textAt(subject, "namespace")}/${textAt(subject, "name")}` : textAt(subject, "name"),
	)
	return named.join(", ")
}

function paramKind(policy: KubeObject): string {
	const kind = textAt(policy, "spec.paramKind.kind")
	return kind === "" ? UNSET : `${textAt(policy, "spec.paramKind.apiVersion")}/${kind}`
}

function paramRef(binding: KubeObject): string {
	const name = textAt(binding, "spec.paramRef.name")
	if (name !== "") return `${textAt(binding, "spec.paramRef.namespace") || "*"}/${name}`
	const selector = valueAt(binding, "spec.paramRef.selector")
	return selector === undefined ? UNSET : selectorText(selector as LabelSelector)
}

/** `pods: 3/10, requests.cpu: 1/4`; what begins with `limits.` stands in a column of its own. */
function quotaText(quota: KubeObject, limits: boolean): string {
	const hard = (valueAt(quota, "status.hard") ?? {}) as { readonly [resource: string]: string }
	const used = (valueAt(quota, "status.used") ?? {}) as { readonly [resource: string]: string }
	return Object.keys(hard)
		.filter((resource) => resource.startsWith("limits.") === limits)
		.sort()
		.map((resource) => `${resource}: ${used[resource] ?? "0"}/${hard[resource]}`)
		.join(", ")
}

function requestedDuration(request: KubeObject): string {
	const seconds = textAt(request, "spec.expirationSeconds")
	return seconds === "" ? NONE : formatAge(Number(seconds) * 1_000)
}

function requestCondition(request: KubeObject): string {
	const has = (type: string) => conditionOf(request, type) !== undefined
	const judged = has("Denied") ? "Denied" : has("Approved") ? "Approved" : "Pending"
	const issued = textAt(request, "status.certificate") === "" ? "" : ",Issued"
	return `${judged}${has("Failed") ? ",Failed" : ""}${issued}`
}

function apiService(service: KubeObject): string {
	const name = textAt(service, "spec.service.name")
	return name === "" ? "Local" : `${textAt(service, "spec.service.namespace")}/${name}`
}

function availability(service: KubeObject): string {
	const available = conditionOf(service, "Available")
	if (available === undefined) return "Unknown"
	const [status, reason] = [textAt(available, "status"), textAt(available, "reason")]
	return status === "True" ? status : `${status} (${reason})`
}
