import {
	CHANGE_CAUSE_ANNOTATION,
	HASH_LABEL,
	ownerReference,
	planRevisions,
	revisionHash,
	revisionLabel,
	revisionTemplate,
	templateIdentity,
	undo,
} from "../../src/cluster/daemonset/index.ts"
import type { ControllerRevision, DaemonSet, ObjectMeta, Pod, PodTemplate } from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"
import { runSync, type World } from "./world.ts"

type Step =
	| { readonly op: "apply"; readonly template: number; readonly cause?: string }
	| { readonly op: "limit"; readonly value: number }
	| { readonly op: "touch"; readonly field: string }
	| { readonly op: "sync" }
	| { readonly op: "pods"; readonly pods?: readonly PodWord[] }
	| { readonly op: "undo"; readonly revision: number }
	| { readonly op: "occupyName"; readonly template: number }
	| {
			readonly op: "addRevision"
			readonly name: string
			readonly template: number
			readonly revision: number
			readonly owned?: boolean
			readonly withoutHashLabel?: true
	  }
type PodWord = { readonly name: string; readonly template: number; readonly state?: string }
type Row = { readonly name: string; readonly revision: number; readonly template: number }
type State = {
	readonly revisions?: readonly Row[]
	readonly podRevision?: Readonly<Record<string, string | null>>
	readonly currentTemplate?: number
	readonly collisionCount?: number
}
type HistoryCase = Case & {
	readonly templates: readonly PodTemplate[]
	readonly revisionHistoryLimit: number
	readonly initial: State
	readonly steps: readonly Step[]
	readonly expected: readonly State[]
}
type Extra = { syncError?: true; undo?: string; occupied?: false }

suite<HistoryCase>("history", "[H1] to [H7] revisions live as they do in Kubernetes", (given) => {
	const tokens = new Map<string, string>()
	const world = newWorld(given)
	runSync(world)
	const first = difference(stateOf(world, given, tokens, given.initial), given.initial)
	if (first !== undefined) return `initial: ${first}`
	for (const [index, step] of given.steps.entries()) {
		const want = given.expected[index] as State
		const extra = act(world, given, step)
		const syncs = step.op !== "occupyName" && step.op !== "addRevision"
		if (syncs && runSync(world).error !== undefined) extra.syncError = true
		const { podRevision, ...got } = stateOf(world, given, tokens, want)
		const pods = syncs && podRevision !== undefined ? { podRevision } : {}
		const wrong = difference({ ...got, ...pods, ...extra }, want)
		if (wrong !== undefined) return `step ${index} ${JSON.stringify(step)}: ${wrong}`
	}
	return undefined
})

function newWorld(given: HistoryCase): World {
	const template = given.templates[0] as PodTemplate
	const daemonSet: DaemonSet = {
		apiVersion: "apps/v1",
		kind: "DaemonSet",
		metadata: { name: "ds", namespace: "default", uid: "ds-uid", generation: 1 },
		spec: {
			selector: { matchLabels: { app: "x" } },
			template,
			updateStrategy: { type: "OnDelete" },
			revisionHistoryLimit: given.revisionHistoryLimit,
		},
	}
	return { now: 0, daemonSet, nodes: [], pods: [], revisions: [], expectations: undefined, backOffs: new Map() }
}

function act(world: World, given: HistoryCase, step: Step): Extra {
	const { daemonSet } = world
	switch (step.op) {
		case "apply":
			setTemplate(world, templateAt(given, step.template))
			if (step.cause !== undefined) annotate(world, CHANGE_CAUSE_ANNOTATION, step.cause)
			return {}
		case "limit":
			world.daemonSet = { ...daemonSet, spec: { ...daemonSet.spec, revisionHistoryLimit: step.value } }
			return {}
		case "touch":
			touch(world, step.field)
			return {}
		case "sync":
			return {}
		case "pods":
			world.pods = (step.pods ?? []).map((word) => podOf(world, given, word))
			return {}
		case "undo": {
			const outcome = undo(daemonSet, world.revisions, step.revision)
			if (outcome.kind === "rolled-back") setTemplate(world, outcome.template)
			return { undo: outcome.message }
		}
		case "occupyName":
			return occupyName(world, templateAt(given, step.template))
		case "addRevision":
			world.revisions = [...world.revisions, foreignRevision(world, templateAt(given, step.template), step)]
			return {}
	}
}

function templateAt(given: HistoryCase, index: number): PodTemplate {
	return given.templates[index] as PodTemplate
}

function setTemplate(world: World, template: PodTemplate): void {
	world.daemonSet = { ...world.daemonSet, spec: { ...world.daemonSet.spec, template } }
}

function annotate(world: World, name: string, value: string): void {
	const { metadata } = world.daemonSet
	const annotations = { ...metadata.annotations, [name]: value }
	world.daemonSet = { ...world.daemonSet, metadata: { ...metadata, annotations } } as DaemonSet
}

