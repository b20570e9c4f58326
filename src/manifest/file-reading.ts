import { isObject, type Json } from "../base/index.ts"
import { type Finding, type KubeObject, keyOf, type ObjectKey } from "../kube/index.ts"
import type { Place } from "./compose.ts"
import type { FileRole, Kustomization, ParsedDocument, ParsedFile, ReadLimits, RefusedObject } from "./contract.ts"
import { type Judged, judgeObject } from "./judge-object.ts"
import { isKustomizationPath, readKustomization } from "./kustomize.ts"
import { Locator } from "./locate.ts"
import { looksTemplated } from "./placeholder.ts"
import { readDocument } from "./read-document.ts"
import type { Problem } from "./rules.ts"
import { type Piece, splitDocuments } from "./split.ts"
import { byteOffsets, contentStart, type FileText, placeIn } from "./text.ts"
import type { DocumentValue } from "./yaml-document.ts"

/** The path is asked only for what the file is called. */
type ReadOptions = { readonly name: string; readonly secretKey: string }

type Read = { readonly piece: Piece; readonly start: number; readonly value: DocumentValue }

/** One file on its way from text to objects. */
export class FileReading {
	readonly #decoded: FileText
	readonly #size: number
	readonly #options: ReadOptions
	readonly #limits: ReadLimits
	readonly #documents: Omit<ParsedDocument, "start" | "end">[] = []
	readonly #pieces: Piece[] = []
	readonly #refused: RefusedObject[] = []
	readonly #findings: Finding[] = []
	#readable = true
	#templates = 0
	#patches = 0
	#others = 0

	constructor(decoded: FileText, size: number, options: ReadOptions, limits: ReadLimits) {
		this.#decoded = decoded
		this.#size = size
		this.#options = options
		this.#limits = limits
	}

	parse(): ParsedFile {
		const { text } = this.#decoded
		const reads = this.#readPieces()
		const broken = reads.filter(({ value, piece }) => value.kind === "error" || piece.badSeparator !== undefined)
		if (broken.length > 0 && looksTemplated(text)) return this.#template(broken[0] as Read)
		if (isKustomizationPath(this.#options.name)) {
			const kustomization = this.#kustomization(reads)
			if (kustomization !== undefined) return this.#result("kustomization", kustomization)
		}
		for (const [index, read] of reads.entries()) this.#document(index, read)
		return this.#result(this.#role(reads.length))
	}

	#readPieces(): Read[] {
		const { text } = this.#decoded
		const reads: Read[] = []
		for (const piece of splitDocuments(text)) {
			const start = contentStart(text, piece.start, piece.end)
			if (start >= piece.end && piece.badSeparator === undefined) continue
			const value = readDocument(text.slice(piece.start, piece.end), this.#limits)
			if (value.kind === "value" && value.value === null && piece.badSeparator === undefined) continue
			reads.push({ piece, start, value })
		}
		return reads
	}

	#document(index: number, { piece, start, value }: Read): void {
		if (piece.badSeparator !== undefined) {
			const place = { line: piece.line - 1, column: 1 }
			this.#unreadable("bad-separator", "only a comment may follow --- on its line", place)
		}
		if (value.kind === "error") {
			this.#unreadable(value.code, value.message, fileplace(piece, value.place))
			return
		}
		const here = placeIn(this.#decoded.text, start)
		const locator = new Locator(this.#decoded.text.slice(piece.start, piece.end))
		const fatal = this.#strictProblems(piece, value)
		if (!isObject(value.value)) this.#notAnObject(here)
		else this.#mapping({ index, piece, locator, prefix: "", fatal, depth: 0 }, value.value, here)
	}

	/** What a strict reader refuses although the text can be read: that document's objects are not used. */
	#strictProblems(piece: Piece, value: Extract<DocumentValue, { kind: "value" }>): string | undefined {
		const told = [
			...value.duplicates.map(({ key, first, second }) => ({
				code: "duplicate-key",
				message: `the key ${JSON.stringify(key)} stands twice in one map: first in line ${fileplace(piece, first).line}`,
				place: fileplace(piece, second),
			})),
			...value.unsafe.map((place) => ({
				code: "unsafe-integer",
				message: "an integer beyond ±2^53 cannot be kept exactly",
				place: fileplace(piece, place),
			})),
		]
		for (const { code, message, place } of told) this.#find("error", code, message, place)
		const [first] = told
		return first && `line ${first.place.line}: ${first.message}`
	}

	#mapping(at: Mapping, value: Json, here: Place): void {
		if (!isObject(value)) {
			this.#notAnObject(here)
			return
		}
		const judged = judgeObject(value, this.#options)
		if (judged.kind === "other") {
			this.#others++
			if (at.fatal !== undefined) this.#readable = false
		} else if (judged.kind === "list") this.#list(at, judged.items, here)
		else if (judged.kind === "object") this.#object(at, judged.object, judged.problems, here)
		else if (judged.kind === "refused") {
			this.#problems(at, judged.problems, judged.key)
			this.#refuse(judged.key, here, judged.problems.find(isError)?.message ?? "it is not valid")
		} else this.#left(at, judged, here)
	}

	#object(at: Mapping, object: KubeObject, problems: readonly Problem[], here: Place): void {
		const key = keyOf(object)
		this.#problems(at, problems, key)
		if (at.fatal !== undefined) this.#refuse(key, here, at.fatal)
		else {
			this.#pieces.push(at.piece)
			this.#documents.push({ index: at.index, line: here.line, column: here.column, object })
		}
	}

