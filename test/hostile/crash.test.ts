import { rmSync } from "node:fs"
import { expect, onTestFinished, test } from "vitest"
import { buildVictim } from "../crash/build.ts"
import { story } from "../crash/story.ts"

const ROUNDS = 25
const STORIES = [1, 2, 3, 4]

/** `npm run crash -- --rounds N` has as many rounds as one likes, each story another. */
test("[29] a run under load that is killed at any write loses nothing, and goes on as if nothing had been", async () => {
	const victim = await buildVictim()
	onTestFinished(() => rmSync(victim))
	let rounds = 0
	for (const seed of STORIES) {
		const share = Math.ceil((ROUNDS - rounds) / (STORIES.length - STORIES.indexOf(seed)))
		await story(victim, seed, share, () => {
			rounds++
		})
	}
	expect(rounds).toBe(ROUNDS)
})
