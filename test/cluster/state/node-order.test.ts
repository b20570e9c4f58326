import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { byCodeUnit } from "../../../src/base/index.ts"
import { takeRow } from "../../../src/cluster/state/columns.ts"
import { type NamePair, nodeName, nodeNamePair } from "../../../src/cluster/state/names.ts"
import { leaveOrder, nodesInOrder, orderNodes } from "../../../src/cluster/state/node-order.ts"
import { createNodes } from "../../../src/cluster/state/nodes.ts"
import { createStrings } from "../../../src/cluster/state/strings.ts"
import type { KubeObject } from "../../../src/kube/index.ts"
import { apply, behavior, cluster, daemonSet, FLUENTD, settle, status } from "../../builders/cluster.ts"

const node = (name: string) => ({ apiVersion: "v1", kind: "Node", metadata: { name } }) as KubeObject

describe("the order of nodes", () => {
	it.each([
		["in front of all", (index: number) => `a-${index}`],
		["between two", (index: number) => `pool-1-${index}`],
		["behind all", (index: number) => `z-${index}`],
	])("holds however many join in one place: %s", (_, nameOf) => {
		const running = cluster(120)
		apply(running, behavior())
		apply(running, daemonSet())
		settle(running)
		const before = running.sequence()
		for (let index = 0; index < 90; index++) apply(running, node(nameOf(index)))
		const names = [...running.list({ group: "", kind: "Node" })].map(({ metadata }) => metadata.name)
		expect(names).toHaveLength(210)
		expect(names).toEqual([...names].sort(byCodeUnit))
		settle(running)
		expect(status(running, FLUENTD)).toMatchObject({ desiredNumberScheduled: 210, numberAvailable: 210 })
		const made = [...running.facts(before)].flatMap((fact) =>
			fact.kind === "pod" && fact.step === "created" ? [fact.node] : [],
		)
		// One pass makes them all, by name.
		expect(made).toEqual([...made].sort(byCodeUnit))
	})

	it("is that of names, whoever joins or leaves where, and every move is told", () => {
		const some = fc.array(fc.tuple(fc.constantFrom("a-", "m-", "z", "m-1-"), fc.nat(60), fc.boolean()), {
			maxLength: 300,
		})
		fc.assert(
			fc.property(some, (given) => {
				const order = new Order()
				for (const [base, number, leaves] of given) {
					if (leaves) order.leave(`${base}${number}`)
					else order.join(`${base}${number}`)
				}
				order.check()
			}),
			{ numRuns: 60 },
		)
	})
})

/** The order, and what `moved` made of the ranks. */
class Order {
	readonly #nodes = createNodes()
	readonly #strings = createStrings()
	readonly #rows = new Map<string, number>()
	readonly #ranks = new Map<number, number>()

	join(name: string): void {
		if (this.#rows.has(name)) return
		const nodes = this.#nodes
		const row = takeRow(nodes)
		const { base, number } = nodeNamePair(this.#strings, name, true) as NamePair
		nodes.base[row] = base
		nodes.number[row] = number
		this.#rows.set(name, row)
		const anew = orderNodes(nodes, this.#strings, [row], (other, from, to) => {
			expect(this.#ranks.get(other)).toBe(from)
			expect([...this.#ranks.values()]).not.toContain(to)
			this.#ranks.set(other, to)
		})
		for (const other of anew ? this.#rows.values() : [row]) this.#ranks.set(other, nodes.rank[other] as number)
	}

	leave(name: string): void {
		const row = this.#rows.get(name)
		if (row === undefined) return
		leaveOrder(this.#nodes, row)
		this.#rows.delete(name)
		this.#ranks.delete(row)
	}

	check(): void {
		const { base, number, rank, order } = this.#nodes
		const names = [...nodesInOrder(this.#nodes)].map((row) =>
			nodeName(this.#strings, base[row] as number, number[row] as number),
		)
		expect(names).toEqual([...this.#rows.keys()].sort(byCodeUnit))
		for (const [row, at] of this.#ranks) expect([rank[row], order.atRank[at]]).toEqual([at, row])
	}
}
