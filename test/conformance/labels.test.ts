import {
	compileSelector,
	dns1035LabelProblems,
	dnsLabelProblems,
	type LabelSelector,
	labelValueProblems,
	qualifiedNameProblems,
	type StringMap,
	subdomainProblems,
} from "../../src/kube/index.ts"
import { type Case, difference, suite } from "./cases.ts"

type LabelCase = Case & {
	readonly kind: string
	readonly value?: string
	readonly selector?: LabelSelector
	readonly labels?: StringMap
	readonly expected: { readonly valid?: boolean; readonly matches?: boolean; readonly error?: boolean }
}

const checks: Record<string, (value: string) => readonly string[]> = {
	labelKey: qualifiedNameProblems,
	labelValue: labelValueProblems,
	dns1123Subdomain: subdomainProblems,
	dns1123Label: dnsLabelProblems,
	dns1035Label: dns1035LabelProblems,
}

suite<LabelCase>("labels", "labels and selectors answer as the real ones do", (given) => {
	if (given.kind !== "selector") {
		return difference({ valid: checks[given.kind]?.(given.value ?? "").length === 0 }, given.expected)
	}
	const selector = compileSelector(given.selector)
	const { valid: _, ...want } = given.expected
	return difference("error" in selector ? { error: true } : { matches: selector.matches(given.labels) }, want)
})
