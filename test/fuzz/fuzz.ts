import type { Socket } from "node:net"
import { attack } from "./attack.ts"
import { Dice } from "./dice.ts"
import { User } from "./user.ts"
import { type Held, startVictim } from "./victim.ts"

export type Found = {
	readonly attacks: ReadonlyMap<string, number>
	readonly statuses: ReadonlyMap<number, number>
	/** Of the user beside the attacks, in milliseconds, sorted. */
	readonly took: readonly number[]
	/** When the attacks had gone on for a fifth of their time; at their end; and when they were over for a while. */
	readonly held: readonly [warm: Held, end: Held, after: Held]
	/** All that should not have been. */
	readonly wrong: readonly string[]
}

const KEPT = 40
const COMMIT_MS = 3_000
const AT_ONCE = 24

/**
 * Attacks a `rollcall run` for so long; the seed repeats what is sent, not when. `quietMs`: how long it is left alone
 * before it is looked at what it still holds.
 */
export async function fuzz(seed: number, ms: number, quietMs: number): Promise<Found> {
	const victim = await startVictim()
	const user = new User(victim)
	const attacks = new Map<string, number>()
	const statuses = new Map<number, number>()
	const wrong: string[] = []
	const kept: Socket[] = []
	const keep = (socket: Socket): void => {
		kept.push(socket)
		if (kept.length > KEPT) kept.shift()?.destroy()
	}
	const end = performance.now() + ms
	const warm = new Promise((on) => setTimeout(on, ms / 5)).then(victim.held)
	const committing = setInterval(victim.commit, COMMIT_MS)
	const attacker = async (number: number): Promise<void> => {
		const dice = new Dice(seed * 1_000 + number)
		while (performance.now() < end && wrong.length < 10 && victim.run.process.exitCode === null) {
			const sent: Buffer[] = []
			const done = await attack({ dice, victim, keep, sends: (bytes) => sent.push(bytes) })
			attacks.set(done.name, (attacks.get(done.name) ?? 0) + 1)
			for (const status of done.statuses) statuses.set(status, (statuses.get(status) ?? 0) + 1)
			if (done.wrong !== undefined) wrong.push(`${done.name}: ${done.wrong.slice(0, 2_000)}\n${shown(sent)}`)
		}
	}
	const working = user.work()
	await Promise.all(Array.from({ length: AT_ONCE }, (_, number) => attacker(number)))
	// One question at a time: two signals may come as one.
	const ended = await warm.then(victim.held)
	clearInterval(committing)
	user.leave()
	await working
	for (const socket of kept) socket.destroy()
	await new Promise((on) => setTimeout(on, quietMs))
	const after = await victim.held()
	const { code, out, err } = await victim.stop()
	// As a signal ends it.
	if (code !== 130) wrong.push(`it ended with ${code}`)
	if (/api-failed|Error:/.test(out + err)) wrong.push((out + err).slice(-4_000))
	const took = user.took.sort((a, b) => a - b)
	return { attacks, statuses, took, held: [await warm, ended, after], wrong: [...wrong, ...user.wrong.slice(0, 10)] }
}

function shown(sent: readonly Buffer[]): string {
	return sent.map((bytes) => JSON.stringify(bytes.subarray(0, 1_500).toString("latin1"))).join("\n")
}