function touch(world: World, field: string): void {
	const { daemonSet } = world
	const { metadata, spec } = daemonSet
	if (field === "metadata.labels") {
		world.daemonSet = { ...daemonSet, metadata: { ...metadata, labels: { touched: "yes" } } } as DaemonSet
	} else if (field === "spec.minReadySeconds") {
		world.daemonSet = { ...daemonSet, spec: { ...spec, minReadySeconds: (spec.minReadySeconds ?? 0) + 1 } }
	}
	// spec.updateStrategy stays OnDelete: without nodes no other strategy acts.
}

/** A live pod carries the hash of the revision that holds its template. */
function podOf(world: World, given: HistoryCase, { name, template, state = "" }: PodWord): Pod {
	const holder = world.revisions.findLast((revision) => holds(revision, templateAt(given, template)))
	const hash = holder === undefined ? revisionHash(templateAt(given, template), undefined) : revisionLabel(holder)
	return {
		apiVersion: "v1",
		kind: "Pod",
		metadata: {
			name,
			namespace: "default",
			labels: { app: "x", [HASH_LABEL]: hash },
			ownerReferences: [ownerReference(world.daemonSet)],
			...(state.startsWith("terminating") ? { deletionTimestamp: "1970-01-01T00:00:00Z" } : {}),
		},
		spec: { containers: [], nodeName: "n1" },
		status: { phase: /failed/i.test(state) ? "Failed" : "Running" },
	}
}

function occupyName(world: World, template: PodTemplate): Extra {
	const { daemonSet } = world
	const name = `ds-${revisionHash(template, daemonSet.status?.collisionCount)}`
	if (world.revisions.some(({ metadata }) => metadata.name === name)) return { occupied: false }
	const metadata: ObjectMeta = { name, namespace: "default", labels: { somebody: "else" } }
	const foreign = { apiVersion: "apps/v1", kind: "ControllerRevision", metadata, revision: 1, data: {} }
	world.revisions = [...world.revisions, foreign]
	return {}
}

function foreignRevision(
	world: World,
	template: PodTemplate,
	step: Extract<Step, { op: "addRevision" }>,
): ControllerRevision {
	const fresh = planRevisions({ ...world.daemonSet, spec: { ...world.daemonSet.spec, template } }, [])
	if (fresh.error !== undefined) throw new Error(fresh.error)
	const { ownerReferences, labels: _, ...metadata } = fresh.current.metadata
	const labels = { app: "x", ...(step.withoutHashLabel ? {} : { [HASH_LABEL]: step.name }) }
	return {
		...fresh.current,
		metadata: { ...metadata, name: step.name, labels, ...(step.owned ? { ownerReferences } : {}) } as ObjectMeta,
		revision: step.revision,
	}
}

function holds(revision: ControllerRevision, template: PodTemplate): boolean {
	const held = revisionTemplate(revision)
	return held !== undefined && templateIdentity(held) === templateIdentity(template)
}

/** The state in the case's words: a name we have not met stands for the next token that the case wants there. */
function stateOf(world: World, given: HistoryCase, tokens: Map<string, string>, want: State): State {
	const templateOf = (template: PodTemplate | undefined) =>
		given.templates.findIndex((each) => template !== undefined && templateIdentity(each) === templateIdentity(template))
	const owned = world.revisions
		.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === "ds-uid"))
		.sort((a, b) => a.revision - b.revision)
	const known = new Set(tokens.values())
	const revisions = owned.map((revision, index) => {
		const { name, annotations } = revision.metadata
		const wanted = want.revisions?.[index]?.name
		if (!tokens.has(name)) tokens.set(name, wanted === undefined || known.has(wanted) ? `unknown ${name}` : wanted)
		const cause = annotations?.[CHANGE_CAUSE_ANNOTATION]
		return {
			name: tokens.get(name) ?? name,
			revision: revision.revision,
			template: templateOf(revisionTemplate(revision)),
			...(cause === undefined ? {} : { cause }),
			...(revision.metadata.labels?.[HASH_LABEL] === name ? { hashLabelIsName: true } : {}),
		}
	})
	const { collisionCount } = world.daemonSet.status ?? {}
	const pods = world.pods.map((pod): [string, string | null] => {
		const holder = owned.find((each) => revisionLabel(each) === pod.metadata.labels?.[HASH_LABEL])
		return [pod.metadata.name, holder === undefined ? null : (tokens.get(holder.metadata.name) ?? null)]
	})
	return {
		revisions,
		currentTemplate: templateOf(world.daemonSet.spec.template),
		...(collisionCount === undefined ? {} : { collisionCount }),
		...(pods.length === 0 ? {} : { podRevision: Object.fromEntries(pods) }),
	}
}
