import { expect, test } from "vitest"
import { Waker } from "../../src/engine/waker.ts"

test("Waker keeps a ring that came while nobody slept", () => {
	const waker = new Waker()
	expect(waker.taken()).toBe(false)
	waker.wake()
	expect(waker.signal(new AbortController().signal).aborted).toBe(true)
	expect(waker.taken()).toBe(true)
	expect(waker.taken()).toBe(false)
})

test("Waker also wakes when the run is aborted", () => {
	const run = new AbortController()
	const sleeping = new Waker().signal(run.signal)
	run.abort()
	expect(sleeping.aborted).toBe(true)
})
