import { isObject, type JsonObject } from "../../base/index.ts"
import { readProtobuf } from "../../kube/index.ts"
import { type Answer, type Ask, json } from "../ask.ts"
import { badRequest } from "../refused.ts"
import type { Access } from "../serve/credentials.ts"
import type { Call } from "./handler.ts"

const READING = new Set(["get", "list", "watch"])
const USERS = { read: "rollcall-read-only", write: "rollcall" } as const

/** `kubectl auth whoami` and `can-i`: who the token is of, and what it may do. */
export function review({ ask, target, parts }: Call): Answer {
	const { group, version, kind } = target.resource
	const head = { kind, apiVersion: `${group}/${version}`, metadata: {} }
	if (kind === "SelfSubjectReview") {
		const masters = ask.access === "write" ? ["system:masters"] : []
		const userInfo = { username: USERS[ask.access], groups: [...masters, "system:authenticated"] }
		return json({ ...head, status: { userInfo } }, 201)
	}
	if (kind === "SelfSubjectRulesReview") return json({ ...head, spec: {}, status: rulesFor(ask.access) }, 201)
	const asked = attributesIn(ask)
	if ("problem" in asked) return badRequest(asked.problem)
	const allowed = ask.access === "write" || READING.has(asked.verb)
	const why = parts.asOf === undefined ? "the token may only read" : `this is the cluster as of ${parts.asOf}`
	const status = { allowed, ...(allowed ? {} : { reason: why }) }
	return json({ ...head, spec: { resourceAttributes: asked }, status }, 201)
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

type Attributes = {
	readonly verb: string
	readonly resource: string
	readonly group: string
	readonly namespace: string
}

/** kubectl asks in protobuf, most others in JSON. */
function attributesIn({ contentType, body }: Ask): Attributes | { readonly problem: string } {
	const review = contentType === "application/vnd.kubernetes.protobuf" ? readProtobuf(body) : parsed(body)
	const spec = review?.["spec"]
	if (!isObject(spec)) return { problem: "the body is no review" }
	const asked = [spec["resourceAttributes"], spec["nonResourceAttributes"]].find(isObject) ?? {}
	const word = (member: string): string => (typeof asked[member] === "string" ? asked[member] : "")
	return { namespace: word("namespace"), verb: word("verb"), group: word("group"), resource: word("resource") }
}

function parsed(body: Uint8Array): JsonObject | undefined {
	try {
		const value: unknown = JSON.parse(Buffer.from(body).toString())
		return isObject(value) ? value : undefined
	} catch {
		return undefined
	}
}
