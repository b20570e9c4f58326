import { formatDuration, parseDuration } from "../base/index.ts"
import { keyParts } from "../kube/index.ts"
import { type Foreseen, MEASURES, type Measure, measureNamed, type Taken } from "./measures.ts"

/** A condition under which a commit must not pass: `unavailable > 10%`, `duration > 30m`, `findings`. */
export type Gate = {
	/** As it was written. */
	readonly text: string
	readonly measure: Measure
	readonly operator: Operator
	readonly limit: number
	/** The limit is a percentage of what the measure is of. */
	readonly isShare: boolean
}

/** A gate that failed, with the reading that is furthest beyond it. */
export type Broken = { readonly gate: Gate; readonly taken: Taken; readonly message: string }

const OPERATORS = {
	">=": (value: number, limit: number) => value >= limit,
	"<=": (value: number, limit: number) => value <= limit,
	"==": (value: number, limit: number) => value === limit,
	"!=": (value: number, limit: number) => value !== limit,
	">": (value: number, limit: number) => value > limit,
	"<": (value: number, limit: number) => value < limit,
} as const
type Operator = keyof typeof OPERATORS

const FORM = /^\s*([a-z-]+)\s*(?:(>=|<=|==|!=|>|<)\s*(\S+)\s*)?$/

/** Reads a gate; a name alone means more than none. The message of a bad one says what would do. */
export function parseGate(text: string): Gate | { readonly problem: string } {
	const [, name = "", operator = ">", limitText = "0"] = FORM.exec(text) ?? []
	if (name === "")
		return { problem: `"${text}" is no gate: write it as "unavailable > 10%", or as the name of a measure` }
	const measure = measureNamed(name)
	if (measure === undefined) {
		return { problem: `"${name}" is no measure: there are ${MEASURES.map((known) => known.name).join(", ")}` }
	}
	const limit = readLimit(measure, limitText)
	if (typeof limit === "string") return { problem: `"${text}": ${limit}` }
	return { text: text.trim(), measure, operator: operator as Operator, ...limit }
}

function readLimit(measure: Measure, text: string): { limit: number; isShare: boolean } | string {
	if (measure.unit === "ms") {
		const limit = parseDuration(text)
		return limit === undefined ? `"${text}" is no duration: write it as 90s, 30m or 1h30m` : { limit, isShare: false }
	}
	const [, digits, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
	if (digits === undefined) return `"${text}" is no number`
	if (percent === "%" && !SHARES.has(measure.name)) return `"${measure.name}" is counted, not a share: leave out the %`
	return { limit: Number(digits), isShare: percent === "%" }
}

/** Measures that are of something. */
const SHARES: ReadonlySet<string> = new Set(["unavailable", "restarts", "gains", "losses", "surge"])

/** The gates that the commit fails, in their order. */
export function brokenGates(gates: readonly Gate[], foreseen: Foreseen): Broken[] {
	return gates.flatMap((gate) => {
		const holds = OPERATORS[gate.operator]
		const broken = gate.measure.take(foreseen).filter((taken) => holds(amountOf(gate, taken), gate.limit))
		const worst = broken.sort((a, b) => distance(gate, b) - distance(gate, a))[0]
		return worst === undefined ? [] : [{ gate, taken: worst, message: sayBroken(gate, worst) }]
	})
}

function amountOf({ isShare }: Gate, { value, of = 0 }: Taken): number {
	if (!isShare) return value
	return of === 0 ? 0 : (value * 100) / of
}

function distance(gate: Gate, taken: Taken): number {
	return Math.abs(amountOf(gate, taken) - gate.limit)
}

function sayBroken(gate: Gate, { value, of, daemonSet, zone }: Taken): string {
	const share = gate.isShare && of !== undefined ? ` of ${of} (${Math.round((value * 1000) / of) / 10}%)` : ""
	const amount = gate.measure.unit === "ms" ? formatDuration(value) : `${value}${share}`
	const where = [daemonSet && keyParts(daemonSet).name, zone === undefined || zone === "" ? undefined : `zone ${zone}`]
	const subject = where.filter((part) => part !== undefined).join(", ")
	return `${gate.text}: it is ${amount}${subject === "" ? "" : ` for ${subject}`}`
}
