import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import { checkJson, readProtobuf } from "../../kube/index.ts"
import { type Answer, type Ask, json } from "../ask.ts"
import { badRequest } from "../refused.ts"
import type { Access } from "../serve/credentials.ts"
import type { Call } from "./handler.ts"
import { textOf } from "./write/write-body.ts"

const READING = new Set(["get", "list", "watch"])
const USERS = { read: "rollcall-read-only", write: "rollcall" } as const

/** `kubectl auth whoami` and `can-i`, and what others are asked about them: who a token is of, and who may do what. */
export function review(call: Call): Answer {
	const { ask, target } = call
	const { group, version, kind } = target.resource
	const head = { kind, apiVersion: `${group}/${version}`, metadata: {} }
	if (kind === "SelfSubjectReview") return json({ ...head, status: { userInfo: userOf(ask.access) } }, 201)
	if (kind === "SelfSubjectRulesReview") return json({ ...head, spec: {}, status: rulesFor(ask.access) }, 201)
	const spec = specIn(ask)
	if (spec === undefined) return badRequest("the body is no review")
	const answer = kind === "TokenReview" ? ownerOf(ask, spec) : judged(call, spec)
	return "problem" in answer ? badRequest(answer.problem) : json({ ...head, spec, ...answer }, 201)
}

type Reviewed = { readonly status: JsonObject } | { readonly problem: string }

function userOf(access: Access): JsonObject {
	const masters = access === "write" ? ["system:masters"] : []
	return { username: USERS[access], groups: [...masters, "system:authenticated"] }
}

/** Tokens are good for this API alone: no other audience is ever named. */
function ownerOf({ accessBy }: Ask, { token }: JsonObject): Reviewed {
	if (typeof token !== "string" || token === "")
		return { problem: "token is required for TokenReview in authentication" }
	const access = accessBy(token)
	if (access === undefined) return { status: { user: {}, error: "invalid bearer token" } }
	return { status: { authenticated: true, user: userOf(access) } }
}

/** Whether the one who asks, or who is asked about, may do it. */
function judged({ ask, target, parts }: Call, spec: JsonObject): Reviewed {
	const { kind } = target.resource
	const asked = [spec["resourceAttributes"], spec["nonResourceAttributes"]].find(isObject) ?? {}
	if (kind === "LocalSubjectAccessReview") {
		const { namespace } = target
		if (namespace === "") return { problem: "namespace is required on this type" }
		if (asked["namespace"] !== namespace) {
			return { problem: `spec.resourceAttributes.namespace must match namespace: ${namespace}` }
		}
	}
	const access = kind === "SelfSubjectAccessReview" ? ask.access : accessOfUser(spec["user"])
	if (access === undefined) {
		const reason = `nobody has another name here than ${USERS.write} and ${USERS.read}`
		return { status: { allowed: false, reason } }
	}
	const allowed = access === "write" || (typeof asked["verb"] === "string" && READING.has(asked["verb"]))
	const why = parts.asOf === undefined ? "the token may only read" : `this is the cluster as of ${parts.asOf}`
	return { status: { allowed, ...(allowed ? {} : { reason: why }) } }
}

function accessOfUser(user: Json | undefined): Access | undefined {
	if (user === USERS.write) return "write"
	return user === USERS.read ? "read" : undefined
}

/** `kubectl auth can-i --list` */
function rulesFor(access: Access): JsonObject {
	const verbs = access === "write" ? ["*"] : [...READING]
	return {
		resourceRules: [{ verbs, apiGroups: ["*"], resources: ["*"] }],
		nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["*"] }],
		incomplete: false,
	}
}

/** kubectl asks in protobuf, most others in JSON. */
function specIn({ contentType, body }: Ask): JsonObject | undefined {
	const review = contentType === "application/vnd.kubernetes.protobuf" ? readProtobuf(body) : parsed(body)
	const spec = review?.["spec"]
	return isObject(spec) ? spec : undefined
}

/** Nothing that is nested so deep that it could not be told again. */
function parsed(body: Uint8Array): JsonObject | undefined {
	const text = textOf(body)
	const value: Json | undefined = "error" in checkJson(text) ? undefined : JSON.parse(text)
	return isObject(value) ? value : undefined
}
