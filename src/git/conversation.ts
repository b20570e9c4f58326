import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { failure, lastWords } from "./failure.ts"
import { killGroup, spawnFailure } from "./run.ts"

/** Takes one whole answer from the front of what has come so far; while it is not all there, the bytes it needs at least. */
export type Take<T> = (bytes: Buffer) => { readonly answer: T; readonly used: number } | number

type Asked = {
	readonly text: string
	readonly take: Take<unknown>
	readonly resolve: (answer: never) => void
	readonly reject: (error: Error) => void
	deaths: number
}

export type Talk = {
	readonly args: readonly string[]
	readonly environment: Readonly<Record<string, string>>
	/** An answer that grows beyond this ends the process and is refused. */
	readonly limitBytes: number
}

/**
 * A git process that is asked many things, each answered in the order asked. One that dies is started again; the
 * question it died of is asked once more, and then is the one that fails.
 */
export class Conversation {
	readonly #talk: Talk
	#child: ChildProcessWithoutNullStreams | undefined
	#asked: Asked[] = []
	/** What has come and is in no answer yet. Joined only once it may hold one: a large blob comes in many pieces. */
	#chunks: Buffer[] = []
	#held = 0
	#needed = 0
	#stderr = ""
	#answered = 0
	#fruitless = 0
	#closed = false

	constructor(talk: Talk) {
		this.#talk = talk
	}

	ask<T>(text: string, take: Take<T>): Promise<T> {
		return new Promise<T>((resolve, reject) => {
			if (this.#closed) return reject(failure("unreachable", "Cannot read: the repository is closed", "open it again"))
			const asked: Asked = { text, take, resolve, reject, deaths: 0 }
			this.#asked.push(asked)
			const child = this.#child ?? this.#start()
			child?.stdin.write(text)
		})
	}

	/** Ends the process; what was still asked fails. */
	close(): void {
		this.#closed = true
		this.restart()
	}

	/** Forgets the process, as after the repository was replaced; what was still asked fails. */
	restart(): void {
		const child = this.#child
		this.#child = undefined
		this.#drop([])
		if (child !== undefined) killGroup(child)
		this.#rejectAll(failure("unreachable", "Cannot read: the repository was closed or replaced", "ask again"))
	}

	#start(): ChildProcessWithoutNullStreams | undefined {
		// In a group of its own: Ctrl-C is for Rollcall, which then closes this in order.
		const child = spawn("git", [...this.#talk.args], {
			cwd: "/",
			env: this.#talk.environment,
			detached: true,
			stdio: ["pipe", "pipe", "pipe"],
		})
		if (child.pid === undefined) {
			void spawnFailure(child).then((error) => this.#rejectAll(error))
			return undefined
		}
		this.#child = child
		this.#drop([])
		this.#stderr = ""
		this.#answered = 0
		child.stdin.on("error", () => {})
		child.stdout.on("data", (chunk: Buffer) => this.#child === child && this.#receive(chunk))
		child.stderr.on("data", (chunk: Buffer) => {
			this.#stderr = (this.#stderr + chunk.toString("utf8")).slice(-4096)
		})
		child.on("error", () => this.#child === child && this.#died())
		child.on("close", () => this.#child === child && this.#died())
		return child
	}

	#receive(chunk: Buffer): void {
		this.#chunks.push(chunk)
		this.#held += chunk.length
		if (this.#held < this.#needed) return
		const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks)
		let from = 0
		let needed = 0
		for (;;) {
			const head = this.#asked[0]
			if (head === undefined) break
			const taken = head.take(bytes.subarray(from))
			if (typeof taken === "number") {
				needed = taken
				break
			}
			from += taken.used
			this.#asked.shift()
			this.#answered++
			this.#fruitless = 0
			head.resolve(taken.answer as never)
		}
		this.#drop(from < bytes.length ? [bytes.subarray(from)] : [])
		this.#needed = needed
		if (Math.max(needed, this.#held) > this.#talk.limitBytes) this.#tooMuch()
	}

	#drop(kept: Buffer[]): void {
		this.#chunks = kept
		this.#held = kept.reduce((sum, chunk) => sum + chunk.length, 0)
		this.#needed = 0
	}

	#tooMuch(): void {
		const head = this.#asked.shift()
		head?.reject(
			failure("refused", "Cannot read: git's answer is larger than the limits allow", "watch fewer files with --path"),
		)
		const child = this.#child
		if (child !== undefined) killGroup(child)
	}

	#died(): void {
		this.#child = undefined
		this.#drop([])
		if (this.#closed || this.#asked.length === 0) return
		// Two questions asked twice, and nothing at all was answered: it is not the question, it is the repository.
		if (this.#answered === 0) this.#fruitless++
		if (this.#fruitless >= 4 && this.#asked.length > 1) {
			this.#rejectAll(unreadable(lastWords(this.#stderr)))
			return
		}
		const head = this.#asked[0]
		if (head !== undefined && ++head.deaths > 1) {
			this.#asked.shift()
			head.reject(unreadable(lastWords(this.#stderr)))
		}
		if (this.#asked.length > 0) this.#start()?.stdin.write(this.#asked.map((one) => one.text).join(""))
	}

	#rejectAll(error: Error): void {
		const asked = this.#asked
		this.#asked = []
		this.#fruitless = 0
		for (const one of asked) one.reject(error)
	}
}

function unreadable(reason: string): Error {
	return failure(
		"corrupt",
		`Cannot read from the repository: ${reason === "" ? "git ended without a word" : reason}`,
		"run git fsck there, and restore what it names from another clone",
	)
}
