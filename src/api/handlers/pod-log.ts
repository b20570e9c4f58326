import { formatInstant, isObject, type JsonObject, parseInstant } from "../../base/index.ts"
import type { KubeObject, Pod } from "../../kube/index.ts"
import { type Answer, plain } from "../ask.ts"
import { badRequest, noObject } from "../refused.ts"
import type { Call } from "./handler.ts"
import { readOne } from "./read.ts"

/** What a simulated container says: when it started, what became of it, and why. It ends there; nothing is followed. */
export function podLog({ ask, target, cluster }: Call): Answer {
	const { resource, namespace, name } = target
	const pod = readOne(cluster, resource, namespace, name)
	if (pod === undefined) return noObject(resource, name)
	const { query } = ask
	const container = containerOf(pod, query.get("container") ?? "")
	if ("problem" in container) return badRequest(container.problem)
	const { status, containerName } = container
	const isPrevious = query.get("previous") === "true"
	const states = [status?.["lastState"], ...(isPrevious ? [] : [status?.["state"]])].filter(isObject)
	const image = typeof status?.["image"] === "string" ? status["image"] : ""
	const lines = states.flatMap((state) => linesOf(state, containerName, image))
	if (isPrevious && lines.length === 0) {
		return badRequest(`previous terminated container "${containerName}" in pod "${name}" not found`)
	}
	const waiting = isObject(status?.["state"]) ? status["state"]["waiting"] : undefined
	if (lines.length === 0) {
		const reason = isObject(waiting) && typeof waiting["reason"] === "string" ? waiting["reason"] : "ContainerCreating"
		const what = `container "${containerName}" in pod "${name}" is waiting to start: ${reason}`
		return badRequest(what)
	}
	return shown(lines, query, cluster.now())
}

type Line = { readonly at: string; readonly text: string }

function shown(lines: readonly Line[], query: URLSearchParams, now: number): Answer {
	const [tail, since] = [query.get("tailLines") ?? "", query.get("sinceSeconds") ?? ""]
	if (!/^\d{0,9}$/.test(tail) || !/^\d{0,9}$/.test(since)) return badRequest("tailLines and sinceSeconds are numbers")
	const from = since === "" ? Number.NEGATIVE_INFINITY : now - Number(since) * 1000
	const recent = lines.filter(({ at }) => (parseInstant(at) ?? 0) >= from)
	const last = tail === "" ? recent : recent.slice(recent.length - Math.min(Number(tail), recent.length))
	const stamped = query.get("timestamps") === "true"
	return plain(last.map(({ at, text }) => `${stamped ? `${at} ` : ""}${text}\n`).join(""))
}

/** A run of the container, as its state tells it. */
function linesOf(state: JsonObject, name: string, image: string): Line[] {
	const { running, terminated } = state
	const run = isObject(running) ? running : isObject(terminated) ? terminated : undefined
	if (run === undefined) return []
	const start = text(run["startedAt"])
	const lines = start === "" ? [] : [{ at: start, text: `${name}: started ${image}` }]
	if (run !== terminated) return lines
	const message = text(run["message"])
	const how = `${text(run["reason"]) || "Error"}, exit code ${run["exitCode"] ?? 0}`
	const at = text(run["finishedAt"]) || start || formatInstant(0)
	return [...lines, { at, text: `${name}: ended: ${how}${message === "" ? "" : `: ${message}`}` }]
}

type Container = { readonly containerName: string; readonly status: JsonObject | undefined }

function containerOf(pod: KubeObject, asked: string): Container | { readonly problem: string } {
	const { name } = pod.metadata
	const { spec, status } = pod as Pod
	const names = [...(spec.initContainers ?? []), ...spec.containers].map((container) => container.name)
	const own = spec.containers.map((container) => container.name)
	if (asked !== "" && !names.includes(asked)) return { problem: `container ${asked} is not valid for pod ${name}` }
	if (asked === "" && own.length > 1) {
		return { problem: `a container name must be specified for pod ${name}, choose one of: [${names.join(" ")}]` }
	}
	const containerName = asked === "" ? (own[0] ?? "") : asked
	const statuses = [status?.["initContainerStatuses"], status?.["containerStatuses"]].flatMap((list) =>
		Array.isArray(list) ? list.filter(isObject) : [],
	)
	return { containerName, status: statuses.find((each) => each["name"] === containerName) }
}

function text(value: unknown): string {
	return typeof value === "string" ? value : ""
}
