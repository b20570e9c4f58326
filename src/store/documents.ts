import { canonicalJson, deepFreeze, invariant, type Json, sha256 } from "../base/index.ts"
import type { Input, Write } from "../cluster/index.ts"
import type { KubeObject } from "../kube/index.ts"
import type { Database } from "./database.ts"

type Members = { readonly [member: string]: unknown }

/**
 * Whole objects, each stored once by the hash of its canonical text, so that a commit that changes one object of
 * thousands stores one object.
 */
export class Documents {
	readonly #database: Database
	/** An object that is frozen has its hash for good. */
	readonly #hashes = new WeakMap<KubeObject, string>()

	constructor(database: Database) {
		this.#database = database
	}

	/** The input's text, its objects replaced by their hashes. */
	encode(input: Input): string {
		const writes = input.writes.map((write) => this.#replace(write, (object) => this.#put(object as KubeObject)))
		return canonicalJson({ source: input.source, writes } as unknown as Json)
	}

	decode(text: string): Input {
		const input = JSON.parse(text) as Input
		return { ...input, writes: input.writes.map((write) => this.#replace(write, (hash) => this.#get(hash as string))) }
	}

	#replace(write: Write, by: (member: unknown) => unknown): Write {
		const members = write as Members
		const replaced = { ...members }
		for (const name of ["object", "before"]) {
			if (members[name] !== undefined) replaced[name] = by(members[name])
		}
		return replaced as unknown as Write
	}

	#put(object: KubeObject): string {
		const known = this.#hashes.get(object)
		// Asked again even so: the transaction that stored it may have been rolled back.
		if (known !== undefined && this.#has(known)) return known
		const body = canonicalJson(object)
		const hash = sha256(body)
		this.#database.run("INSERT OR IGNORE INTO documents (hash, body) VALUES (?, ?)", hash, body)
		if (Object.isFrozen(object)) this.#hashes.set(object, hash)
		return hash
	}

	#has(hash: string): boolean {
		return this.#database.get("SELECT 1 FROM documents WHERE hash = ?", hash) !== undefined
	}

	#get(hash: string): KubeObject {
		const row = this.#database.get<{ body: string }>("SELECT body FROM documents WHERE hash = ?", hash)
		invariant(row, `the journal names a document that is not there: ${hash}`)
		return deepFreeze(JSON.parse(row.body) as KubeObject)
	}
}
