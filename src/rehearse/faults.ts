import { dice, die } from "../base/index.ts"
import type { Input, Write } from "../cluster/index.ts"
import { type KubeObject, keyOf } from "../kube/index.ts"
import type { Rehearsed } from "./contract.ts"
import { stuckIn } from "./measures.ts"

/** What may go wrong while a commit rolls out: the same number gives the same story. */
export type FaultStory = {
	readonly number: number
	/** The dice to play it with. */
	readonly dice: string
	/** In words: `general-7 dies after 2m; pulls are 4 times slower`. */
	readonly says: string
	/** What makes it happen, to be played before the commit acts. */
	readonly input: Input
}

/** Each story is of one kind, in turn; its number decides the rest. */
const KINDS = ["node dies", "slow pulls", "new version crashes"] as const
const CRASHING = "3%"
const SLOWER = [2, 4, 8]
const MOST_DEAD = 3

/** Story `number` for a commit of which this was rehearsed; undefined where it moves no pod, so that nothing can fail. */
export function faultStory(seed: string, number: number, foreseen: Rehearsed): FaultStory | undefined {
	const nodes = [...new Set(foreseen.rollouts.flatMap(({ order }) => order.map(({ node }) => node)))]
	if (nodes.length === 0) return undefined
	const base = die(seed, "fault")
	const throwOf = (attempt: number, below: number): number => dice(base, number, attempt) % below
	const halfway = Math.max(1, Math.round((foreseen.endedAt - foreseen.startedAt) / 2_000))
	const kind = KINDS[(number - 1) % KINDS.length]
	if (kind === "node dies") {
		const dead = new Set<string>()
		const wanted = Math.min(nodes.length, 1 + throwOf(0, MOST_DEAD))
		for (let attempt = 1; dead.size < wanted && attempt < 100; attempt++)
			dead.add(nodes[throwOf(attempt, nodes.length)] ?? "")
		const names = [...dead].sort()
		const step = { at: `${halfway}s`, fault: "Down", nodes: { names } }
		return story(number, `${names.join(", ")} ${names.length === 1 ? "dies" : "die"} after ${halfway}s`, [
			scenario([step]),
		])
	}
	if (kind === "slow pulls") {
		const factor = SLOWER[throwOf(0, SLOWER.length)] ?? 2
		const step = { at: "0s", fault: "SlowPulls", factor, nodes: { selector: {} } }
		return story(number, `images are pulled ${factor} times slower`, [scenario([step])])
	}
	const images = newImages(foreseen)
	const crashes = images.map((image, index) => behavior(`rollcall-fault-${index}`, image))
	return story(number, `${images.join(", ")} crashes on ${CRASHING} of the nodes`, crashes)
}

/** The worse comes first: rollouts that get stuck or never end, then nodes down at once, then time. */
export function byHarm(a: Rehearsed, b: Rehearsed): number {
	const time = ({ startedAt, endedAt }: Rehearsed): number => endedAt - startedAt
	return stuckIn(b) - stuckIn(a) || b.down.most - a.down.most || time(b) - time(a)
}

function newImages({ rollouts }: Rehearsed): string[] {
	const images = rollouts.flatMap(({ from, to }) => to.images.filter((image) => !from?.images.includes(image)))
	const all = images.length > 0 ? images : rollouts.flatMap(({ to }) => to.images)
	return [...new Set(all)].sort()
}

function story(number: number, says: string, objects: readonly KubeObject[]): FaultStory {
	const writes = objects.map((object): Write => ({ verb: "create", key: keyOf(object), object }))
	return {
		number,
		dice: `fault ${number}`,
		says,
		input: { source: { kind: "client", client: "rollcall plan" }, writes },
	}
}

function scenario(steps: readonly object[]): KubeObject {
	return simulation("Scenario", "rollcall-fault", { steps })
}

function behavior(name: string, image: string): KubeObject {
	// Above whatever else is said of the image.
	const failures = [{ kind: "CrashLoop", share: CRASHING, after: "2s", exitCode: 1, message: "rehearsed fault" }]
	return simulation("PodBehavior", name, { priority: 1_000_000, match: { image }, failures })
}

function simulation(kind: string, name: string, spec: object): KubeObject {
	return { apiVersion: "simulation.rollcall.dev/v1alpha1", kind, metadata: { name }, spec } as KubeObject
}
