import { formatInstant, type Json, type JsonObject } from "../../../src/base/index.ts"
import { undo } from "../../../src/cluster/daemonset/index.ts"
import type { Cluster, Verdict, Write } from "../../../src/cluster/index.ts"
import {
	apiVersionOf,
	type ControllerRevision,
	type DaemonSet,
	jsonPatch,
	type KubeObject,
	keyOf,
	mergePatch,
	type Node,
	objectKey,
	resolveKind,
	strategicPatch,
	type Taint,
} from "../../../src/kube/index.ts"
import type { Recording, World } from "./recording.ts"

/** What an action needs to know: our cluster, the recording, and the recorded world at that moment. */
export type Stage = {
	readonly cluster: Cluster
	readonly recording: Recording
	readonly world: World
	/** Manifests that were created, and restarts that were made, so far. */
	readonly used: { manifests: number; restarts: number }
}

/** Plays one recorded action; returns what went wrong where it cannot be played, or was answered otherwise. */
export function playAction(
	stage: Stage,
	action: string,
	answer: { http?: number; output?: string },
): string | undefined {
	const writes = writesOf(stage, action)
	if (writes === undefined) return `cannot play: ${action}`
	if (writes.length === 0) return undefined
	const verdicts = stage.cluster.input({ source: { kind: "client", client: "recording" }, writes })
	const refused = verdicts.find((verdict): verdict is Extract<Verdict, { accepted: false }> => !verdict.accepted)
	const wanted = (answer.http ?? 200) < 400
	if (wanted === (refused === undefined)) return undefined
	return wanted
		? `${action}: refused: ${refused?.refusal.message}`
		: `${action}: taken, but the server answered ${answer.http}`
}

type Play = (stage: Stage, ...parts: string[]) => readonly Write[]

/** The words of the recorder, and of kubectl. The first that matches counts. */
const PLAYS: readonly (readonly [RegExp, Play])[] = [
	[/^create /, createNext],
	[/^(?:kubectl )?set image (\S+)\/(\S+) (\S+)=(\S+)$/, setImage],
	[/^(strategic-merge|merge|json)-patch (\S+) (\S+) (.*)$/, patch],
	[/^kubectl patch (\S+) (\S+) (.*)$/, kubectlPatch],
	[/^kubectl set env (\S+)\/(\S+) (.*)$/, setEnv],
	[/^kubectl (label|annotate) (\S+) (\S+) (.*)$/, mark],
	[/^kubectl (cordon|uncordon) (\S+)$/, (stage, verb = "", name = "") => cordon(stage, name, verb === "cordon")],
	[/^kubectl drain (\S+)(.*)$/, drain],
	[/^kubectl taint nodes? (\S+) (.*)$/, taint],
	[/^kubectl delete pods? (\S+)(.*)$/, deletePod],
	[/^(?:kubectl )?delete (\S+) (\S+)(.*)$/, remove],
	[/^kubectl rollout restart (\S+)\/(\S+)$/, restart],
	[/^kubectl rollout undo (\S+)\/(\S+)(.*)$/, undoRollout],
	[
		/^kubectl (?:rollout (?:status|history|pause|resume)|get|describe|top|explain|logs|events|wait|diff|version)\b/,
		() => [],
	],
	[/^stop (?:heartbeat|kubelet)(?: of)? (\S+)$/, (_stage, name = "") => [fault("node-down", name)]],
	[/^(?:start )?kubelet of (\S+) (?:back|reports Ready)$/, (_stage, name = "") => [fault("node-up", name)]],
	[/^start kubelet(?: of)? (\S+)$/, (_stage, name = "") => [fault("node-up", name)]],
]

function writesOf(stage: Stage, action: string): readonly Write[] | undefined {
	for (const [words, play] of PLAYS) {
		const found = words.exec(action)
		if (found !== null) return play(stage, ...found.slice(1))
	}
	return undefined
}

function createNext({ recording, used }: Stage): readonly Write[] {
	const object = recording.manifests[used.manifests++]
	return object === undefined ? [] : [{ verb: "create", key: keyOf(object), object }]
}

function setImage(stage: Stage, kind = "", name = "", container = "", image = ""): readonly Write[] {
	return change<DaemonSet>(stage, kind, name, (before) => {
		const { spec } = before.spec.template
		const containers = (spec?.containers ?? []).map((one) => (one.name === container ? { ...one, image } : one))
		return withTemplate(before, { ...before.spec.template, spec: { ...spec, containers } })
	})
}

function patch(stage: Stage, type = "", kind = "", name = "", text = ""): readonly Write[] {
	const body = JSON.parse(text) as Json
	return change(stage, kind, name, (before) => {
		if (type === "merge") return mergePatch(before, body as JsonObject) as unknown as KubeObject
		if (type === "strategic-merge") return strategicPatch(before, body as JsonObject) as unknown as KubeObject
		const patched = jsonPatch(before, body)
		return "object" in patched ? (patched.object as unknown as KubeObject) : before
	})
}

