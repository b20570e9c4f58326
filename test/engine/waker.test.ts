import { getEventListeners } from "node:events"
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

test("Waker leaves one listener on a run, however often it sleeps", () => {
	const run = new AbortController()
	const waker = new Waker()
	for (let sleep = 0; sleep < 1000; sleep++) {
		waker.signal(run.signal)
		waker.wake()
		waker.taken()
	}
	expect(getEventListeners(run.signal, "abort")).toHaveLength(1)
	const sleeping = waker.signal(run.signal)
	run.abort()
	expect(sleeping.aborted).toBe(true)
	expect(waker.taken()).toBe(true)
	expect(waker.signal(run.signal).aborted).toBe(true)
})