	#list(at: Mapping, items: readonly Json[], here: Place): void {
		if (at.depth > 4) this.#unreadable("too-deep", "lists within lists", here)
		else
			for (const [index, item] of items.entries()) {
				const prefix = `${at.prefix}items[${index}]`
				const place = fileplace(at.piece, at.locator.place(prefix))
				this.#mapping({ ...at, prefix: `${prefix}.`, depth: at.depth + 1 }, item, place)
			}
	}

	/** A template or patch among the documents: left out with one finding for the whole file. */
	#left(at: Mapping, { kind, key, field }: Extract<Judged, { kind: "template" | "patch" }>, here: Place): void {
		const count = kind === "template" ? ++this.#templates : ++this.#patches
		if (count === 1) {
			const place = field === undefined ? here : fileplace(at.piece, at.locator.place(at.prefix + field))
			const message =
				kind === "template"
					? `a placeholder stands in ${field}: Rollcall does not fill in templates`
					: "a kustomize patch, not an object of its own: it is not applied"
			this.#find("warning", kind === "template" ? "template" : "kustomize-patch", message, place, field)
		}
		this.#refuse(key, here, kind === "template" ? "it is a template" : "it is a kustomize patch")
	}

	#refuse(key: ObjectKey | undefined, { line }: Place, message: string): void {
		if (key === undefined) this.#readable = false
		else this.#refused.push({ key, line, message })
	}

	#template({ piece, value }: Read): ParsedFile {
		const place = value.kind === "error" ? fileplace(piece, value.place) : { line: piece.line, column: 1 }
		this.#readable = false
		const message = "a Helm, Go or shell template: Rollcall reads what templates produce, not the templates"
		this.#find("warning", "template", message, place)
		return this.#result("template")
	}

	#kustomization(reads: readonly Read[]): Kustomization | undefined {
		const [read] = reads
		if (read === undefined || reads.length > 1 || read.value.kind === "error") return undefined
		return readKustomization(read.value.value, placeIn(this.#decoded.text, read.start).line)
	}

	#notAnObject(place: Place): void {
		this.#others++
		this.#find("warning", "not-an-object", "a list or a single value stands where an object is expected", place)
	}

	#problems({ piece, locator, prefix }: Mapping, problems: readonly Problem[], key: ObjectKey | undefined): void {
		for (const { severity, code, message, field } of problems) {
			const place = fileplace(piece, locator.place(prefix + (field ?? "")))
			this.#find(severity, code, message, place, field, key)
		}
	}

	#unreadable(code: string, message: string, place: Place): void {
		this.#readable = false
		// Some program's broken settings are no broken manifest.
		const isForeign = code === "yaml-syntax" && !this.#decoded.text.includes("apiVersion")
		this.#find(isForeign ? "info" : "error", code, message, place)
	}

	#find(
		severity: Finding["severity"],
		code: string,
		message: string,
		place: Place,
		field?: string,
		object?: string,
	): void {
		const about = { ...(object === undefined ? {} : { object }), ...(field === undefined ? {} : { field }) }
		this.#findings.push({ code, severity, message, file: "", ...place, ...about })
	}

	#role(reads: number): FileRole {
		if (this.#documents.length > 0 || this.#refused.length > this.#templates + this.#patches) return "manifests"
		if (this.#templates > 0) return "template"
		if (this.#patches > 0) return "patch"
		if (reads === 0 || this.#others < reads) return "manifests"
		return /(^|\/|[.-])values[^/]*$/.test(this.#options.name) ? "values" : "other"
	}

	#result(role: FileRole, kustomization?: Kustomization): ParsedFile {
		const isOther = role === "values" || role === "other"
		const findings = isOther ? this.#findings.filter(({ code }) => code !== "not-an-object") : this.#findings
		return {
			documents: this.#placed(),
			refused: this.#refused,
			findings: capped(findings, this.#limits.findings),
			readable: this.#readable,
			role,
			...(kustomization === undefined ? {} : { kustomization }),
		}
	}

	#placed(): ParsedDocument[] {
		const offsets = byteOffsets(
			this.#decoded,
			this.#size,
			this.#pieces.flatMap(({ start, end }) => [start, end]),
		)
		return this.#documents.map((document, index) => {
			const { start = 0, end = 0 } = this.#pieces[index] ?? {}
			return { ...document, start: offsets.get(start) ?? start, end: offsets.get(end) ?? end }
		})
	}
}

type Mapping = {
	readonly index: number
	readonly piece: Piece
	readonly locator: Locator
	/** Where the object stands in its document: `items[2].`. */
	readonly prefix: string
	/** Why no object of this document may be used. */
	readonly fatal: string | undefined
	readonly depth: number
}

function fileplace(piece: Piece, { line, column }: Place): Place {
	return { line: piece.line + line - 1, column }
}

function isError(problem: Problem): boolean {
	return problem.severity === "error"
}

function capped(findings: readonly Finding[], most: number): readonly Finding[] {
	if (findings.length <= most) return findings
	const rest: Finding = {
		code: "more-findings",
		severity: findings.slice(most).some(({ severity }) => severity === "error") ? "error" : "warning",
		message: `${findings.length - most} more findings in this file`,
		file: "",
		line: 0,
		column: 0,
	}
	return [...findings.slice(0, most), rest]
}
