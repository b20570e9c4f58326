import { AT_ONCE_SECONDS, isBroken, isCycling, isWaiting } from "./freedoms.ts"
import type { PodView, Row, World } from "./recording.ts"

/** One thing that a pod or a node went through. */
export type Step = { readonly t: number; readonly text: string; readonly image: string }

/** What each node, each node's pods of a DaemonSet, and each pod of nobody went through, in order. */
export function storiesOf(initial: World, rows: readonly Row[]): ReadonlyMap<string, readonly Step[]> {
	const stories = new Map<string, Step[]>()
	const pods = new Map<string, { readonly row: Row; readonly story: string; readonly label: string }>()
	const nodes = new Map<string, Partial<Row>>(Object.entries(initial.nodes))
	const numbers = new Map<string, number>()
	const tell = (story: string, step: Step): void => {
		stories.set(story, told(stories.get(story) ?? [], step))
	}
	for (const row of rows) {
		if (row.watch === "node") {
			for (const text of nodeSteps(nodes.get(row.name), row)) tell(`node ${row.name}`, { t: row.t, text, image: "" })
			if (row.type === "DELETED") nodes.delete(row.name)
			else nodes.set(row.name, row)
		}
		if (row.watch !== "pod") continue
		const known = pods.get(row.name)
		const story = known?.story ?? storyOf(row)
		if (known === undefined) numbers.set(story, (numbers.get(story) ?? 0) + 1)
		const label = known?.label ?? `#${numbers.get(story)} ${row.image}`
		const taints = (nodes.get(row.targetNode ?? row.node ?? "")?.taints ?? []).map(
			({ key, effect }) => `${key}:${effect}`,
		)
		for (const text of podSteps(known?.row, row, taints)) {
			tell(story, { t: row.t, text: `${label} ${text}`, image: row.image ?? "" })
		}
		if (row.type === "DELETED") pods.delete(row.name)
		else pods.set(row.name, { row, story, label })
	}
	return stories
}

/** Freedoms `deleted-at-once`, `fake-kubelet-stop` and `ended-pods`. */
function told(before: readonly Step[], step: Step): Step[] {
	if (!step.text.endsWith(" is gone")) return [...before, step]
	const label = step.text.slice(0, -"is gone".length)
	const ran = before.some(({ text }) => text === `${label}is Running`)
	const steps = before.filter(
		({ text, t }) => !text.startsWith(`${label}is told to go`) || (ran && step.t - t >= AT_ONCE_SECONDS),
	)
	const place = isCycling(step.image) ? steps.findLastIndex(({ text }) => text.startsWith(label)) + 1 : steps.length
	return [...steps.slice(0, place), step, ...steps.slice(place)]
}

/** Freedom `names-and-uids`: pods of a DaemonSet are told apart by their place, others have names. */
function storyOf({ name, targetNode }: Row): string {
	return targetNode ? `pods on ${targetNode}` : `pod ${name}`
}

function podSteps(before: Row | undefined, after: Row, taints: readonly string[]): readonly string[] {
	const under = taints.length === 0 ? "" : ` under ${[...taints].sort().join(", ")}`
	const created = before === undefined ? [`is created${after.targetNode ? under : ""}`] : []
	if (after.type === "DELETED") return [...created, "is gone"]
	const goes = before?.terminating !== true && after.terminating === true ? [`is told to go${under}`] : []
	const steps = before === undefined ? [] : ownedSteps(before, after)
	return [...created, ...steps, ...lifeSteps(before, after), ...goes]
}

function ownedSteps(before: Row, after: Row): readonly string[] {
	const steps: string[] = []
	if (ownersOf(before) !== ownersOf(after)) steps.push(`is owned by ${ownersOf(after) || "nobody"}`)
	if (before.hash !== after.hash) steps.push(`is labelled ${after.hash}`)
	return steps
}

function lifeSteps(before: Row | undefined, after: Row): readonly string[] {
	const steps: string[] = []
	if ((before?.node ?? null) !== (after.node ?? null)) steps.push(`is bound to ${after.node}`)
	// Freedoms `fake-kubelet-broken` and `deleted-at-once`.
	const free = isBroken(after.image) ? /^(?:Pending|Running)$/ : /^(?:Pending|Failed)$/
	if (before?.phase !== after.phase && !free.test(after.phase ?? "")) steps.push(`is ${after.phase}`)
	if (before?.waiting !== after.waiting && after.waiting !== undefined) steps.push(`waits: ${after.waiting}`)
	if (isReady(before) !== isReady(after)) steps.push(isReady(after) ? "is ready" : "is not ready")
	const why = after.PodScheduled?.message
	if (why !== undefined && !isWaiting(why) && before?.PodScheduled?.message !== why) steps.push(`does not fit: ${why}`)
	return steps
}

