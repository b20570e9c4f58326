import type { Instant } from "../base/index.ts"
import { ByteReader, ByteWriter } from "./bytes.ts"
import type { NodeStep } from "./contract.ts"

const FORMAT = 1

/**
 * Node steps as one compact block: names share what they have in common with the one before, texts that repeat are
 * written once, times count from the one before. About 25 bytes a node.
 *
 * `steps` must be sorted by node; `from` is an instant near them. Equal steps give equal bytes.
 */
export function encodeSteps(steps: Iterable<NodeStep>, from: Instant): Uint8Array {
	const writer = new ByteWriter().number(FORMAT).number(from)
	const texts = new Texts(writer)
	let before = ""
	for (const step of steps) {
		const shared = sharedLength(before, step.node)
		writer.number(shared + 1).text(step.node.slice(shared))
		before = step.node
		const cut = step.pod.lastIndexOf("-") + 1
		texts.write(step.pod.slice(0, cut))
		writer.text(step.pod.slice(cut))
		for (const text of [step.fromHash, step.toHash, step.cause]) texts.write(text)
		let last = from
		for (const time of timesOf(step)) {
			writer.number(time === 0 ? 0 : zigzag(time - last) + 1)
			last = time || last
		}
		writer.number(step.restarts)
	}
	// Where the next node would begin: no more.
	return writer.number(0).finish()
}

/** The steps of a block, sorted by node. */
export function* decodeSteps(block: Uint8Array): Iterable<NodeStep> {
	const reader = new ByteReader(block)
	if (reader.number() !== FORMAT) return
	const from = reader.number()
	const texts: string[] = []
	const text = () => readText(reader, texts)
	let last = from
	const time = () => {
		const offset = reader.number()
		if (offset === 0) return 0
		last += unzigzag(offset - 1)
		return last
	}
	let node = ""
	for (let shared = reader.number(); shared > 0; shared = reader.number()) {
		node = node.slice(0, shared - 1) + reader.text()
		last = from
		const pod = text() + reader.text()
		const [fromHash, toHash, cause] = [text(), text(), text()]
		const [stoppedAt, goneAt, createdAt, readyAt, availableAt] = [time(), time(), time(), time(), time()]
		const times = { stoppedAt, goneAt, createdAt, readyAt, availableAt }
		yield { node, pod, fromHash, toHash, ...times, restarts: reader.number(), cause }
	}
}

/** Texts that repeat: 0 and the text the first time, then its number. */
class Texts {
	readonly #writer: ByteWriter
	readonly #known = new Map<string, number>()

	constructor(writer: ByteWriter) {
		this.#writer = writer
	}

	write(text: string): void {
		const known = this.#known.get(text)
		this.#writer.number(known ?? 0)
		if (known !== undefined) return
		this.#known.set(text, this.#known.size + 1)
		this.#writer.text(text)
	}
}

function readText(reader: ByteReader, texts: string[]): string {
	const number = reader.number()
	if (number > 0) return texts[number - 1] ?? ""
	const text = reader.text()
	texts.push(text)
	return text
}

/** 0, -1, 1, -2, … as 0, 1, 2, 3, …: small either way is few bytes. */
function zigzag(value: number): number {
	return value < 0 ? -2 * value - 1 : 2 * value
}

function unzigzag(value: number): number {
	return value % 2 === 0 ? value / 2 : -(value + 1) / 2
}

function timesOf(step: NodeStep): readonly Instant[] {
	return [step.stoppedAt, step.goneAt, step.createdAt, step.readyAt, step.availableAt]
}

function sharedLength(a: string, b: string): number {
	let length = 0
	while (length < a.length && a.charCodeAt(length) === b.charCodeAt(length)) length++
	// Never inside a pair of surrogates: half a character has no UTF-8.
	return length > 0 && (a.charCodeAt(length - 1) & 0xfc00) === 0xd800 ? length - 1 : length
}
