import type { LedgerEntry } from "../history/index.ts"
import type { ObjectKey } from "../kube/index.ts"
import type { Drift } from "./drift.ts"
import { type Said, writeByHand } from "./hand-writes.ts"
import type { Intake } from "./intake.ts"
import type { Clock, Inbox, Letter, Store } from "./ports.ts"
import type { RecordedCluster } from "./recorded-cluster.ts"
import { Refusals } from "./refusals.ts"
import { type Answer, parseRequest, type Request } from "./requests.ts"
import { pause, restart, resume } from "./rollout-orders.ts"
import { resumeSource, suspend, sync } from "./source-orders.ts"

type Waiting = { readonly request: Request; readonly answer: (answer: Answer) => void }

/** How often the inbox is looked into where nothing rings, in milliseconds: not every disk tells of its changes. */
const LOOK_MS = 500

/** Where requests come in: each is acted on once, and answered when that is durable. */
export class Desk {
	readonly #store: Store
	readonly #clock: Clock
	readonly #inbox: Inbox | undefined
	readonly #secretKey: string
	#rung = true
	#lastLook = Number.NEGATIVE_INFINITY
	#asked: Waiting[] = []
	readonly #refusals = new Refusals()
	/** What is left to do once the batch is durable. */
	#afterwards: (() => void)[] = []

	constructor(store: Store, clock: Clock, inbox: Inbox | undefined, secretKey: string) {
		this.#secretKey = secretKey
		this.#store = store
		this.#clock = clock
		this.#inbox = inbox
	}

	/** Resolves when what became of it is durable. */
	ask(request: Request): Promise<Answer> {
		return new Promise((answer) => this.#asked.push({ request, answer }))
	}

	/** Something may have come into the inbox. */
	ring(): void {
		this.#rung = true
	}

	/** Acts on all that waits. True where the branch is to be looked at anew. */
	attend(recorded: RecordedCluster, intake: Intake, drift: Drift): boolean {
		const acted = new Map<string, Answer>()
		let looks = false
		const answerTo = (request: Request, tells: (said: Said) => boolean): Answer => {
			const known = acted.get(request.id) ?? answerOf(this.#store.answer(request.id))
			if (known !== undefined) return known
			const done = this.#act(recorded, intake, request, tells)
			const warnings = drift.look(recorded, writtenBy(request), request.by, intake)
			const answer = warnings.length === 0 ? done : { ...done, warnings }
			acted.set(request.id, answer)
			looks ||= answer.refusal === undefined && (request.kind === "sync" || request.kind === "resume-source")
			return answer
		}
		// The row is the answer.
		const answerLetter = (request: Request): Answer => answerTo(request, () => true)
		for (const letter of this.#letters()) this.#open(recorded, letter, answerLetter)
		for (const { request, answer } of this.#asked.splice(0)) {
			const said = answerTo(request, (said) => this.#isTold(said))
			this.#afterwards.push(() => answer(said))
		}
		return looks
	}

	/** The batch with what `attend` did is durable: answers leave. */
	written(): void {
		for (const done of this.#afterwards.splice(0)) done()
	}

	/** Who asks in this process has the answer; the ledger need not tell of what did not come to be, again and again. */
	#isTold({ message, by, refusal }: Said): boolean {
		if (refusal === undefined) return false
		return this.#refusals.isTold([by, message, refusal.message].join("\n"), this.#clock.monotonic())
	}

	#letters(): readonly Letter[] {
		if (this.#inbox === undefined) return []
		const now = this.#clock.monotonic()
		if (!this.#rung && now - this.#lastLook < LOOK_MS) return []
		this.#rung = false
		this.#lastLook = now
		return this.#inbox.waiting()
	}

	#open(recorded: RecordedCluster, letter: Letter, answerTo: (request: Request) => Answer): void {
		const { name } = letter
		const request = "text" in letter ? parseRequest(letter.text) : letter
		if ("problem" in request || request.id !== name) {
			const problem = "problem" in request ? request.problem : `its id is ${request.id}`
			if (this.#store.answer(name) === undefined) recorded.note(unreadable(recorded, name, problem))
			this.#afterwards.push(() => this.#inbox?.putAside(name))
			return
		}
		answerTo(request)
		this.#afterwards.push(() => this.#inbox?.remove(name))
	}

	#act(recorded: RecordedCluster, intake: Intake, request: Request, tells: (said: Said) => boolean): Answer {
		const wall = this.#clock.wall()
		const { id, by, reason } = request
		const asker = { by, request: id, ...(reason === undefined ? {} : { reason }) }
		switch (request.kind) {
			case "pause":
				return pause(recorded, request.daemonSet, asker, wall)
			case "resume":
				return resume(recorded, request.daemonSet, asker, wall)
			case "restart":
				return restart(recorded, request.daemonSet, asker, wall)
			case "suspend":
				return suspend(recorded, intake, asker)
			case "resume-source":
				return resumeSource(recorded, intake, asker)
			case "sync":
				return sync(recorded, intake, asker)
			case "write":
				return writeByHand(recorded, request.writes, asker, { wall, secretKey: this.#secretKey, tells })
		}
	}
}

function writtenBy(request: Request): readonly ObjectKey[] {
	if (request.kind === "write") return request.writes.map(({ key }) => key)
	return "daemonSet" in request ? [request.daemonSet] : []
}

/** What the ledger says of a request that comes again: it was killed before the answer left. */
function answerOf(row: ReturnType<Store["answer"]>): Answer | undefined {
	if (row === undefined) return undefined
	const { message, refused } = row
	return refused === undefined ? { message } : { message, refusal: { ...refused, causes: [] } }
}

function unreadable(recorded: RecordedCluster, name: string, problem: string): LedgerEntry {
	const message = `a request in the inbox cannot be read: ${name}: ${problem}; it was put aside, in refused/`
	const at = recorded.cluster.now()
	return {
		kind: "decision",
		at,
		decision: "request",
		rule: "unreadable",
		message,
		request: name,
		refused: { reason: "BadRequest", message: problem },
	}
}