function nodeSteps(before: Partial<Row> | undefined, after: Row): readonly string[] {
	if (after.type === "DELETED") return ["left"]
	const steps: string[] = before === undefined ? ["joined"] : []
	const had = (before?.taints ?? []).map(taintText)
	const has = (after.taints ?? []).map(taintText)
	if (before?.unschedulable !== after.unschedulable && (before !== undefined || after.unschedulable === true)) {
		steps.push(after.unschedulable === true ? "is cordoned" : "is uncordoned")
	}
	// Freedom `fake-kubelet-nodes`: when a new node first reports is the kubelet's affair.
	if (before !== undefined && before.ready !== null && before.ready !== after.ready)
		steps.push(`has Ready=${after.ready}`)
	for (const taint of has) if (!had.includes(taint)) steps.push(`has ${taint}`)
	for (const taint of had) if (!has.includes(taint)) steps.push(`lost ${taint}`)
	const labels = JSON.stringify(after.labels ?? {})
	if (before !== undefined && JSON.stringify(before.labels ?? {}) !== labels) steps.push(`is labelled ${labels}`)
	return steps
}

function taintText({ key, value, effect }: { key: string; value?: string; effect: string }): string {
	return `${key}=${value ?? ""}:${effect}`
}

function ownersOf({ owner = [] }: Row): string {
	return owner.join(",")
}

function isReady(row: Row | undefined): boolean {
	return row?.ready === true || row?.ready === "True"
}

const COUNTS = [
	"currentNumberScheduled",
	"numberMisscheduled",
	"desiredNumberScheduled",
	"numberReady",
	"observedGeneration",
	"updatedNumberScheduled",
	"numberAvailable",
	"numberUnavailable",
] as const

/** A world in lines that two clusters can share: no generated names. */
export function linesOf(world: World): readonly string[] {
	const pods = Object.entries(world.pods).map(([name, pod]) => podLine(name, pod))
	const sets = Object.entries(world.daemonsets).map(([name, { generation, image, status = {}, terminating }]) => {
		const counts = COUNTS.map((count) => `${count} ${status[count] ?? 0}`).join(", ")
		return `DaemonSet ${name} generation ${generation} ${image}${terminating === true ? " terminating" : ""}: ${counts}`
	})
	const revisions = Object.entries(world.controllerrevisions).map(
		([name, { revision, owner = [], image }]) =>
			`revision ${name} is ${revision} of ${owner.join(",") || "nobody"}: ${image}`,
	)
	const nodes = Object.entries(world.nodes).map(
		([name, { taints = [], unschedulable, ready, readyReason, labels = {} }]) =>
			`node ${name}: Ready=${ready} ${readyReason}${unschedulable === true ? " cordoned" : ""} ${JSON.stringify(labels)} [${taints.map(taintText).join(" ")}]`,
	)
	return [...pods, ...sets, ...revisions, ...nodes].sort()
}

function podLine(name: string, pod: Partial<PodView>): string {
	const {
		node,
		targetNode,
		phase,
		image,
		hash,
		generation,
		owner = [],
		terminating,
		waiting,
		priority,
		PodScheduled,
	} = pod
	const parts = [
		targetNode ? `pod for ${targetNode}` : `pod ${name}`,
		`on ${node ?? "no node"}`,
		phase,
		isReady(pod as Row) ? "ready" : "not ready",
		`${image} ${hash ?? "-"} ${generation ?? "-"}`,
		`of ${owner.join(",") || "nobody"}`,
		...(terminating === true ? ["terminating"] : []),
		...(waiting === undefined ? [] : [waiting]),
		...(priority === undefined ? [] : [`priority ${priority}`]),
		...(PodScheduled === undefined ? [] : [PodScheduled.message ?? ""]),
	]
	return parts.join(", ")
}

/** S1: the most that a stored status ever counted as unavailable, by DaemonSet. */
export function mostUnavailable(rows: readonly Row[]): { readonly [daemonSet: string]: number } {
	const most: { [daemonSet: string]: number } = {}
	for (const { watch, name, status = {} } of rows) {
		if (watch === "daemonset") most[name] = Math.max(most[name] ?? 0, status["numberUnavailable"] ?? 0)
	}
	return most
}

/** Of the nodes that once had a ready pod of a DaemonSet, the most that had none at the same time. */
export function mostDown(rows: readonly Row[]): number {
	const ready = new Map<string, Map<string, boolean>>()
	let most = 0
	for (const row of rows) {
		const node = row.targetNode
		if (row.watch !== "pod" || !node) continue
		const here = ready.get(node) ?? new Map<string, boolean>()
		if (row.type === "DELETED") here.delete(row.name)
		else here.set(row.name, isReady(row))
		if (isReady(row)) ready.set(node, here)
		most = Math.max(most, [...ready.values()].filter((pods) => ![...pods.values()].includes(true)).length)
	}
	return most
}
