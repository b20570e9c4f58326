import { expect, test } from "vitest"
import { Pins } from "../../../../src/api/handlers/list/pins.ts"
import type { Cluster } from "../../../../src/cluster/index.ts"
import { apply, cluster, daemonSet } from "../../../builders/cluster.ts"

const fork = (live: Cluster) => live.fork()

function moving() {
	const live = cluster(1)
	let version = 0
	const next = () => {
		apply(live, daemonSet({ image: `fluentd:${version++}` }))
		return live
	}
	return { live, next }
}

test("lists of one version share a copy, which stays as it was", () => {
	const { live, next } = moving()
	const pins = new Pins(() => 0, fork)
	const copy = pins.pin(next())
	const version = live.version()
	expect(pins.pin(live)).toBe(copy)
	next()
	expect(copy?.version()).toBe(version)
	expect(pins.find(version)).toBe(copy)
	expect(pins.pin(live)).not.toBe(copy)
})

test("a copy that nobody reads makes room for another; one that is read does not", () => {
	const { live, next } = moving()
	const pins = new Pins(() => 0, fork)
	const held = Array.from({ length: 8 }, () => {
		const copy = pins.pin(next())
		return copy === undefined ? undefined : { version: live.version(), letGo: pins.hold(copy) }
	})
	expect(pins.pin(next())).toBeUndefined()
	held[3]?.letGo()
	expect(pins.pin(live)).toBeDefined()
	expect(held.map((pin) => pins.find(pin?.version ?? 0) !== undefined)).toEqual(held.map((_, index) => index !== 3))
})

test("a copy is kept for a minute after it was read last", () => {
	const clock = { ms: 0 }
	const { live, next } = moving()
	const pins = new Pins(() => clock.ms, fork)
	const letGo = pins.hold(pins.pin(next()) ?? live)
	const version = live.version()
	clock.ms = 3_600_000
	pins.tick()
	expect(pins.find(version)).toBeDefined()
	letGo()
	clock.ms += 60_000
	expect(pins.find(version)).toBeDefined()
	clock.ms += 60_001
	expect(pins.find(version)).toBeUndefined()
})
