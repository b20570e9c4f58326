import type { Instant, JsonObject } from "../../base/index.ts"
import { keyParts, type ObjectKey } from "../../kube/index.ts"
import type { Fact, PodFact } from "../fact.ts"
import { type About, Subject } from "../state/event-subjects.ts"
import { nodeName, podName } from "../state/names.ts"
import type { State } from "../state/state.ts"
import { type Strings, type TextId, textOf } from "../state/strings.ts"
import { uidText } from "../state/uids.ts"
import { type EventWords, eventWords } from "./event-words.ts"

type MadeEvent = Extract<Fact, { readonly kind: "event" }>

/** A fact about a pod; the texts that few readers ask for are made when they are asked for. */
export class MadePodFact implements PodFact {
	readonly kind = "pod"
	readonly at: Instant
	readonly sequence: number
	readonly step: PodFact["step"]
	readonly namespace: string
	readonly daemonSet?: ObjectKey
	readonly daemonSetUid?: string
	readonly hash: string
	readonly reason?: string
	readonly #state: State
	readonly #base: TextId
	readonly #number: number
	readonly #uid: number
	readonly #nodeBase: TextId
	readonly #nodeNumber: number

	constructor(state: State, sequence: number, step: PodFact["step"], cells: Float64Array, at: number) {
		const { strings } = state
		const owner = cells[at + 10] as number
		const daemonSet = Math.floor(owner / 0x1_0000_0000)
		const reason = owner % 0x1_0000_0000
		this.at = cells[at] as number
		this.sequence = sequence
		this.step = step
		this.namespace = textOf(strings, cells[at + 2] as number)
		if (daemonSet !== 0) {
			this.daemonSet = textOf(strings, daemonSet)
			this.daemonSetUid = textOf(strings, cells[at + 8] as number)
		}
		this.hash = textOf(strings, cells[at + 9] as number)
		if (reason !== 0) this.reason = textOf(strings, reason)
		this.#state = state
		this.#base = cells[at + 3] as number
		this.#number = cells[at + 4] as number
		this.#uid = cells[at + 5] as number
		this.#nodeBase = cells[at + 6] as number
		this.#nodeNumber = cells[at + 7] as number
	}

	get node(): string {
		return this.#nodeBase === 0 ? "" : nodeName(this.#state.strings, this.#nodeBase, this.#nodeNumber)
	}

	get pod(): string {
		return podName(this.#state.strings, this.#base, this.#number)
	}

	get uid(): string {
		return uidText(this.#state, this.#uid)
	}

	toJSON(): JsonObject {
		const { kind, at, sequence, step, namespace, pod, uid, node, daemonSet, daemonSetUid = "", hash, reason } = this
		return {
			...{ kind, at, sequence, step, namespace, pod, uid, node },
			...(daemonSet === undefined ? {} : { daemonSet, daemonSetUid }),
			hash,
			...(reason === undefined ? {} : { reason }),
		}
	}
}

/** A Kubernetes Event as a fact; its words are made when somebody reads them. */
export class MadeEventFact implements MadeEvent {
	readonly kind = "event"
	readonly at: Instant
	readonly sequence: number
	readonly count: number
	readonly #strings: Strings
	readonly #about: Named
	readonly #code: number
	readonly #argument: TextId
	readonly #detail: number

	constructor(strings: Strings, sequence: number, code: number, cells: Float64Array, at: number) {
		this.at = cells[at] as number
		this.sequence = sequence
		this.count = cells[at + 8] as number
		this.#strings = strings
		this.#about = {
			subject: cells[at + 5] as number,
			namespace: cells[at + 2] as number,
			base: cells[at + 3] as number,
			number: cells[at + 4] as number,
		}
		this.#code = code
		this.#argument = cells[at + 6] as number
		this.#detail = cells[at + 7] as number
	}

	get type(): "Normal" | "Warning" {
		return this.#words().type
	}

	get reason(): string {
		return this.#words().reason
	}

	get message(): string {
		return this.#words().message
	}

	get source(): string {
		return this.#words().source
	}

	get regarding(): ObjectKey {
		return regardingKey(this.#strings, this.#about)
	}

	toJSON(): JsonObject {
		const { kind, at, sequence, regarding, count } = this
		return { kind, at, sequence, ...this.#words(), regarding, count }
	}

	#words(): EventWords {
		const strings = this.#strings
		return eventWords(this.#code, {
			name: keyParts(this.regarding).name,
			namespace: textOf(strings, this.#about.namespace),
			argument: textOf(strings, this.#argument),
			detail: this.#detail,
		})
	}
}

type Named = Omit<About, "uid">

/** The key of what an Event is about. */
export function regardingKey(strings: Strings, { subject, namespace, base, number }: Named): string {
	if (subject === Subject.Node) return `/Node//${nodeName(strings, base, number)}`
	const space = textOf(strings, namespace)
	if (subject === Subject.DaemonSet) return `apps/DaemonSet/${space}/${textOf(strings, base)}`
	return `/Pod/${space}/${podName(strings, base, number)}`
}
