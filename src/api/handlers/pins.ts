import { randomBytes } from "node:crypto"
import type { Cluster } from "../../cluster/index.ts"
import type { KubeObject } from "../../kube/index.ts"

/** How many lists may be under way in pages at once, and how long the next page is waited for. */
const MOST = 16
const KEPT_MS = 60_000

/** A list that goes on with the next page, over a copy of the cluster as it was at the first. */
export type Pin = {
	readonly id: string
	/** What was asked for: the next page has to ask for the same. */
	readonly asked: string
	readonly version: number
	/** The list from its beginning, over the copy. */
	readonly begin: (copy: Cluster) => Iterator<KubeObject>
	readonly copy: Cluster
	objects: Iterator<KubeObject>
	/** How many of them were read. */
	position: number
	usedAt: number
}

/** Where the next page of a list begins. */
export type Place = { readonly id: string; readonly position: number }

/** Copies of the cluster for lists in pages: few and short-lived. A copy is shared by all lists of one version. */
export class Pins {
	readonly #now: () => number
	readonly #pins = new Map<string, Pin>()

	/** `now`: milliseconds of a clock that never goes back. */
	constructor(now: () => number) {
		this.#now = now
	}

	add(cluster: Cluster, asked: string, begin: Pin["begin"]): Pin {
		this.#forget()
		const version = cluster.version()
		const same = [...this.#pins.values()].find((pin) => pin.version === version)
		const copy = same?.copy ?? cluster.fork()
		const id = randomBytes(12).toString("base64url")
		const pin = { id, asked, version, begin, copy, objects: begin(copy), position: 0, usedAt: this.#now() }
		this.#pins.set(id, pin)
		const [oldest] = this.#pins.keys()
		if (this.#pins.size > MOST && oldest !== undefined) this.#pins.delete(oldest)
		return pin
	}

	/** The list, standing at that place; undefined where it is no longer kept. A page may be asked for twice. */
	find({ id, position }: Place): Pin | undefined {
		this.#forget()
		const pin = this.#pins.get(id)
		if (pin === undefined) return undefined
		if (position < pin.position) {
			pin.objects = pin.begin(pin.copy)
			pin.position = 0
		}
		while (pin.position < position && pin.objects.next().done !== true) pin.position++
		if (pin.position < position) return undefined
		pin.usedAt = this.#now()
		this.#pins.delete(id)
		this.#pins.set(id, pin)
		return pin
	}

	/** Lets go of what nobody asked for in time. */
	#forget(): void {
		const now = this.#now()
		for (const [id, { usedAt }] of this.#pins) if (now - usedAt > KEPT_MS) this.#pins.delete(id)
	}
}

/** The next objects, up to `limit`. */
export function takePage(pin: Pin, limit: number): readonly KubeObject[] {
	const page: KubeObject[] = []
	while (page.length < limit) {
		const next = pin.objects.next()
		if (next.done === true) break
		pin.position++
		page.push(next.value)
	}
	return page
}

/** The text that a client sends to get the next page. */
export function tokenOf({ id, position }: Place): string {
	return Buffer.from(JSON.stringify([id, position])).toString("base64url")
}

/** Undefined where it is none of ours. */
export function placeIn(token: string): Place | undefined {
	if (token.length > 200) return undefined
	try {
		const [id, position, ...more] = JSON.parse(Buffer.from(token, "base64url").toString())
		const isPlace = typeof id === "string" && Number.isSafeInteger(position) && position > 0 && more.length === 0
		return isPlace ? { id, position } : undefined
	} catch {
		return undefined
	}
}
