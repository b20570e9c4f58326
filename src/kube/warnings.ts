import { isObject, type JsonObject } from "../base/index.ts"
import { MAX_UNAVAILABLE_ANNOTATION, maxUnavailableProblem } from "./max-unavailable.ts"
import type { KubeObject } from "./object.ts"
import { quantityOf } from "./quantity.ts"
import { itemsOf, memberOf, textOf } from "./validation/errors.ts"

const OLD_LABELS: ReadonlyMap<string, string> = new Map([
	["beta.kubernetes.io/arch", 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
	["beta.kubernetes.io/os", 'deprecated since v1.14; use "kubernetes.io/os" instead'],
	["failure-domain.beta.kubernetes.io/region", 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
	["failure-domain.beta.kubernetes.io/zone", 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
	["beta.kubernetes.io/instance-type", 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
])

/** A11: what the server takes and yet warns of, in its words: the pod of a Pod or of a DaemonSet's template; R11. */
export function warningsOf(object: KubeObject): readonly string[] {
	const spec = isObject(object["spec"]) ? object["spec"] : {}
	if (object.kind === "Pod" && object.apiVersion === "v1") return podWarnings(spec, "spec")
	const annotation = maxUnavailableProblem(object)
	const own = annotation === undefined ? [] : [`metadata.annotations[${MAX_UNAVAILABLE_ANNOTATION}]: ${annotation}`]
	if (object.kind !== "DaemonSet" || object.apiVersion !== "apps/v1") return own
	return [...own, ...podWarnings(memberOf(memberOf(spec, "template") ?? {}, "spec") ?? {}, "spec.template.spec")]
}

function podWarnings(spec: JsonObject, path: string): readonly string[] {
	const grace = spec["terminationGracePeriodSeconds"]
	const labels = Object.keys(memberOf(spec, "nodeSelector") ?? {}).flatMap((label) => {
		const advice = OLD_LABELS.get(label)
		return advice === undefined ? [] : [`${path}.nodeSelector[${label}]: ${advice}`]
	})
	return [
		...labels,
		...itemsOf(spec, "imagePullSecrets").flatMap((secret, index) =>
			textOf(secret, "name") === "" ? [`${path}.imagePullSecrets[${index}].name: invalid empty name ""`] : [],
		),
		...["initContainers", "containers"].flatMap((list) =>
			itemsOf(spec, list).flatMap((container, index) => containerWarnings(container, `${path}.${list}[${index}]`)),
		),
		...portWarnings(itemsOf(spec, "containers"), `${path}.containers`),
		...(typeof grace === "number" && grace < 0
			? [`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`]
			: []),
	]
}

function containerWarnings(container: JsonObject, path: string): readonly string[] {
	const resources = memberOf(container, "resources") ?? {}
	return [
		...["limits", "requests"].flatMap((list) =>
			fractionWarnings(memberOf(resources, list) ?? {}, `${path}.resources.${list}`),
		),
		...environmentWarnings(itemsOf(container, "env"), path),
	]
}

function fractionWarnings(amounts: JsonObject, path: string): readonly string[] {
	return ["memory", "ephemeral-storage"].flatMap((name) => {
		const amount = amounts[name]
		const quantity = quantityOf(amount)
		if (quantity === undefined || quantity.nano % 1_000_000_000n === 0n) return []
		return [`${path}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`]
	})
}

function environmentWarnings(variables: readonly JsonObject[], path: string): readonly string[] {
	const first = new Map<string, number>()
	return variables.flatMap((variable, index) => {
		const name = textOf(variable, "name")
		const before = first.get(name)
		if (before === undefined) first.set(name, index)
		// A later value that builds on the earlier one hides nothing.
		if (before === undefined || textOf(variable, "value").includes(`$(${name})`)) return []
		const hidden = `hides previous definition of "${name}", which may be dropped when using apply`
		return [`${path}.env[${index}]: ${hidden}`]
	})
}

function portWarnings(containers: readonly JsonObject[], path: string): readonly string[] {
	const first = new Map<string, string>()
	return containers.flatMap((container, at) =>
		itemsOf(container, "ports").flatMap((port, index) => {
			const [place, text] = [`${path}[${at}].ports[${index}]`, `${port["containerPort"]}/${textOf(port, "protocol")}`]
			const key = `${text}/${port["hostPort"] ?? 0}/${textOf(port, "hostIP")}`
			const before = first.get(key)
			first.set(key, before ?? place)
			return before === undefined ? [] : [`${place}: duplicate port definition with ${before}`]
		}),
	)
}
