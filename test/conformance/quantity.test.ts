import {
	formatQuantity,
	milliUnits,
	parseQuantity,
	type Quantity,
	quantityOf,
	wholeUnits,
} from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type Expected = { readonly [member: string]: unknown }
type QuantityCase = Case & {
	readonly input?: string
	readonly inputJson?: string
	readonly expected: Expected
	readonly expectedFromJson?: Expected
}

suite<QuantityCase>("quantity", "quantities are read, rounded and printed as the real ones are", (given) => {
	const text = given.input === undefined ? fromJson(given) : parseQuantity(given.input)
	const direct = difference(described(text, given.expected), comparable(given.expected))
	const want = given.expectedFromJson ?? given.expected
	return direct ?? difference(described(fromJson(given), want), comparable(want))
})

/** Numbers keep the spelling of the JSON text, which `JSON.parse` would lose. */
function fromJson({ input, inputJson }: QuantityCase): Quantity | undefined {
	if (inputJson === undefined) return quantityOf(input)
	return /^[-\d]/.test(inputJson) ? parseQuantity(inputJson) : quantityOf(JSON.parse(inputJson))
}

function described(quantity: Quantity | undefined, want: Expected): Expected {
	if (quantity === undefined) return { valid: false }
	const canonical = formatQuantity(quantity)
	return comparable({
		valid: true,
		exact: exactText(quantity.nano),
		canonical,
		format: quantity.format,
		sign: Number(quantity.nano > 0n) - Number(quantity.nano < 0n),
		...(want["value"] === undefined ? {} : { value: String(wholeUnits(quantity)) }),
		...(want["milliValue"] === undefined ? {} : { milliValue: String(milliUnits(quantity)) }),
		...((quantity.written ?? canonical) === canonical ? {} : { asWritten: quantity.written }),
		...(want["negativeFraction"] === undefined ? {} : { negativeFraction: true }),
	})
}

/** Integer forms of negative fractions are not to be relied upon, says the data's README. */
function comparable(expected: Expected): Expected {
	if (expected["negativeFraction"] !== true) return expected
	return Object.fromEntries(Object.entries(expected).filter(([member]) => !/value$/i.test(member)))
}

function exactText(nano: bigint): string {
	const size = nano < 0n ? -nano : nano
	const fraction = (size % 1_000_000_000n).toString().padStart(9, "0").replace(/0+$/, "")
	return `${nano < 0n ? "-" : ""}${size / 1_000_000_000n}${fraction === "" ? "" : `.${fraction}`}`
}