/** `--type=merge -p '{…}'`, in any order; strategic where no type is named. */
function kubectlPatch(stage: Stage, kind = "", name = "", flags = ""): readonly Write[] {
	const type = /--type[= ](\w+)/.exec(flags)?.[1] ?? "strategic"
	const text = /(?:-p|--patch)[= ]'?([[{].*[\]}])'?/.exec(flags)?.[1] ?? "{}"
	return patch(stage, type === "strategic" ? "strategic-merge" : type, kind, name, text)
}

function setEnv(stage: Stage, kind = "", name = "", words = ""): readonly Write[] {
	const pairs = words.split(" ").filter((word) => !word.startsWith("-"))
	return change<DaemonSet>(stage, kind, name, (before) => {
		const { spec } = before.spec.template
		const containers = (spec?.containers ?? []).map((one) => {
			const env = new Map<string, object>(
				((one["env"] ?? []) as readonly { readonly name: string }[]).map((variable) => [variable.name, variable]),
			)
			for (const pair of pairs) {
				const [key = "", ...value] = pair.split("=")
				if (value.length === 0) env.delete(key.replace(/-$/, ""))
				else env.set(key, { name: key, value: value.join("=") })
			}
			return { ...one, env: [...env.values()] }
		})
		return withTemplate(before, { ...before.spec.template, spec: { ...spec, containers } as typeof spec })
	})
}

function mark(stage: Stage, verb = "", kind = "", name = "", words = ""): readonly Write[] {
	const member = verb === "label" ? "labels" : "annotations"
	return change(stage, kind, name, (before) => {
		const marks: { [key: string]: string } = { ...before.metadata[member] }
		for (const word of words.split(" ").filter((each) => !each.startsWith("--"))) {
			const [key = "", ...value] = word.split("=")
			if (value.length > 0) marks[key] = value.join("=")
			else delete marks[key.replace(/-$/, "")]
		}
		return { ...before, metadata: { ...before.metadata, [member]: marks } }
	})
}

function cordon(stage: Stage, name: string, unschedulable: boolean): readonly Write[] {
	return change<Node>(stage, "node", name, (before) => ({ ...before, spec: { ...before.spec, unschedulable } }))
}

/** Without `--ignore-daemonsets` it stops after the cordon where the node has daemon pods, as kubectl does. */
function drain(stage: Stage, name = "", flags = ""): readonly Write[] {
	const pods = [...stage.cluster.list({ group: "", kind: "Pod", nodeName: name })]
	const isDaemon = ({ metadata }: KubeObject) => metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet")
	const stays = pods.some(isDaemon) && !flags.includes("--ignore-daemonsets")
	const evicted = stays ? [] : pods.filter((pod) => !isDaemon(pod))
	return [...cordon(stage, name, true), ...evicted.map((pod): Write => ({ verb: "delete", key: keyOf(pod) }))]
}

function taint(stage: Stage, name = "", words = ""): readonly Write[] {
	return change<Node>(stage, "node", name, (before) => {
		let taints: readonly Taint[] = before.spec?.taints ?? []
		for (const word of words.split(" ").filter((each) => !each.startsWith("--"))) {
			const [, key = "", value, effect, off] = /^([^=:]+?)(?:=([^:]*))?(?::(\w+))?(-)?$/.exec(word) ?? []
			taints = taints.filter((one) => one.key !== key || (effect !== undefined && one.effect !== effect))
			const added = { key, ...(value ? { value } : {}), effect: effect as Taint["effect"] }
			if (off === undefined) taints = [...taints, added]
		}
		return { ...before, spec: { ...before.spec, taints } }
	})
}

function deletePod(stage: Stage, name = "", flags = ""): readonly Write[] {
	const pod = ourPod(stage, name)
	if (pod === undefined) return []
	const now = /--force|--grace-period=0/.test(flags) ? 0 : flags.includes("--now") ? 1 : undefined
	return [{ verb: "delete", key: keyOf(pod), ...(now === undefined ? {} : { gracePeriodSeconds: now }) }]
}

function remove(_stage: Stage, kind = "", name = "", flags = ""): readonly Write[] {
	const cascade = /--cascade=(\w+)/.exec(flags)?.[1]
	const propagation = cascade === "orphan" ? "Orphan" : cascade === "foreground" ? "Foreground" : "Background"
	return [{ verb: "delete", key: keyFor(kind, name), propagation }]
}

