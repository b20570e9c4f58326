import type { Source, SourceState } from "./ports.ts"

type Answer = { readonly state: SourceState } | { readonly bug: unknown }

/** Asks the source beside the loop: a remote may take long to answer, and cluster time does not wait for it. */
export class Polls {
	readonly #source: Pick<Source, "poll">
	/** There is something to ask, or to take. */
	readonly #wake: () => void
	#isDue = true
	#isAsking = false
	/** Until the loop takes it. */
	#answer: Answer | undefined

	constructor(source: Pick<Source, "poll">, wake: () => void) {
		this.#source = source
		this.#wake = wake
	}

	/** True where the branch may have moved since it was asked last. */
	get isDue(): boolean {
		return this.#isDue
	}

	/** The branch may have moved. */
	moved(): void {
		this.#isDue = true
		this.#wake()
	}

	/** Asks, and waits for the answer. */
	now(): Promise<SourceState> {
		this.#isDue = false
		return this.#source.poll()
	}

	/** Asks where the branch may have moved; one question at a time. */
	askBeside(): void {
		if (!this.#isDue || this.#isAsking) return
		this.#isAsking = true
		const over = (answer: Answer): void => {
			this.#isAsking = false
			this.#keep(answer)
		}
		this.now().then(
			(state) => over({ state }),
			(bug) => over({ bug }),
		)
	}

	/** What broke beside the loop is thrown where the loop takes it. */
	broke(bug: unknown): void {
		this.#keep({ bug })
	}

	/** The answer, once. Throws what broke. */
	take(): SourceState | undefined {
		const answer = this.#answer
		this.#answer = undefined
		if (answer === undefined) return undefined
		if ("bug" in answer) throw answer.bug
		return answer.state
	}

	#keep(answer: Answer): void {
		this.#answer ??= answer
		this.#wake()
	}
}
