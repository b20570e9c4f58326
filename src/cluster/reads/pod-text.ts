import { formatInstant, type Instant } from "../../base/index.ts"
import { type Pod, withControlPlane } from "../../kube/index.ts"
import { containerId, podStatus, Stage } from "../kubelet/index.ts"
import { lifeFor } from "../run/lives.ts"
import { Readiness } from "../state/nodes.ts"
import { half } from "../state/pods.ts"
import { type Machine, type PodForm, type PodForms, podShapeOf, remembered } from "../writes/machine.ts"
import { type OwnWords, ownersOf, ownOf, podOf, readPod } from "./read-pod.ts"
import { addressOf, kubeletRow, podAddress } from "./read-pod-status.ts"

/** How a Pod is told: one of `TELLINGS`. */
export type Telling = keyof PodForms

const TELLINGS: { readonly [telling in Telling]: (pod: Pod) => string } = {
	/** Without `apiVersion` and `kind`. */
	listed: ({ metadata, spec, status }) => JSON.stringify({ metadata, spec, status }),
	/** With what the control plane owns of it (A14). */
	alone: (pod) => JSON.stringify(withControlPlane(pod)),
}

/** The Pod as JSON.stringify tells it, for much less where it is well: of one shape, such pods differ in few words. */
export function podText(machine: Machine, row: number, telling: Telling): string {
	const form = isWell(machine, row) ? formFor(machine, row, telling) : undefined
	return form === undefined
		? TELLINGS[telling](readPod(machine, row))
		: filled(form, wordsOf(machine, row, form.containers))
}

/** Ready since it was started, and nothing about it but what its shape says. */
function isWell({ state: { pods, nodes } }: Machine, row: number): boolean {
	return (
		pods.stage[row] === Stage.Ready &&
		pods.restarts[row] === 0 &&
		pods.containersAt[half(row)] !== 0 &&
		pods.deletedAt[half(row)] === 0 &&
		pods.owner[row] !== -1 &&
		nodes.ready[pods.node[row] as number] !== Readiness.Unknown &&
		!pods.overlays.has(row)
	)
}

function filled({ pieces, places }: PodForm, words: readonly string[]): string {
	let text = pieces[0] as string
	for (let at = 0; at < places.length; at++)
		text += (words[places[at] as number] as string) + (pieces[at + 1] as string)
	return text
}

function formFor(machine: Machine, row: number, telling: Telling): PodForm | undefined {
	const { state, memo } = machine
	const owner = state.daemonSets[state.pods.owner[row] as number]
	if (owner === undefined) return undefined
	const forms = remembered(memo.podForms[telling], owner, () => new WeakMap())
	return remembered(forms, podShapeOf(machine, row), () => ({ form: makeForm(machine, row, telling) })).form
}

/** Of a pod whose words cannot be mistaken: the places are where they are found again. */
function makeForm(machine: Machine, row: number, telling: Telling): PodForm | undefined {
	const life = lifeFor(machine, row)
	const containers = life.containers.map(({ name }) => name)
	const status = podStatus(life, { ...kubeletRow(machine, row, OWN), ...TOLD })
	const whole = podOf(podShapeOf(machine, row), ownersOf(machine, row), OWN, {}, status)
	const marks = wordsIn(OWN, TOLD, containers)
	const cut = TELLINGS[telling](whole).split(new RegExp(`(${marks.join("|")})`))
	const form = {
		pieces: cut.filter((_, index) => index % 2 === 0),
		places: cut.filter((_, index) => index % 2 === 1).map((mark) => marks.indexOf(mark)),
		containers,
	}
	// The template itself may have such a word in it.
	const isTrue = filled(form, wordsOf(machine, row, containers)) === TELLINGS[telling](readPod(machine, row))
	return isTrue ? form : undefined
}

const OWN: OwnWords = {
	generateName: "~generateName~",
	name: "~name~",
	namespace: "~namespace~",
	uid: "~uid~",
	version: "~version~",
	createdAt: longAgo(1),
	node: "~node~",
	bound: true,
}
type ToldWords = {
	readonly scheduledAt: Instant
	readonly startedAt: Instant
	readonly readyChangedAt: Instant
	readonly hostIP: string
	readonly podIP: string
}

const TOLD: ToldWords = {
	scheduledAt: longAgo(2),
	startedAt: longAgo(3),
	readyChangedAt: longAgo(4),
	hostIP: "~hostIP~",
	podIP: "~podIP~",
}

function longAgo(second: number): Instant {
	return -62_000_000_000_000 + second * 1000
}

function wordsOf(machine: Machine, row: number, containers: readonly string[]): readonly string[] {
	const { pods } = machine.state
	const told = {
		scheduledAt: pods.boundAt[half(row)] as number,
		startedAt: pods.containersAt[half(row)] as number,
		readyChangedAt: pods.readySince[half(row)] as number,
		hostIP: addressOf(pods.node[row] as number),
		podIP: podAddress(machine, row),
	}
	return wordsIn(ownOf(machine, row), told, containers)
}

function wordsIn(own: OwnWords, told: ToldWords, containers: readonly string[]): readonly string[] {
	const { generateName, name, namespace, uid, version, node } = own
	const words = [generateName, name, namespace, uid, version, node, told.hostIP, told.podIP]
	words.push(formatInstant(own.createdAt), formatInstant(told.scheduledAt))
	words.push(formatInstant(told.startedAt), formatInstant(told.readyChangedAt))
	for (const container of containers) words.push(containerId(own.uid, container, 0))
	return words
}
