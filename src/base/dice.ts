/**
 * A die is a function of (seed, subject, attempt): no state, so a new die in one place leaves the others' throws
 * alone. Returns a whole number in [0, 2^32).
 */
export function die(seed: string, subject: string, attempt = 0): number {
	return scramble(fold(seed, subject) ^ Math.imul(attempt + 1, 0x9e3779b1))
}

/** The same for callers whose subject is numbers: `dice(die(seed, "pull"), pod, attempt)`. */
export function dice(base: number, subject: number, attempt = 0): number {
	return scramble(scramble(base ^ Math.imul(subject + 1, 0x85ebca6b)) ^ Math.imul(attempt + 1, 0x9e3779b1))
}

/** Maps a throw onto the whole numbers from `least` to `most`, both included. */
export function rangeOf(thrown: number, least: number, most: number): number {
	return least + Math.floor((thrown / 0x1_0000_0000) * (most - least + 1))
}

/** A name for an object in the form of a UUID; the same seed and subject give the same one. */
export function uuidOf(seed: string, subject: string): string {
	const folded = fold(seed, subject)
	const hex = (attempt: number) => {
		const word = scramble(folded ^ Math.imul(attempt + 1, 0x9e3779b1))
		return (PAIRS[word >>> 24] as string) + PAIRS[(word >>> 16) & 255] + PAIRS[(word >>> 8) & 255] + PAIRS[word & 255]
	}
	const [a, b, c, d] = [hex(0), hex(1), hex(2), hex(3)]
	return `${a}-${b.slice(0, 4)}-4${b.slice(5, 8)}-a${c.slice(1, 4)}-${c.slice(4, 8)}${d}`
}

const PAIRS: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"))

function fold(seed: string, subject: string): number {
	let a = 0x811c9dc5
	for (let index = 0; index < seed.length; index++) a = Math.imul(a ^ seed.charCodeAt(index), 0x01000193)
	a = Math.imul(a ^ 0x1f, 0x01000193)
	for (let index = 0; index < subject.length; index++) a = Math.imul(a ^ subject.charCodeAt(index), 0x01000193)
	return a
}

function scramble(word: number): number {
	let value = word | 0
	value = Math.imul(value ^ (value >>> 16), 0x7feb352d)
	value = Math.imul(value ^ (value >>> 15), 0x846ca68b)
	return (value ^ (value >>> 16)) >>> 0
}
