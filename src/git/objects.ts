import { Conversation, type Take } from "./conversation.ts"
import { failure } from "./failure.ts"

export type ObjectInfo = { readonly id: string; readonly type: string; readonly size: number }
export type GitObject = ObjectInfo & { readonly bytes: Buffer }

const ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/** True for a whole object id, SHA-1 or SHA-256: nothing else is ever given to git as one. */
export function isObjectId(text: string): boolean {
	return ID.test(text)
}

/** The object database, asked through one `git cat-file --batch-command` that stays. */
export class Objects {
	readonly #conversation: Conversation

	constructor(environment: Readonly<Record<string, string>>, limitBytes: number) {
		this.#conversation = new Conversation({ args: ["cat-file", "--batch-command"], environment, limitBytes })
	}

	/** What each name stands for now, undefined where it stands for nothing. A name is an id or a full, valid ref. */
	info(names: readonly string[]): Promise<readonly (ObjectInfo | undefined)[]> {
		return Promise.all(names.map((name) => this.#conversation.ask(`info ${checked(name)}\n`, takeInfo)))
	}

	/** The objects themselves, undefined where there is none. The caller has looked at their size. */
	contents(ids: readonly string[]): Promise<readonly (GitObject | undefined)[]> {
		return Promise.all(ids.map((id) => this.#conversation.ask(`contents ${checked(id)}\n`, takeContents)))
	}

	restart(): void {
		this.#conversation.restart()
	}

	close(): void {
		this.#conversation.close()
	}
}

/** One line is one question: what could be two lines is none. */
function checked(name: string): string {
	if (!isObjectId(name) && !/^refs\/[^\s\p{Cc}]+$/u.test(name))
		throw failure(
			"refused",
			`Cannot ask git for ${JSON.stringify(name.slice(0, 80))}: it is no object id`,
			"use a full commit id",
		)
	return name
}

const takeInfo: Take<ObjectInfo | undefined> = (bytes) => {
	const end = bytes.indexOf(10)
	if (end < 0) return 0
	return { answer: headerOf(bytes.toString("utf8", 0, end)), used: end + 1 }
}

const takeContents: Take<GitObject | undefined> = (bytes) => {
	const end = bytes.indexOf(10)
	if (end < 0) return 0
	const header = headerOf(bytes.toString("utf8", 0, end))
	if (header === undefined) return { answer: undefined, used: end + 1 }
	const used = end + 1 + header.size + 1
	if (bytes.length < used) return used
	// A slice keeps all that came with it: only what is most of that is not copied.
	const slice = bytes.subarray(end + 1, used - 1)
	return { answer: { ...header, bytes: header.size * 2 > bytes.length ? slice : Buffer.from(slice) }, used }
}

function headerOf(line: string): ObjectInfo | undefined {
	const [id = "", type = "", size] = line.split(" ")
	return size === undefined || !isObjectId(id) ? undefined : { id, type, size: Number(size) }
}
