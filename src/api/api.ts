import { InvariantError } from "../base/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import { type Answer, type Ask, json, plain, type Reply, tagged } from "./ask.ts"
import type { ApiParts, Past } from "./contract.ts"
import { type CopyOf, sharedCopies } from "./copies.ts"
import {
	AGGREGATED,
	aggregated,
	coreVersions,
	groupList,
	oneGroup,
	resourceList,
	wantsAggregated,
} from "./discovery/discovery.ts"
import { OpenApi } from "./discovery/open-api.ts"
import { exposition, RequestCount } from "./exposition.ts"
import { handlerFor } from "./handlers/index.ts"
import { Pins } from "./handlers/list/pins.ts"
import { flagIn } from "./handlers/read.ts"
import { PROCESSES } from "./handlers/subresources.ts"
import { warningHeaders } from "./handlers/write/perform.ts"
import { Pasts } from "./past/pasts.ts"
import { badRequest, noMethod, noPath, refused } from "./refused.ts"
import { acceptedOf } from "./route/accept.ts"
import type { Verb } from "./route/resources.ts"
import { nameProblem, segmentsOf, type Target, targetOf } from "./route/target.ts"
import { Changes } from "./watch/changes.ts"
import { Watches } from "./watch/watches.ts"
import { asWished } from "./yaml.ts"

/** What the server says that it is: the Kubernetes whose rules the cluster follows. */
export const VERSION = {
	major: "1",
	minor: "34",
	emulationMajor: "1",
	emulationMinor: "34",
	minCompatibilityMajor: "1",
	minCompatibilityMinor: "33",
	gitVersion: "v1.34.9",
	gitCommit: "",
	gitTreeState: "clean",
	buildDate: "1970-01-01T00:00:00Z",
	goVersion: "",
	compiler: "",
	platform: "linux/amd64",
}

const READING: ReadonlySet<Verb> = new Set<Verb>(["get", "list", "watch"])

/** The API of the cluster, without a socket: a request comes in, an answer goes out. */
export class Api {
	readonly #parts: ApiParts
	readonly #openApi: OpenApi
	readonly #requests = new RequestCount()
	readonly #pins: Pins
	readonly #changes: Changes
	readonly #watches: Watches
	readonly #pasts: Pasts | undefined
	readonly #now: () => number

	/** `now`: milliseconds of a clock that never goes back. */
	constructor(parts: ApiParts, now: () => number, openApi = new OpenApi()) {
		this.#parts = parts
		this.#openApi = openApi
		this.#now = now
		const { cluster, soon, failed } = parts
		// Nothing happens in the past, so it is its own copy.
		const copyOf: CopyOf = parts.asOf === undefined ? sharedCopies() : (past) => past
		this.#pins = new Pins(now, copyOf)
		this.#changes = new Changes({ cluster, now, copyOf })
		this.#watches = new Watches({ changes: this.#changes, now, copyOf, soon, failed })
		this.#pasts = parts.past && new Pasts(parts.past, (past) => this.#ofPast(past), now)
	}

	/** The past answers as what runs does; documents about kinds are the same for both. */
	#ofPast({ cluster, asOf }: Past): Api {
		const ask = () => Promise.reject(new InvariantError("the past is only read"))
		const { soon, failed } = this.#parts
		return new Api({ cluster: () => cluster, ask, soon, failed, asOf }, this.#now, this.#openApi)
	}

	get watching(): number {
		return this.#watches.size + (this.#pasts?.watching ?? 0)
	}

	/** A batch is durable: whoever watches is told of it. `written`: what was written by hand. */
	told(written: readonly ObjectKey[]): void {
		this.#watches.told(this.#changes.told(written))
	}

	/** To be called once a second or so: watches end, and what nobody uses is let go of. */
	tick(): void {
		this.#watches.tick()
		this.#pins.tick()
		this.#pasts?.tick()
	}

	/** Nothing more will be told: watches end, as they do where the time of one is over. */
	close(): void {
		this.#watches.end()
		this.#pasts?.close()
	}

	async answer(ask: Ask): Promise<Reply> {
		const reply = await this.#answer(ask)
		this.#requests.add(ask.method, reply.status)
		return reply
	}

