import type { Json } from "../base/index.ts"

/** The family of suffixes that a quantity is printed with. */
export type QuantityFormat = "BinarySI" | "DecimalSI" | "DecimalExponent"

/** An exact amount, in billionths: Kubernetes keeps nothing finer. */
export type Quantity = {
	readonly nano: bigint
	readonly format: QuantityFormat
	/** The spelling that the API server gives back as written, where it does not normalise it. */
	readonly written?: string
	/** The real code keeps this one as a big decimal, whose integer forms go wrong below zero. */
	readonly wide?: true
}

const SHAPE = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([KMGTPE]i|[numkMGTPE]))?$/
const BINARY: ReadonlyMap<string, number> = new Map(
	["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].map((s, i) => [s, 10 * (i + 1)]),
)
const DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"] as const
const NANO = 1_000_000_000n
const MAX_INT64 = 9_223_372_036_854_775_807n
// Beyond this nobody means an amount, and a short text would cost unbounded memory.
const LONGEST = 400
const LARGEST_EXPONENT = 1000

/** The text of a quantity to its amount; undefined where it is none. Blanks are not allowed. */
export function parseQuantity(text: string): Quantity | undefined {
	if (PARSED.has(text)) return PARSED.get(text)
	const quantity = parsed(text)
	if (PARSED.size >= MOST_PARSED) PARSED.clear()
	if (text.length <= LONGEST) PARSED.set(text, quantity)
	return quantity
}
// The same few are asked for at every write.
const MOST_PARSED = 1_024
const PARSED = new Map<string, Quantity | undefined>()

function parsed(text: string): Quantity | undefined {
	const match = text.length > LONGEST ? null : SHAPE.exec(text)
	if (match === null) return undefined
	const [, sign = "", whole = "", fraction = "", exponentText, suffix = ""] = match
	if (whole === "" && fraction === "") return undefined
	const exponent = exponentText === undefined ? decimalExponent(suffix) : Number(exponentText.slice(1))
	if (exponent > LARGEST_EXPONENT) return undefined
	const shift = BINARY.get(suffix) ?? 0
	const scale = exponent - fraction.length
	const size = nanoOf(BigInt(whole + fraction) << BigInt(shift), scale)
	const binary = shift > 0 && (size === 0n || size >= NANO)
	const format = exponentText !== undefined ? "DecimalExponent" : binary ? "BinarySI" : "DecimalSI"
	const capped = binary && size > MAX_INT64 * NANO ? MAX_INT64 * NANO : size
	const nano = sign === "-" ? -capped : capped
	const spelling = { whole: whole.replace(/^0+/, ""), fraction, scale, shift }
	if (isWide(spelling)) return { nano, format, wide: true }
	return keepsSpelling(spelling) ? { nano, format, written: text } : { nano, format }
}

/** As it stands in an object: a text, perhaps with spaces around it, or a bare number. */
export function quantityOf(value: Json | undefined): Quantity | undefined {
	if (typeof value === "number") return parseQuantity(String(value).replace("e+", "e"))
	return typeof value === "string" ? parseQuantity(value.replace(/^ +| +$/g, "")) : undefined
}

/** The normal form: `1500m`, `512Mi`, `10e99`; no fraction, the largest suffix that loses nothing. */
export function formatQuantity({ nano, format }: Quantity): string {
	if (nano === 0n) return "0"
	const whole = nano % NANO === 0n
	const large = nano >= 1024n * NANO || nano <= -1024n * NANO
	return format === "BinarySI" && whole && large
		? binaryText(nano / NANO)
		: decimalText(nano, format === "DecimalExponent" ? "DecimalExponent" : "DecimalSI")
}

/** In whole units, rounded away from zero. */
export function wholeUnits(quantity: Quantity): bigint {
	return integerForm(quantity, NANO)
}

/** In thousandths, rounded away from zero. */
export function milliUnits(quantity: Quantity): bigint {
	return integerForm(quantity, NANO / 1000n)
}

/** The sum; it is printed in the format of the first one that is not zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
	return { nano: a.nano + b.nano, format: a.nano === 0n ? b.format : a.format }
}

export function compareQuantities(a: Quantity, b: Quantity): number {
	return a.nano < b.nano ? -1 : a.nano > b.nano ? 1 : 0
}

/** Thousandths of a unit as a number, for CPU; 0 where it is absent or no quantity. Exact below 2^53. */
export function milliCpu(value: Json | undefined): number {
	if (value === undefined) return 0
	if (typeof value === "string" && /^\d{1,12}m$/.test(value)) return Number(value.slice(0, -1))
	const quantity = quantityOf(value)
	return quantity === undefined ? 0 : Number(milliUnits(quantity))
}

/** Whole units as a number, for memory, storage and counted resources; 0 where it is absent or no quantity. */
export function wholeNumber(value: Json | undefined): number {
	if (value === undefined) return 0
	const quantity = quantityOf(value)
	return quantity === undefined ? 0 : Number(wholeUnits(quantity))
}

function decimalExponent(suffix: string): number {
	const place = (DECIMAL as readonly string[]).indexOf(suffix)
	return place < 0 ? 0 : 3 * (place - 3)
}

function nanoOf(digits: bigint, scale: number): bigint {
	const exponent = scale + 9
	if (digits === 0n) return 0n
	if (exponent >= 0) return digits * 10n ** BigInt(exponent)
	return -exponent > LONGEST * 2 ? 1n : divideUp(digits, 10n ** BigInt(-exponent))
}

function divideUp(value: bigint, by: bigint): bigint {
	const quotient = value / by
	if (quotient * by === value) return quotient
	return value < 0n ? quotient - 1n : quotient + 1n
}

/** As the real code does it, which cuts a wide negative to 64 bits and then rounds it up. */
function integerForm({ nano, wide }: Quantity, by: bigint): bigint {
	if (wide === undefined || nano >= 0n) return divideUp(nano, by)
	const cut = BigInt.asIntN(64, nano)
	return cut / by + (cut % by === 0n ? 0n : 1n)
}

type Spelling = {
	readonly whole: string
	readonly fraction: string
	readonly scale: number
	readonly shift: number
}

/** What does not surely fit into 64 bits, by the real parser's own estimate. */
function isWide({ whole, fraction, scale, shift }: Spelling): boolean {
	const digits = Math.max(whole.length, 1) + fraction.length
	if (shift > 0) return fraction !== "" || 15 - digits - Math.floor((shift * 3) / 10) - 1 < 0
	return digits > 18 || scale < -9
}

/** Texts are given back as written where their digits, as they stand, end at a suffix. */
function keepsSpelling({ whole, fraction, scale, shift }: Spelling): boolean {
	const digits = Number(whole + fraction)
	if (whole === "" || digits === 0) return false
	return shift > 0 ? digits % 1024 !== 0 : scale % 3 === 0 && digits % 1000 !== 0
}

function binaryText(units: bigint): string {
	let rest = units
	let place = 0
	while (place < BINARY.size && rest % 1024n === 0n) {
		rest /= 1024n
		place++
	}
	return `${rest}${["", ...BINARY.keys()][place]}`
}

function decimalText(nano: bigint, format: "DecimalSI" | "DecimalExponent"): string {
	const largest = format === "DecimalSI" ? 18 : Number.POSITIVE_INFINITY
	let rest = nano
	let exponent = -9
	while (exponent < largest && rest % 1000n === 0n) {
		rest /= 1000n
		exponent += 3
	}
	if (format === "DecimalSI") return `${rest}${DECIMAL[exponent / 3 + 3]}`
	return exponent === 0 ? `${rest}` : `${rest}e${exponent}`
}
