import { isObject, type Json, type JsonObject } from "../../base/index.ts"
import type { Container, Probe } from "../../kube/index.ts"
import { cell, longTime } from "./lines.ts"

/**
 * Containers as `describe` shows them. In a template (no `statuses`) they stand deeper than in a pod; `statuses`, by
 * container name, add what runs.
 */
export function containerLines(
	title: string,
	containers: readonly Container[] | undefined,
	statuses?: ReadonlyMap<string, JsonObject>,
): readonly string[] {
	if (!containers || containers.length === 0) return []
	const [titleIndent, nameIndent] = statuses ? ["", "  "] : ["  ", "   "]
	return [
		`${titleIndent}${title}:`,
		...containers.flatMap((container) => [
			`${nameIndent}${cell(container.name)}:`,
			...bodyLines(container, statuses && (statuses.get(container.name) ?? {})).map((line) => `    ${line}`),
		]),
	]
}

function bodyLines(container: Container, status: JsonObject | undefined): readonly string[] {
	return [
		...(status ? [`Container ID:\t${cell(status["containerID"])}`] : []),
		`Image:\t${cell(container.image)}`,
		...(status ? [`Image ID:\t${cell(status["imageID"])}`] : []),
		...portLines(container),
		...wordLines("Command", container["command"]),
		...wordLines("Args", container["args"]),
		...(status ? stateLines(status) : []),
		...resourceLines("Limits", container.resources?.limits),
		...resourceLines("Requests", container.resources?.requests),
		...probeLine("Liveness", container.livenessProbe),
		...probeLine("Readiness", container.readinessProbe),
		...probeLine("Startup", container.startupProbe),
		...environmentLines(container["env"]),
		...mountLines(container["volumeMounts"]),
	]
}

function portLines(container: Container): readonly string[] {
	const ports = container.ports ?? []
	const title = ports.length > 1 ? "Ports" : "Port"
	const text = (port: (entry: (typeof ports)[number]) => number) =>
		ports.length === 0 ? "<none>" : ports.map((entry) => `${port(entry)}/${entry.protocol ?? "TCP"}`).join(", ")
	return [`${title}:\t${text((port) => port.containerPort)}`, `Host ${title}:\t${text((port) => port.hostPort ?? 0)}`]
}

function wordLines(title: string, words: Json | undefined): readonly string[] {
	if (!Array.isArray(words) || words.length === 0) return []
	return [`${title}:`, ...words.flatMap((word) => String(word).split("\n")).map((line) => `  ${cell(line)}`)]
}

function stateLines(status: JsonObject): readonly string[] {
	return [
		...oneState("State", status["state"]),
		...(isObject(status["lastState"]) && isObject(status["lastState"]["terminated"])
			? oneState("Last State", status["lastState"])
			: []),
		`Ready:\t${status["ready"] === true ? "True" : "False"}`,
		`Restart Count:\t${cell(status["restartCount"] ?? 0)}`,
	]
}

function oneState(title: string, state: Json | undefined): readonly string[] {
	const { running, waiting, terminated } = isObject(state) ? state : ({} as JsonObject)
	if (isObject(running)) return [`${title}:\tRunning`, `  Started:\t${longTime(running["startedAt"])}`]
	if (isObject(terminated)) {
		return [
			`${title}:\tTerminated`,
			...(terminated["reason"] ? [`  Reason:\t${cell(terminated["reason"])}`] : []),
			...(terminated["message"] ? [`  Message:\t${cell(terminated["message"])}`] : []),
			`  Exit Code:\t${cell(terminated["exitCode"] ?? 0)}`,
			`  Started:\t${longTime(terminated["startedAt"])}`,
			`  Finished:\t${longTime(terminated["finishedAt"])}`,
		]
	}
	const reason = isObject(waiting) ? cell(waiting["reason"]) : ""
	return [`${title}:\tWaiting`, ...(reason ? [`  Reason:\t${reason}`] : [])]
}

function resourceLines(
	title: string,
	resources: { readonly [name: string]: string | number } | undefined,
): readonly string[] {
	const names = Object.keys(resources ?? {}).sort()
	if (names.length === 0) return []
	return [`${title}:`, ...names.map((name) => `  ${cell(name)}:\t${cell(resources?.[name])}`)]
}

/** `http-get http://:9100/ delay=0s timeout=1s period=10s #success=1 #failure=3`. */
function probeLine(title: string, probe: Probe | undefined): readonly string[] {
	if (!probe) return []
	const timing = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s period=${probe.periodSeconds ?? 10}s`
	const counts = `#success=${probe.successThreshold ?? 1} #failure=${probe.failureThreshold ?? 3}`
	return [`${title}:\t${cell(probeAction(probe))} ${timing} ${counts}`]
}

function probeAction(probe: Probe): string {
	const http = probe["httpGet"]
	if (isObject(http)) {
		const path = String(http["path"] ?? "/")
		const scheme = String(http["scheme"] ?? "HTTP").toLowerCase()
		return `http-get ${scheme}://${http["host"] ?? ""}:${http["port"]}${path.startsWith("/") ? path : `/${path}`}`
	}
	const exec = probe["exec"]
	if (isObject(exec)) return `exec [${Array.isArray(exec["command"]) ? exec["command"].join(" ") : ""}]`
	const tcp = probe["tcpSocket"]
	if (isObject(tcp)) return `tcp-socket ${tcp["host"] ?? ""}:${tcp["port"]}`
	const grpc = probe["grpc"]
	return isObject(grpc) ? `grpc <pod>:${grpc["port"]} ${grpc["service"] ?? ""}` : "unknown"
}

function environmentLines(env: Json | undefined): readonly string[] {
	if (!Array.isArray(env) || env.length === 0) return ["Environment:\t<none>"]
	return [
		"Environment:",
		...env.filter(isObject).map((entry) => `  ${cell(entry["name"])}:\t${environmentValue(entry)}`),
	]
}

function environmentValue(entry: JsonObject): string {
	const from = entry["valueFrom"]
	if (!isObject(from)) return cell(entry["value"])
	const { fieldRef, resourceFieldRef, secretKeyRef, configMapKeyRef } = from
	if (isObject(fieldRef)) return ` (${cell(fieldRef["apiVersion"] ?? "v1")}:${cell(fieldRef["fieldPath"])})`
	if (isObject(resourceFieldRef)) return `(${cell(resourceFieldRef["resource"])})`
	if (isObject(secretKeyRef))
		return `<set to the key '${cell(secretKeyRef["key"])}' in secret '${cell(secretKeyRef["name"])}'>`
	if (isObject(configMapKeyRef)) {
		return `<set to the key '${cell(configMapKeyRef["key"])}' of config map '${cell(configMapKeyRef["name"])}'>`
	}
	return ""
}

function mountLines(mounts: Json | undefined): readonly string[] {
	if (!Array.isArray(mounts) || mounts.length === 0) return ["Mounts:\t<none>"]
	const texts = mounts.filter(isObject).map((mount) => {
		const options = [mount["readOnly"] === true ? "ro" : "rw"]
		if (mount["subPath"]) options.push(`path="${cell(mount["subPath"])}"`)
		return `  ${cell(mount["mountPath"])} from ${cell(mount["name"])} (${options.join(",")})`
	})
	return ["Mounts:", ...texts.sort()]
}
