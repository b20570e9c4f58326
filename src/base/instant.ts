/** Milliseconds since 1970-01-01T00:00:00Z, a whole number. Which clock it is of is said by the name that holds it. */
export type Instant = number

/** As the Kubernetes API shows it: `2026-01-02T03:04:05Z`, cut to the second (rule T1). */
export function formatInstant(at: Instant): string {
	const second = Math.floor(at / 1000)
	const spot = second & (SPOTS - 1)
	if (SECONDS[spot] !== second) {
		SECONDS[spot] = second
		TEXTS[spot] = `${new globalThis.Date(second * 1000).toISOString().slice(0, 19)}Z`
	}
	return TEXTS[spot] as string
}
// One object says the same few instants again and again.
const SPOTS = 64
const SECONDS = new Float64Array(SPOTS).fill(Number.NaN)
const TEXTS = new Array<string>(SPOTS).fill("")

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(\.\d+)?([Zz]|[+-]\d{2}:?\d{2})$/

/** RFC 3339 text to an instant; undefined where it is none. */
export function parseInstant(text: string): Instant | undefined {
	if (!RFC3339.test(text)) return undefined
	const at = globalThis.Date.parse(text.replace(" ", "T"))
	return Number.isNaN(at) ? undefined : at
}

/** The instant as rules compare it: cut to the whole second (rule T1). */
export function wholeSecond(at: Instant): Instant {
	return Math.floor(at / 1000) * 1000
}
