import { type Strings, type TextId, textId, textOf } from "./strings.ts"

/**
 * Names are two numbers, so that a million of them are no texts: `fluentd-` and a drawn suffix for generated pods,
 * `pool-a-` and an index for the nodes of a pool, or the whole text and `PLAIN`.
 */
export const PLAIN = 0xffff_ffff

// Kubernetes' own alphabet for generated names: no vowels, nothing that looks like another.
const ALPHABET = "bcdfghjklmnpqrstvwxz2456789"
export const SUFFIXES = ALPHABET.length ** 5

export function podName(strings: Strings, base: TextId, number: number): string {
	return number === PLAIN ? textOf(strings, base) : textOf(strings, base) + suffixText(number)
}

export function nodeName(strings: Strings, base: TextId, number: number): string {
	return number === PLAIN ? textOf(strings, base) : textOf(strings, base) + number
}

export function suffixText(number: number): string {
	let text = ""
	let rest = number
	for (let place = 0; place < 5; place++) {
		text += ALPHABET[rest % 27]
		rest = Math.floor(rest / 27)
	}
	return text
}

/** Numbers in the order of the suffixes that they stand for: digits come before letters there. */
export function suffixRank(number: number): number {
	let rank = 0
	let rest = number
	for (let place = 0; place < 5; place++) {
		rank = rank * 27 + (((rest % 27) + 7) % 27)
		rest = (rest / 27) | 0
	}
	return rank
}

/** The number of a suffix; undefined where it is none. */
export function suffixNumber(text: string): number | undefined {
	if (text.length !== 5) return undefined
	let number = 0
	for (let place = 4; place >= 0; place--) {
		const digit = ALPHABET.indexOf(text[place] as string)
		if (digit < 0) return undefined
		number = number * 27 + digit
	}
	return number
}

/** A name in two numbers; the same text always gives the same two. Undefined where its text was never met. */
export type NamePair = { readonly base: TextId; readonly number: number }

/** `make`: texts that were never met are taken in. */
export function podNamePair(strings: Strings, text: string, make: boolean): NamePair | undefined {
	const number = text.at(-6) === "-" ? suffixNumber(text.slice(-5)) : undefined
	return pairOf(strings, number === undefined ? text : text.slice(0, -5), number ?? PLAIN, make)
}

export function nodeNamePair(strings: Strings, text: string, make: boolean): NamePair | undefined {
	const index = /^(.*-)(0|[1-9]\d{0,8})$/.exec(text)
	return index === null
		? pairOf(strings, text, PLAIN, make)
		: pairOf(strings, index[1] as string, Number(index[2]), make)
}

function pairOf(strings: Strings, base: string, number: number, make: boolean): NamePair | undefined {
	const id = make ? textId(strings, base) : strings.ids.get(base)
	return id === undefined ? undefined : { base: id, number }
}