	async #answer(ask: Ask): Promise<Reply> {
		const segments = segmentsOf(ask.path)
		if (segments === undefined) return ask.path === "/" ? this.#paths() : noPath()
		const [root, ...rest] = segments
		const [when] = rest
		if (root === "at" && when !== undefined && this.#pasts !== undefined) return this.#pasts.answer(ask, when)
		if (root !== "api" && root !== "apis") return this.#beside(ask, segments)
		return asWished(await this.#served(ask, root, rest), ask)
	}

	/** Below `/api` and `/apis`. */
	async #served(ask: Ask, root: "api" | "apis", rest: readonly string[]): Promise<Reply> {
		if (rest.length < (root === "api" ? 2 : 3)) return this.#discovery(ask, root, rest)
		const cluster = this.#parts.cluster()
		const target = targetOf([root, ...rest], cluster)
		if (target === undefined) return noPath()
		if (cluster === undefined) return notYet()
		const verb = verbOf(ask, target)
		if (verb === undefined || !isServed(target, verb)) return noMethod()
		if (ask.access === "read" && !READING.has(verb) && !isQuestion(target))
			return forbidden(target, verb, this.#parts.asOf)
		const accepted = acceptedOf(ask.accept)
		if (accepted === undefined) return notAcceptable("application/json, application/yaml")
		// One text of YAML does not say where the next begins.
		if (accepted.isYaml && verb === "watch") return notAcceptable("application/json;stream=watch")
		const handler = handlerFor(target, verb)
		if (handler === undefined) return noMethod()
		const problem = nameProblem(target.name)
		if (problem !== undefined) return badRequest(problem)
		const call = { pins: this.#pins, changes: this.#changes, watches: this.#watches, now: this.#now }
		const reply = await handler({ ask, accepted, target, cluster, parts: this.#parts, ...call })
		const { deprecation } = target.resource.defined ?? {}
		return deprecation === undefined ? reply : warnedOf(deprecation, reply)
	}

	/** `/livez`, `/readyz` and `/version`: answered to everyone. */
	open(path: string): Answer | undefined {
		if (path === "/version") return { ...json(VERSION), body: JSON.stringify(VERSION, undefined, 2) }
		if (path === "/livez") return plain("ok")
		if (path !== "/readyz") return undefined
		return this.#parts.cluster() === undefined ? plain("no commit is read yet", 503) : plain("ok")
	}

	#discovery(ask: Ask, root: "api" | "apis", [first, second]: readonly string[]): Answer {
		if (ask.method !== "GET") return noMethod()
		const cluster = this.#parts.cluster()
		if (first === undefined) {
			if (!wantsAggregated(ask.accept)) return json(root === "api" ? coreVersions() : groupList(cluster))
			const headers = { "content-type": AGGREGATED, vary: "Accept", "cache-control": "public" }
			return tagged(json(aggregated(cluster, root === "api"), 200, headers), ask)
		}
		const found =
			root === "api"
				? resourceList(cluster, "", first)
				: second === undefined
					? oneGroup(cluster, first)
					: resourceList(cluster, first, second)
		return found === undefined ? noPath() : json(found)
	}

	#beside(ask: Ask, segments: readonly string[]): Answer {
		const [root, ...rest] = segments
		if (ask.method !== "GET" && (ask.method !== "HEAD" || root === "version")) return noMethod()
		if (root === "metrics" && rest.length === 0) {
			return exposition(this.#parts.cluster(), this.#requests, this.watching)
		}
		if (root === "healthz" && rest.length === 0) return plain("ok")
		if (root === "openapi") return this.#openApi.answer(ask, rest, this.#parts.cluster())
		return this.open(`/${segments.join("/")}`) ?? noPath()
	}

	#paths(): Answer {
		return json({
			paths: ["/api", "/apis", "/healthz", "/livez", "/metrics", "/openapi/v2", "/openapi/v3", "/readyz", "/version"],
		})
	}
}

/** What a method means here; undefined where it means nothing. */
function verbOf({ method, query }: Ask, { name, isWatch }: Target): Verb | undefined {
	if (isWatch) return method === "GET" ? "watch" : undefined
	switch (method) {
		case "GET":
			// One object is never watched by its path.
			if (name !== "") return "get"
			return flagIn(query, "watch") ? "watch" : "list"
		case "POST":
			return "create"
		case "PUT":
			return name === "" ? undefined : "update"
		case "PATCH":
			return name === "" ? undefined : "patch"
		case "DELETE":
			return name === "" ? "deletecollection" : "delete"
		default:
			return undefined
	}
}

function isServed({ resource, subresource, name }: Target, verb: Verb): boolean {
	if (subresource === "") return resource.verbs.includes(verb) && (verb !== "create" || name === "")
	return resource.subresources.some(({ name, verbs }) => name === subresource && verbs.includes(verb))
}

function warnedOf(deprecation: string, reply: Reply): Reply {
	const { warning } = warningHeaders([deprecation])
	const before = reply.headers["warning"]
	return {
		...reply,
		headers: { ...reply.headers, warning: before === undefined ? (warning ?? "") : `${warning}, ${before}` },
	}
}

/** Asked by POST, and changes nothing: what nobody may do is refused with the reason. */
function isQuestion({ resource, subresource }: Target): boolean {
	return resource.kind.startsWith("SelfSubject") || PROCESSES.includes(subresource)
}

function forbidden({ resource, namespace, name, subresource }: Target, verb: Verb, asOf: string | undefined): Answer {
	const { plural, group } = resource
	const what = group === "" ? plural : `${plural}.${group}`
	const part = subresource === "" ? plural : `${plural}/${subresource}`
	const where = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`
	const why =
		asOf === undefined
			? `User "rollcall-read-only" cannot ${verb} resource "${part}" in API group "${group}" ${where}`
			: `this is the cluster as of ${asOf}, which can only be read`
	const message = `${what}${name === "" ? "" : ` "${name}"`} is forbidden: ${why}`
	return refused(403, "Forbidden", message, {
		...(name === "" ? {} : { name }),
		...(group === "" ? {} : { group }),
		kind: plural,
	})
}

function notAcceptable(accepted: string): Answer {
	return refused(406, "NotAcceptable", `only the following media types are accepted: ${accepted}`)
}

function notYet(): Answer {
	const message = "the cluster begins with the first commit, which is not read yet"
	return refused(503, "ServiceUnavailable", message, { retryAfterSeconds: 1 })
}
