import fc from "fast-check"
import { expect, test } from "vitest"
import type { Fact, PodFact } from "../../src/cluster/index.ts"
import { createHistory, fold, openRollouts } from "../../src/history/index.ts"
import { factsOf, liveDaemonSet, readerOf } from "../builders/facts.ts"

type Pod = { readonly node: string; readonly hash: string; available: boolean }

const MOVES = ["create", "available", "unready", "terminate", "gone", "revision", "status"] as const
type Move = { readonly move: (typeof MOVES)[number]; readonly node: number; readonly pick: number }

/** Pods come and go as a controller lets them: one of each revision a node; the whole truth is counted anew each time. */
class Oracle {
	readonly #make = factsOf()
	readonly #pods: Pod[] = []
	/** Nodes that had a pod and still count: every one but those a status has let go. */
	readonly #wanted = new Set<string>()
	#revision = 1
	#second = 0
	most = 0

	begin(): Fact {
		this.most = this.down()
		return this.#make.revision(this.#second++, this.#revision, `h${this.#revision}`)
	}

	play({ move, node, pick }: Move): readonly Fact[] {
		const facts = this.#play(move, `n${node}`, pick)
		this.most = Math.max(this.most, this.down())
		return facts
	}

	down(): number {
		const up = new Set(this.#pods.filter(({ available }) => available).map(({ node }) => node))
		return [...this.#wanted].filter((node) => !up.has(node)).length
	}

	#play(move: Move["move"], name: string, pick: number): readonly Fact[] {
		if (move === "revision") {
			// Two pods of older revisions on one node count as one: see Availability.
			if (new Set(this.#pods.map((pod) => pod.node)).size < this.#pods.length) return []
			this.#revision++
			return [this.begin()]
		}
		if (move === "status") {
			const occupied = new Set(this.#pods.map(({ node }) => node))
			const desired = pick % 2 === 0 ? occupied.size : occupied.size + 1
			for (const node of [...this.#wanted])
				if (desired <= occupied.size && !occupied.has(node)) this.#wanted.delete(node)
			return [this.#make.status(this.#second++, desired, -1, -1)]
		}
		if (move === "create") {
			const hash = `h${this.#revision}`
			if (this.#pods.some((pod) => pod.node === name && pod.hash === hash)) return []
			this.#pods.push({ node: name, hash, available: false })
			this.#wanted.add(name)
			return [this.#make.pod(this.#second++, "created", name, hash)]
		}
		const pod = this.#pods[pick % Math.max(1, this.#pods.length)]
		return pod === undefined ? [] : this.#change(move, pod)
	}

	#change(move: Move["move"], pod: Pod): readonly Fact[] {
		const step: PodFact["step"] = move === "terminate" ? "terminating" : (move as "available" | "unready" | "gone")
		pod.available = move === "available"
		if (move === "gone") this.#pods.splice(this.#pods.indexOf(pod), 1)
		return [this.#make.pod(this.#second++, step, pod.node, pod.hash)]
	}
}

const moves = fc.array(fc.record({ move: fc.constantFrom(...MOVES), node: fc.nat(3), pick: fc.nat(20) }), {
	maxLength: 80,
})

test("nodes without an available pod, and the most of them at once, are as a count from scratch has them", () => {
	fc.assert(
		fc.property(moves, (given) => {
			const oracle = new Oracle()
			const history = createHistory()
			const live = liveDaemonSet()
			fold(history, readerOf([oracle.begin()]), live)
			for (const each of given) {
				fold(history, readerOf(oracle.play(each)), live)
				const [open] = openRollouts(history)
				expect([open?.unavailable, open?.nodes.mostUnavailable]).toEqual([oracle.down(), oracle.most])
			}
		}),
		{ numRuns: 300 },
	)
})