/** kubectl writes the time of the restart into the template; the recorded one, so that the hash is the recorded one. */
function restart(stage: Stage, kind = "", name = ""): readonly Write[] {
	const annotation = "kubectl.kubernetes.io/restartedAt"
	const texts = (stage.recording.final.controllerrevisionObjects ?? []).map((object) => JSON.stringify(object))
	const recorded = texts.flatMap((text) => new RegExp(`"${annotation}":"([^"]+)"`).exec(text)?.[1] ?? []).sort()
	const at = recorded[stage.used.restarts++] ?? formatInstant(stage.cluster.now())
	return change<DaemonSet>(stage, kind, name, (before) => {
		const { template } = before.spec
		const annotations = { ...template.metadata?.annotations, [annotation]: at }
		return withTemplate(before, { ...template, metadata: { ...template.metadata, annotations } })
	})
}

/** The revisions that a DaemonSet owns, by number. */
export function ownRevisions(cluster: Cluster, name: string): readonly ControllerRevision[] {
	const all = [...cluster.list({ group: "apps", kind: "ControllerRevision", namespace: "default" })]
	const own = all.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.name === name))
	return (own as unknown as ControllerRevision[]).sort((a, b) => a.revision - b.revision)
}

export function undoFor(cluster: Cluster, daemonSet: DaemonSet, flags: string) {
	const revision = Number(/--to-revision=(\d+)/.exec(flags)?.[1] ?? 0)
	return undo(daemonSet, ownRevisions(cluster, daemonSet.metadata.name), revision)
}

function undoRollout(stage: Stage, kind = "", name = "", flags = ""): readonly Write[] {
	return change<DaemonSet>(stage, kind, name, (before) => {
		const undone = undoFor(stage.cluster, before, flags)
		return undone.kind === "rolled-back" ? withTemplate(before, undone.template) : before
	})
}

function withTemplate(before: DaemonSet, template: DaemonSet["spec"]["template"]): DaemonSet {
	return { ...before, spec: { ...before.spec, template } }
}

/** Reads, changes, and puts back what changed. */
function change<T extends KubeObject>(
	stage: Stage,
	kind: string,
	name: string,
	by: (before: T) => KubeObject,
): readonly Write[] {
	const found = resolveKind(kind)?.kind === "Pod" ? ourPod(stage, name) : stage.cluster.read(keyFor(kind, name))
	if (found === undefined) return []
	const object = by(found as T)
	return object === found ? [] : [{ verb: "update", key: keyOf(found), object }]
}

function keyFor(typed: string, name: string): string {
	const kind = resolveKind(typed)
	if (kind === undefined) return objectKey({ group: "", kind: typed, namespace: "default", name })
	return objectKey({ group: kind.group, kind: kind.kind, namespace: kind.namespaced ? "default" : "", name })
}

/** Freedom `names-and-uids`: ours is the pod of the same node, owner, image and hash. */
function ourPod({ cluster, world }: Stage, name: string): KubeObject | undefined {
	const own = cluster.read(objectKey({ group: "", kind: "Pod", namespace: "default", name }))
	const recorded = world.pods[name]
	if (own !== undefined || recorded === undefined) return own
	const node = recorded.targetNode ?? recorded.node ?? ""
	const fits = (pod: KubeObject): number => {
		const { labels, ownerReferences = [], deletionTimestamp } = pod.metadata
		const same = (labels?.["controller-revision-hash"] ?? null) === (recorded.hash ?? null)
		const owned = ownerReferences[0]?.name === recorded.owner?.[0]
		return (owned ? 4 : 0) + (same ? 2 : 0) + (deletionTimestamp === undefined ? 1 : 0)
	}
	const here = [...cluster.list({ group: "", kind: "Pod" })].filter((pod) => placeOf(pod) === node)
	return here.sort((a, b) => fits(b) - fits(a))[0]
}

/** The node that a pod is on, or is meant for. */
export function placeOf(pod: KubeObject): string | undefined {
	return (pod["spec"] as { nodeName?: string }).nodeName ?? targetOf(pod) ?? undefined
}

export function targetOf(pod: KubeObject): string | null {
	const found = /"matchFields":\[\{"key":"metadata.name","operator":"In","values":\["([^"]+)"\]/.exec(
		JSON.stringify(pod["spec"]),
	)
	return found?.[1] ?? null
}

function fault(kind: "node-down" | "node-up", node: string): Write {
	return { verb: "fault", fault: { kind, node } }
}

/** A machine as the recordings have them. */
export function fakeNode(name: string, labels: { readonly [key: string]: string }): KubeObject {
	const size = { cpu: "8", memory: "32Gi", pods: "110", "ephemeral-storage": "100Gi" }
	const own = { "kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64" }
	return {
		apiVersion: apiVersionOf({ group: "", version: "v1" }),
		kind: "Node",
		metadata: { name, labels: { ...own, ...labels } },
		spec: {},
		status: { capacity: size, allocatable: size },
	} as KubeObject
}
