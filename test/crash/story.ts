import { randomUUID } from "node:crypto"
import { mkdirSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { leaveRequest, openLedger } from "../../src/cli/compose/index.ts"
import { rollcallOn } from "../builders/rollcall.ts"
import { Chance } from "./chance.ts"
import { checkRepository, checkState, type Head, hold } from "./checks.ts"
import { type Kill, type Life, live } from "./life.ts"
import { AGENT, requestFor, type VictimOrders } from "./orders.ts"
import { User } from "./user.ts"

/** Told after each round: a kill, a look at what it left, and all that must hold. */
export type Told = (life: Life) => void

/** One repository and one state directory through so many kills, and then to its end. */
export async function story(victim: string, seed: number, rounds: number, told: Told): Promise<void> {
	const chance = new Chance(seed)
	const folder = mkdtempSync(join(tmpdir(), "rollcall-crash-"))
	try {
		const user = new User(join(folder, "repository"))
		await user.begin()
		const scene: Scene = {
			victim,
			chance,
			rounds,
			told,
			user,
			folder,
			state: join(folder, "state"),
			opening: 60,
			requests: [],
		}
		await (chance.percent(75) ? followed(scene) : walked(scene))
	} catch (cause) {
		throw new Error(`npm run crash -- --rounds ${rounds} --seed ${seed}: ${cause}`, { cause })
	} finally {
		rmSync(folder, { recursive: true, force: true })
	}
}

type Scene = {
	readonly victim: string
	readonly chance: Chance
	readonly rounds: number
	readonly told: Told
	readonly user: User
	readonly folder: string
	readonly state: string
	/** How many moments a life has until it is ready. */
	opening: number
	head?: Head | undefined
	/** Ids of what was asked, each by a process of its own that is gone by now. */
	readonly requests: string[]
}

/** Commits arrive, an undo is written, and nobody knows when it ends. */
async function followed(scene: Scene): Promise<void> {
	const { chance, rounds, user, state } = scene
	// Some begin with a past to go back to, some with the making of the state directory.
	if (chance.percent(70)) await rollOut(scene)
	for (let round = 0; round < rounds; round++) {
		const speed = chance.pick<number | "max">([20, 200, "max"])
		const work = scene.head !== undefined && chance.percent(30) ? "undo" : "follow"
		// So that there is something to take back.
		if (work === "undo") await user.commitAgent()
		const undoing = chance.percent(30) ? { undoAfterMs: chance.between(0, 100) } : {}
		const target = chance.percent(70) ? { undoTo: `main~${chance.between(1, 3)}` } : {}
		const orders: VictimOrders = { state, repository: user.path, work, speed, ...undoing, ...target }
		await oneRound(scene, orders, (gone) => meanwhile(scene, gone))
	}
	ask(scene, "resume")
	await rollOut(scene)
	const ledger = openLedger(state)
	const onRecord = new Set(ledger.state.ledger.commits().map(({ commit }) => commit))
	const answers = scene.requests.filter((id) => ledger.state.answer(id) !== undefined)
	ledger.close()
	hold(answers.length === scene.requests.length, `requests without an answer, of ${scene.requests.length}: ${answers}`)
	const commits = (await user.git("rev-list", "--first-parent", "main")).split("\n")
	const missing = commits.filter((commit) => !onRecord.has(commit))
	// What came before the first start is not on record as commits.
	hold(missing.length === 0 || commits.indexOf(missing[0] ?? "") > onRecord.size - 1, `no row tells of ${missing}`)
}

async function rollOut(scene: Scene): Promise<void> {
	const { user, state } = scene
	await rollcallOn(user, requestFor({ state, repository: user.path, work: "follow", speed: "max" })).once()
	scene.head = checkState(state, scene.head)
}

/** A history is walked: wherever it was killed, it ends byte for byte as if it never had been. */
async function walked(scene: Scene): Promise<void> {
	const { chance, rounds, user, state, folder } = scene
	for (let commit = 0; commit < 6; commit++) await user.commitAgent()
	const work = chance.pick<"walk" | "settle">(["walk", "settle"])
	const orders: VictimOrders = { state, repository: user.path, work, speed: "max" }
	for (let round = 0; round < rounds; round++) await oneRound(scene, orders, async () => {})
	const whole = rollcallOn(user, requestFor({ ...orders, state: join(folder, "whole") }))
	const killed = rollcallOn(user, requestFor(orders))
	for (const each of [whole, killed]) await each.replay({ settle: work === "settle" })
	hold(killed.exported() === whole.exported(), "the history is another than that of a run that nobody killed")
}

async function oneRound(scene: Scene, orders: VictimOrders, during: (gone: AbortSignal) => Promise<void>) {
	const { user, state } = scene
	const kill = killOf(scene, orders)
	const life = await live(scene.victim, orders, kill, during)
	scene.opening = life.opening || scene.opening
	scene.head = checkState(state, newest(scene.head, life.acknowledged))
	hold(life.failed?.endsWith("with none") !== true, `the failure says no way out: ${life.failed}`)
	await cleanUp(scene, orders, kill)
	for (const commit of life.undone) await user.git("merge-base", "--is-ancestor", commit, "main")
	if (orders.work === "follow" || orders.work === "undo") await user.commitPending()
	const status = await user.git("status", "--porcelain")
	hold(status === "", `git status is not clean:\n${status}`)
	scene.told(life)
}

/** What was cut off is ended, or taken back, by whoever writes next. */
async function cleanUp({ user, victim }: Scene, orders: VictimOrders, kill: Kill): Promise<void> {
	if (checkRepository(user.path).length === 0) return
	// A git whose caller is gone may still be at it.
	await sleep(200)
	const leftovers = checkRepository(user.path)
	const isWriting = orders.work === "undo" || orders.undoAfterMs !== undefined
	hold(isWriting || leftovers.length === 0, `nobody wrote, and there is ${leftovers}`)
	// A git that is killed itself leaves its lock on a ref, and git says to everyone to remove it.
	const ofGit = leftovers.filter((path) => path.endsWith("HEAD.lock") || path.includes("/refs/"))
	hold(kill.withChildren || ofGit.length === 0, `no git was killed, and there is ${ofGit}`)
	for (const path of ofGit) rmSync(path)
	await live(victim, { ...orders, work: "undo" }, NEVER, async () => {})
	hold(checkRepository(user.path).length === 0, `the next undo leaves ${checkRepository(user.path)}`)
}

const NEVER: Kill = { afterMs: 20_000, fromReady: false, withChildren: false }

/** Mostly at a moment of the victim's own, and mostly soon after it is ready; else at any time, or the disk is full. */
function killOf({ chance, opening }: Scene, { work }: VictimOrders): Kill {
	const withChildren = chance.percent(50)
	const fromReady = chance.percent(75)
	if (chance.percent(20)) {
		const latest = work === "undo" ? 900 : 400
		return { afterMs: chance.between(20, latest), fromReady: fromReady && work !== "undo", withChildren }
	}
	const isFull = chance.percent(15)
	const one = { isFull, withChildren }
	if (work === "undo") return { at: chance.between(1, 140), afterMs: 5_000, fromReady: false, ...one }
	const at = chance.between(1, fromReady ? chance.pick([30, 100, 300]) : opening)
	return { at: fromReady ? opening + at : at, afterMs: 600, fromReady: true, ...one }
}

function newest(one: Head | undefined, other: Head | undefined): Head | undefined {
	return (one?.number ?? -1) > (other?.number ?? -1) ? one : other
}

/** What others do while it runs: commits arrive, and requests. */
async function meanwhile(scene: Scene, gone: AbortSignal): Promise<void> {
	const { chance, user } = scene
	for (let turns = chance.between(0, 4); turns > 0; turns--) {
		await sleep(chance.between(0, 150), undefined, { signal: gone }).catch(() => {})
		if (gone.aborted) return
		if (chance.percent(30)) ask(scene, chance.pick(["pause", "resume", "restart"]))
		// Where an undo holds git's lock at this moment, a person tries again later.
		else await (chance.percent(60) ? user.commitAgent() : user.commitOther()).catch(() => {})
	}
}

/** As `rollcall rollout pause` does: once it is there it is acted on, and once only. */
function ask({ requests, state }: Scene, kind: "pause" | "resume" | "restart"): void {
	const id = randomUUID()
	mkdirSync(state, { recursive: true })
	leaveRequest(state, id, JSON.stringify({ id, by: "Ada", kind, daemonSet: AGENT }))
	requests.push(id)
}
