import { deepFreeze, isObject, type Json, type JsonObject } from "../base/index.ts"
import type { Finding, KubeObject } from "../kube/index.ts"
import { JsonPieces } from "./dump-json.ts"
import { hasEnded, nodeOf, podOf } from "./dump-object.ts"
import { type DumpPiece, YamlPieces } from "./dump-yaml.ts"
import { judgeObject } from "./judge-object.ts"
import { DEFAULT_LIMITS } from "./limits.ts"
import { readDocument } from "./read-document.ts"

export type DumpItem =
	| { readonly kind: "object"; readonly object: KubeObject; readonly line: number }
	| { readonly kind: "finding"; readonly finding: Finding }

/**
 * Reads a dump as `kubectl get nodes -o yaml` or `-o json` writes it (with `pods -A`, too), and plain documents of Nodes
 * and NodePools, item by item, whatever its size. Pods that have ended, and other kinds, are left out. Throws only what
 * the chunks throw.
 */
export async function* readDump(chunks: AsyncIterable<Uint8Array>, file = ""): AsyncGenerator<DumpItem> {
	const decoder = new TextDecoder("utf-8", { fatal: true })
	const reader = new DumpReader(file)
	try {
		for await (const chunk of chunks) yield* reader.take(decoder.decode(chunk, { stream: true }))
		yield* reader.take(decoder.decode())
		yield* reader.end()
	} catch (error) {
		if (!(error instanceof TypeError && (error as { code?: unknown }).code === "ERR_ENCODING_INVALID_ENCODED_DATA")) {
			throw error
		}
		yield reader.finding("error", "not-utf8", "the dump is not UTF-8 text from here on", reader.line)
	}
}

class DumpReader {
	readonly #file: string
	readonly #foreign = new Set<string>()
	#pieces: YamlPieces | JsonPieces | undefined
	#start = ""
	line = 0

	constructor(file: string) {
		this.#file = file
	}

	*take(text: string): Generator<DumpItem> {
		if (this.#pieces !== undefined) {
			for (const piece of this.#pieces.take(text)) yield* this.#read(piece)
			return
		}
		this.#start += text
		const first = /\S/.exec(this.#start)?.[0]
		if (first === undefined) return
		const start = this.#start
		this.#start = ""
		this.#pieces = new (first === "{" ? JsonPieces : YamlPieces)(DEFAULT_LIMITS.fileSize)
		yield* this.take(start)
	}

	*end(): Generator<DumpItem> {
		if (this.#pieces === undefined) return
		for (const piece of this.#pieces.end()) yield* this.#read(piece)
	}

	finding(severity: Finding["severity"], code: string, message: string, line: number): DumpItem {
		return { kind: "finding", finding: { severity, code, message, file: this.#file, line, column: 1 } }
	}

	*#read(piece: DumpPiece): Generator<DumpItem> {
		this.line = piece.line
		if (piece.tooLong === true) {
			yield this.finding(
				"error",
				"too-large",
				`an item has more than ${DEFAULT_LIMITS.fileSize} characters`,
				piece.line,
			)
			return
		}
		const read = readDocument(piece.text, DEFAULT_LIMITS)
		if (read.kind === "error") {
			yield this.finding("error", read.code, read.message, piece.line + read.place.line - 1)
		} else yield* this.#value(read.value, piece)
	}

	*#value(value: Json, piece: DumpPiece): Generator<DumpItem> {
		if (value === null) return
		if (!isObject(value)) {
			yield this.finding("warning", "not-an-object", "a single value stands where an object is expected", piece.line)
			return
		}
		const { items } = value
		if (Array.isArray(items) && typeof value["kind"] === "string" && value["kind"].endsWith("List")) {
			for (const item of items) yield* this.#value(item, { ...piece, listKind: value["kind"] })
		} else yield* this.#object(withKind(value, piece.listKind), piece.line)
	}

	*#object(value: JsonObject, line: number): Generator<DumpItem> {
		const kind = typeof value["kind"] === "string" ? value["kind"] : ""
		if (kind === "NodeList" || kind === "PodList" || kind === "List") return
		if (kind !== "Node" && kind !== "Pod" && kind !== "NodePool") {
			if (this.#foreign.has(kind)) return
			this.#foreign.add(kind)
			const what = kind === "" ? "what has no kind" : `${kind} objects`
			yield this.finding("info", "not-a-node", `${what} are left out: a fleet has nodes, node pools and pods`, line)
			return
		}
		// A dump holds what the real cluster has accepted; only what was written by hand is judged.
		const judged =
			kind === "NodePool"
				? judgeObject(value, { secretKey: "" })
				: judgeObject(stripped(value, kind), { secretKey: "", accepted: true })
		if (judged.kind === "object") {
			for (const problem of judged.problems) yield this.finding(problem.severity, problem.code, problem.message, line)
			if (!hasEnded(judged.object)) yield { kind: "object", object: deepFreeze(judged.object), line }
		} else if (judged.kind === "refused") {
			for (const problem of judged.problems) yield this.finding(problem.severity, problem.code, problem.message, line)
		} else yield this.finding("error", "not-an-object", `a ${kind} that cannot be used`, line)
	}
}

function stripped(value: JsonObject, kind: "Node" | "Pod"): JsonObject {
	if (!isObject(value["metadata"])) return value
	return kind === "Node" ? nodeOf(value as KubeObject) : podOf(value as KubeObject)
}

/** Items of a typed list may leave out their kind; the list, or what they hold, says it. */
function withKind(value: JsonObject, listKind: string | undefined): JsonObject {
	if (typeof value["kind"] === "string") return value
	const fromList = listKind === "NodeList" ? "Node" : listKind === "PodList" ? "Pod" : undefined
	const spec = isObject(value["spec"]) ? value["spec"] : {}
	const status = isObject(value["status"]) ? value["status"] : {}
	const kind =
		fromList ?? (Array.isArray(spec["containers"]) ? "Pod" : isObject(status["nodeInfo"]) ? "Node" : undefined)
	return kind === undefined || !isObject(value["metadata"]) ? value : { apiVersion: "v1", kind, ...value }
}
