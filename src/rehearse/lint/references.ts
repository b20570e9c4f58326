import { isObject, type Json } from "../../base/index.ts"
import { type DaemonSet, keyParts, objectKey } from "../../kube/index.ts"
import { type Lint, type LintContext, nameOf, warning } from "./context.ts"

export type Reference = {
	readonly kind: string
	readonly group: string
	readonly namespace: string
	readonly name: string
}

/** What its pods name: ConfigMaps, Secrets, a ServiceAccount, a PriorityClass; each once. What is optional is not needed. */
export function referencesOf({ metadata, spec }: DaemonSet): Reference[] {
	const { namespace = "" } = metadata
	const found = new Map<string, Reference>()
	const add = (kind: string, name: Json | undefined, group = "", at = namespace): void => {
		if (typeof name === "string" && name !== "") found.set(`${kind}/${name}`, { kind, group, namespace: at, name })
	}
	const pod = spec.template.spec
	add("ServiceAccount", pod["serviceAccountName"])
	add("PriorityClass", pod.priorityClassName, "scheduling.k8s.io", "")
	for (const secret of listOf(pod["imagePullSecrets"])) add("Secret", secret["name"])
	for (const volume of listOf(pod["volumes"])) addSources(volume, add)
	for (const container of [...(pod.initContainers ?? []), ...pod.containers]) {
		for (const { configMapRef, secretRef } of listOf(container["envFrom"])) {
			addNamed("ConfigMap", configMapRef, add)
			addNamed("Secret", secretRef, add)
		}
		for (const { valueFrom } of listOf(container["env"])) {
			if (!isObject(valueFrom)) continue
			addNamed("ConfigMap", valueFrom["configMapKeyRef"], add)
			addNamed("Secret", valueFrom["secretKeyRef"], add)
		}
	}
	return [...found.values()]
}

type Add = (kind: string, name: Json | undefined) => void

function addSources(volume: { readonly [member: string]: Json }, add: Add): void {
	addNamed("ConfigMap", volume["configMap"], add)
	const secret = volume["secret"]
	if (isObject(secret) && secret["optional"] !== true) add("Secret", secret["secretName"])
	const projected = volume["projected"]
	if (!isObject(projected)) return
	for (const source of listOf(projected["sources"])) {
		addNamed("ConfigMap", source["configMap"], add)
		addNamed("Secret", source["secret"], add)
	}
}

function addNamed(kind: string, source: Json | undefined, add: Add): void {
	if (isObject(source) && source["optional"] !== true) add(kind, source["name"])
}

function listOf(value: Json | undefined): readonly { readonly [member: string]: Json }[] {
	return Array.isArray(value) ? value.filter(isObject) : []
}

/** What its pods name and git held until this commit, or holds under nearly that name. What git never had may come from elsewhere. */
export function* missingReferences(daemonSet: DaemonSet, { cluster, changes }: LintContext): Iterable<Lint> {
	for (const reference of referencesOf(daemonSet)) {
		const { kind, group, namespace, name } = reference
		const key = objectKey({ group, kind, namespace, name })
		if (cluster.read(key) !== undefined) continue
		if (changes.some((change) => change.key === key && change.action === "delete")) {
			yield warning("reference-removed", `${kind} ${name}, which its pods need, is removed by this commit`)
			continue
		}
		const near = nearest(name, cluster.list({ group, kind, ...(namespace === "" ? {} : { namespace }) }))
		if (near !== undefined) yield warning("reference-misspelt", `there is no ${kind} ${name}: did you mean ${near}?`)
	}
}

function nearest(
	name: string,
	objects: Iterable<{ readonly metadata: { readonly name: string } }>,
): string | undefined {
	for (const { metadata } of objects) if (isNear(name, metadata.name)) return metadata.name
	return undefined
}

/** One letter put in, left out or changed, or two neighbours turned. */
function isNear(a: string, b: string): boolean {
	const [short, long] = a.length <= b.length ? [a, b] : [b, a]
	if (short === long || short.length < 4 || long.length - short.length > 1) return false
	let from = 0
	while (from < short.length && short[from] === long[from]) from++
	const rest = (text: string, at: number): string => text.slice(at)
	if (rest(short, from) === rest(long, from + 1)) return true
	if (short.length !== long.length) return false
	const turned = short[from] === long[from + 1] && short[from + 1] === long[from]
	return rest(short, from + 1) === rest(long, from + 1) || (turned && rest(short, from + 2) === rest(long, from + 2))
}

/** A ConfigMap or Secret that changes below pods that stay: they keep what they read until they are restarted. */
export function* changesBelow(daemonSet: DaemonSet, { changes }: LintContext): Iterable<Lint> {
	const own = changes.find(
		({ key }) =>
			key ===
			objectKey({
				group: "apps",
				kind: "DaemonSet",
				namespace: daemonSet.metadata.namespace ?? "",
				name: daemonSet.metadata.name,
			}),
	)
	if (own?.action === "create" || own?.fields.some(({ path }) => path.startsWith("spec.template"))) return
	for (const { kind, group, namespace, name } of referencesOf(daemonSet)) {
		if (kind !== "ConfigMap" && kind !== "Secret") continue
		const change = changes.find(({ key }) => key === objectKey({ group, kind, namespace, name }))
		if (change?.action !== "update" || change.fields.length === 0) continue
		yield warning(
			"changes-below",
			`${kind} ${keyParts(change.key).name} changes, and no pod of ${nameOf(daemonSet)} is restarted by that: rollcall rollout restart ds/${daemonSet.metadata.name}`,
		)
	}
}
