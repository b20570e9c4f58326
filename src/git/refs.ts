import { stat } from "node:fs/promises"
import { failure } from "./failure.ts"
import { type ObjectInfo, Objects } from "./objects.ts"
import type { Place } from "./origin.ts"

/** Some milliseconds each: whoever packs refs without a pause is outlasted for half a second. */
const TRIES = 100

/**
 * What a ref stands for now. Asking a process that stays costs 0.1 ms, but git compares packed-refs by whole seconds
 * and so can answer with an older value; the files' own nanoseconds say when to ask a new process.
 */
export class Refs {
	readonly #place: Place
	readonly #objects: Objects
	#print: string | undefined

	constructor(place: Place, environment: Readonly<Record<string, string>>) {
		this.#place = place
		this.#objects = new Objects(environment, 64 * 1024)
	}

	/** Undefined where the ref, or the object that it names, is not there. */
	async tip(): Promise<ObjectInfo | undefined> {
		let before = await this.#fingerprint()
		for (let tried = 0; tried < TRIES; tried++) {
			if (before !== this.#print) this.#objects.restart()
			this.#print = before
			const [tip] = await this.#objects.info([this.#place.ref])
			const after = await this.#fingerprint()
			if (before === after) return tip
			before = after
		}
		throw failure(
			"unreachable",
			"Cannot read the branch: its repository is changing all the time",
			"it is read again by itself",
		)
	}

	close(): void {
		this.#objects.close()
	}

	async #fingerprint(): Promise<string> {
		const files = ["packed-refs", "reftable/tables.list"].map((name) => `${this.#place.commonDir}/${name}`)
		const stats = await Promise.all(files.map((file) => stat(file, { bigint: true }).catch(() => undefined)))
		return stats.map((at) => (at === undefined ? "-" : `${at.ino}:${at.size}:${at.mtimeNs}:${at.ctimeNs}`)).join(" ")
	}
}
