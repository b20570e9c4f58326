import { RE2JS } from "re2js"
import type { PatternReader } from "../../../kube/index.ts"

const MOST = 1_000
const known = new Map<string, ReturnType<PatternReader>>()

/** Go's regular expressions, as the server's; their time grows with the text alone, whoever wrote them. */
export const readPattern: PatternReader = (pattern) => {
	if (known.has(pattern)) return known.get(pattern)
	if (known.size >= MOST) known.clear()
	const test = compiled(pattern)
	known.set(pattern, test)
	return test
}

function compiled(pattern: string): ReturnType<PatternReader> {
	try {
		const expression = RE2JS.compile(pattern)
		return (text) => expression.test(text)
	} catch {
		return undefined
	}
}
